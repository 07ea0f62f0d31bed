import type { IncomingMessage, ServerResponse } from 'node:http';
import { Faults } from '../gitlab/faults.ts';
import { RequestLog } from '../gitlab/request-log.ts';
import { isLocalRequest, listen, Router } from '../shared/http.ts';
import { addControl } from './control.ts';
import { Dispatcher } from './dispatch.ts';
import { Events } from './events.ts';
import { Issues } from './issue-store.ts';
import { defaultWorld, type SentryWorld } from './world.ts';

export type { SentryWorld } from './world.ts';

export interface SentryOptions {
  /** What differs from the default world. */
  world?: Partial<SentryWorld>;
  /** 0 or absent: a free one. */
  port?: number;
}

export interface SimulatedSentry {
  /** Address of the instance, to be used as SENTRY_URL. */
  url: string;
  /** The one token that it knows. */
  token: string;
  /** Slug of the only organization. */
  organization: string;
  close: () => Promise<void>;
}

/** Sends API requests to the API, the rest to the router. */
class Front extends Router {
  api: Dispatcher | undefined;

  override async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (!path.startsWith('/api/') || !isLocalRequest(request) || !this.api)
      return await super.handle(request, response);
    try {
      await this.api.handle(request, response, new URL(path, `http://${request.headers.host}`));
    } catch (error) {
      console.error('simulated Sentry: an endpoint failed', error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"detail":"Internal Error"}');
    }
  }
}

/**
 * Starts a simulated Sentry on 127.0.0.1: error counts over time, issues, projects and environments of one
 * organization, with its limits and refusals. Times are real: nothing is sped up.
 */
export async function startSentry(options: SentryOptions = {}): Promise<SimulatedSentry> {
  const token = 'sandbox-sentry-token';
  const world = { ...defaultWorld(), ...options.world };
  const machine = { world, events: new Events(world), issues: new Issues() };
  const [faults, log] = [new Faults(), new RequestLog()];
  const front = new Front();
  front.api = new Dispatcher(machine, faults, log, token);
  addControl(front, machine, faults, log);
  addIssuePage(front, machine);
  const running = await listen(front, options.port ?? 0);
  return { url: running.url, token, organization: world.organization, close: running.close };
}

/** What a person sees behind an issue's permalink. */
function addIssuePage(router: Router, { issues }: { issues: Issues }): void {
  router.add('GET', '/organizations/:org/issues/:id/', ({ response, params }) => {
    const issue = issues.find(params['id'] ?? '');
    const text = issue
      ? `${issue.title}\n${issue.culprit}\n\n${issue.status}, ${issue.count} events in ${issue.environment} of ${issue.project}\nfirst seen in ${issue.firstRelease ?? 'no release'}`
      : 'There is no such issue.';
    response
      .writeHead(issue ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' })
      .end(`${text}\n\nSimulated Sentry.\n`);
  });
}
