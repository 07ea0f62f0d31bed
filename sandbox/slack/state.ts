import type { JsonObject } from '../shared/json.ts';
import { Deliveries, type Transport } from './delivery.ts';
import { HttpTransport } from './delivery-http.ts';
import { SocketTransport } from './delivery-socket.ts';
import { Faults } from './faults.ts';
import { RequestLog } from './log.ts';
import { Messages } from './messages.ts';
import { RateLimiter } from './rate.ts';
import { ResponseUrls } from './response-urls.ts';
import { Triggers } from './triggers.ts';
import type { Values } from './view-state.ts';
import { Views } from './views.ts';
import { Workspace } from './workspace.ts';
import type { SlackOptions } from './world.ts';

/** Everything the simulated Slack knows; each part keeps to its own file. */
export interface SlackState {
  workspace: Workspace;
  messages: Messages;
  views: Views;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  rate: RateLimiter;
  faults: Faults;
  log: RequestLog;
  socket: SocketTransport;
  deliveries: Deliveries;
  /** What people chose in elements of messages, by `user channel ts`. */
  messageValues: Map<string, Values>;
  /** Options last suggested, by `user block_id action_id`: an external select offers only these. */
  suggestions: Map<string, JsonObject[]>;
  /** Where signed HTTP goes, or null in Socket Mode. */
  requestUrl: string | null;
  /** `http://127.0.0.1:PORT`; set once the server listens. */
  url: string;
}

export function createState(options: SlackOptions): SlackState {
  const workspace = new Workspace(options.world);
  const timeScale = options.timeScale ?? 1;
  const faults = new Faults();
  const socket = new SocketTransport(workspace.appId, () => workspace.changed());
  const transport = (): Transport =>
    state.requestUrl === null ? socket : new HttpTransport(state.requestUrl, workspace.signingSecret);
  const state: SlackState = {
    workspace,
    messages: new Messages(workspace),
    views: new Views(workspace),
    triggers: new Triggers(),
    responseUrls: new ResponseUrls(),
    rate: new RateLimiter(timeScale),
    faults,
    log: new RequestLog(),
    socket,
    deliveries: new Deliveries(transport, faults, timeScale),
    messageValues: new Map(),
    suggestions: new Map(),
    requestUrl: options.requestUrl ?? null,
    url: '',
  };
  faults.onChange = (fault) => {
    if (fault?.kind === 'outage') socket.cutAll();
    if (fault?.kind === 'socketDisconnect') {
      socket.disconnectAll(fault.reason ?? 'refresh_requested');
      faults.remove(fault.id);
    }
    workspace.changed();
  };
  return state;
}
