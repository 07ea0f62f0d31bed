import { isLocalRequest, listen, Router } from '../shared/http.ts';
import { addControl } from './control.ts';
import { handleResponseUrl } from './respond.ts';
import { createState } from './state.ts';
import { handleApiCall } from './web-api/dispatch.ts';
import type { SlackOptions } from './world.ts';

export type { SlackOptions, SlackWorld } from './world.ts';

/** A running simulated Slack and what an app needs to use it. */
export interface SimulatedSlack {
  /** `http://127.0.0.1:PORT`, the base of `/_control`. */
  url: string;
  /** For `clientOptions.slackApiUrl`; ends with `/api/`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  teamId: string;
  botUserId: string;
  botId: string;
  close(): Promise<void>;
  /** Signed HTTP delivery to that URL, or Socket Mode with null. */
  setRequestUrl(url: string | null): void;
}

/**
 * Starts a strict simulated Slack on loopback: Web API, Socket Mode or signed HTTP delivery, response_url
 * endpoints and `/_control` (facts/slack.md). Rejects when the port is taken.
 */
export async function startSlack(options: SlackOptions = {}): Promise<SimulatedSlack> {
  const state = createState(options);
  const router = new Router();
  for (const verb of ['POST', 'GET'])
    router.add(verb, '/api/:method', (exchange) => handleApiCall(exchange, state));
  router.add('POST', '/actions/:key', (exchange) => handleResponseUrl(exchange, state));
  addControl(router, state);
  const running = await listen(router, options.port);
  state.url = running.url;
  running.server.on('upgrade', (request, socket, head) => {
    if (isLocalRequest(request) && !state.faults.outage) state.socket.upgrade(request, socket, head);
    else socket.destroy();
  });
  const { workspace } = state;
  return {
    url: running.url,
    apiUrl: `${running.url}/api/`,
    botToken: workspace.botToken,
    appToken: workspace.appToken,
    signingSecret: workspace.signingSecret,
    teamId: workspace.teamId,
    botUserId: workspace.botUserId,
    botId: workspace.botId,
    close: async () => {
      state.deliveries.close();
      state.socket.close();
      await running.close();
    },
    setRequestUrl: (url) => {
      state.requestUrl = url;
      workspace.changed();
    },
  };
}
