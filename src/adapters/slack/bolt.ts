import type { RequestListener } from 'node:http';
import { App, HTTPReceiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Logger } from '../../core/ports.ts';
import { boltLogger } from './bolt-logger.ts';
import { clientOptions, type SlackSettings } from './web-client.ts';

export interface SlackEdge {
  app: App;
  /** Serves Slack's signed requests at /slack/events; null in Socket Mode. */
  listener: RequestListener | null;
  /** Learns who the bot is and, in Socket Mode, connects. Rejects when Slack refuses the tokens. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Slack's own payloads are far smaller; a view with its state may reach 250 KB. */
const bodyLimit = 2 * 1024 * 1024;

/** Bolt, by Socket Mode or behind our own HTTP server. */
export function createSlackEdge(settings: SlackSettings, client: WebClient, log: Logger): SlackEdge {
  const { botToken, apiUrl, delivery } = settings;
  const identity: { botToken: string; botId?: string; botUserId?: string } = { botToken };
  const common = {
    // With only a token Bolt would ask who it is on the way to the first modal.
    authorize: async () => identity,
    logger: boltLogger(log),
    clientOptions: clientOptions(apiUrl, log),
  };
  const receiver =
    delivery.kind === 'http'
      ? new HTTPReceiver({
          signingSecret: delivery.signingSecret,
          endpoints: '/slack/events',
          bodyLimit,
          logger: common.logger,
        })
      : null;
  const app = new App(
    delivery.kind === 'socket'
      ? { ...common, socketMode: true, appToken: delivery.appToken }
      : { ...common, ...(receiver && { receiver }) },
  );
  app.error(async (error) => log.error({ err: error }, 'A request from Slack could not be handled'));
  return {
    app,
    listener: receiver?.requestListener ?? null,
    start: async () => {
      const { bot_id, user_id } = await client.auth.test();
      Object.assign(identity, { botId: bot_id, botUserId: user_id });
      if (delivery.kind === 'socket') await app.start();
    },
    stop: async () => {
      if (delivery.kind === 'socket') await app.stop();
    },
  };
}
