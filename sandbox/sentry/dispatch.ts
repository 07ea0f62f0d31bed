import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Faults } from '../gitlab/faults.ts';
import type { RequestLog } from '../gitlab/request-log.ts';
import { ApiError, forbidden, notFound } from './api-error.ts';
import type { Call } from './call.ts';
import { getIssue, listIssues } from './issues.ts';
import { Limits, tooOften } from './limits.ts';
import { listProjects } from './projects.ts';
import { eventsStats, eventsTimeseries } from './timeseries.ts';
import type { Scope } from './world.ts';

interface Answer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

interface Endpoint {
  /** After `/api/0/organizations/:org/`. */
  path: string;
  scope: Scope;
  requestsPerSecond: number;
  handle: (call: Call) => { body: unknown; headers?: Record<string, string> };
}

const endpoints: Endpoint[] = [
  {
    path: 'events-timeseries',
    scope: 'org:read',
    requestsPerSecond: 30,
    handle: (call) => ({ body: eventsTimeseries(call) }),
  },
  {
    path: 'events-stats',
    scope: 'org:read',
    requestsPerSecond: 30,
    handle: (call) => ({ body: eventsStats(call) }),
  },
  { path: 'issues', scope: 'event:read', requestsPerSecond: 10, handle: listIssues },
  {
    path: 'issues/:issue',
    scope: 'event:read',
    requestsPerSecond: 40,
    handle: (call) => ({ body: getIssue(call) }),
  },
  { path: 'projects', scope: 'org:read', requestsPerSecond: 40, handle: listProjects },
  {
    path: 'environments',
    scope: 'org:read',
    requestsPerSecond: 40,
    handle: ({ world }) => ({ body: world.environments.map((name, i) => ({ id: String(i + 1), name })) }),
  },
];

const routes = endpoints.map((endpoint) => {
  const tail = endpoint.path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return {
    ...endpoint,
    route: `GET /organizations/:org/${endpoint.path}/`,
    pattern: new RegExp(`^/api/0/organizations/(?<org>[^/]+)/${tail}/$`),
  };
});

export type Machine = Omit<Call, 'url' | 'query' | 'path' | 'now'>;

/** Sentry's Web API: faults first, then path, token, limits, scope, and the answer. */
export class Dispatcher {
  readonly #machine: Machine;
  readonly #faults: Faults;
  readonly #log: RequestLog;
  readonly #token: string;
  readonly #limits = new Limits();

  constructor(machine: Machine, faults: Faults, log: RequestLog, token: string) {
    this.#machine = machine;
    this.#faults = faults;
    this.#log = log;
    this.#token = token;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const began = performance.now();
    const at = new Date().toISOString();
    const method = request.method ?? 'GET';
    const found = routes.find(({ pattern }) => pattern.test(url.pathname));
    const route = found?.route ?? '';
    const fault = this.#faults.forRequest(route, undefined);
    const status = await this.#answer(request, response, url, fault);
    const ms = performance.now() - began;
    const struck = fault ? { fault: fault.kind } : {};
    this.#log.add({ at, method, path: url.pathname + url.search, route, status, ms, ...struck });
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    fault: Fault | undefined,
  ): Promise<number | null> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const wait = async (ms: number) => {
      await pause(ms, undefined, { ref: false, signal: gone.signal }).catch((error: unknown) => {
        if (!gone.signal.aborted) throw error;
      });
    };
    if (fault?.kind === 'slow') await wait(fault.delayMs ?? 2000);
    if (fault?.kind === 'acceptThenTimeout') await wait(fault.delayMs ?? 600_000);
    const answer = (fault ? refusal(fault) : undefined) ?? this.#try(request, url);
    if (answer === 'reset' || response.destroyed) {
      response.socket?.resetAndDestroy();
      return null;
    }
    const text = typeof answer.body === 'string';
    const type = text ? 'text/html' : 'application/json';
    response.writeHead(answer.status, { 'content-type': type, ...answer.headers });
    response.end(text ? answer.body : JSON.stringify(answer.body));
    return answer.status;
  }

  #try(request: IncomingMessage, url: URL): Answer {
    try {
      return this.#serve(request, url);
    } catch (error) {
      if (error instanceof ApiError)
        return { status: error.status, body: error.body, headers: error.headers };
      throw error;
    }
  }

  #serve(request: IncomingMessage, url: URL): Answer {
    const found = routes.find(({ pattern }) => pattern.test(url.pathname));
    if (!found) throw unknownRoute(url);
    this.#authenticate(request);
    if (request.method !== 'GET')
      throw new ApiError(405, { detail: `Method "${request.method}" not allowed.` }, { allow: 'GET' });
    const { world } = this.#machine;
    const now = Date.now();
    const limit = world.requestsPerSecond ?? found.requestsPerSecond;
    const headers = this.#limits.take(found.path, limit, now);
    const groups = found.pattern.exec(url.pathname)?.groups ?? {};
    const path = Object.fromEntries(
      Object.entries(groups).map(([key, value]) => [key, decodeURIComponent(value)]),
    );
    if (path['org'] !== world.organization) throw notFound();
    if (!world.scopes.includes(found.scope)) throw forbidden();
    const done = found.handle({ ...this.#machine, url, query: url.searchParams, path, now });
    return { status: 200, body: done.body, headers: { ...headers, ...done.headers } };
  }

  #authenticate(request: IncomingMessage): void {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const headers = { 'www-authenticate': 'Bearer' };
    if (given === undefined)
      throw new ApiError(401, { detail: 'Authentication credentials were not provided.' }, headers);
    if (given !== this.#token) throw new ApiError(401, { detail: 'Invalid token' }, headers);
  }
}

/** Every address of Sentry's API ends with a slash; without it there is nothing. */
function unknownRoute(url: URL): ApiError {
  if (url.pathname.endsWith('/')) return new ApiError(404, { info: 'Route not found' });
  return new ApiError(404, {
    info: 'Route not found, did you forget a trailing slash?',
    help: `try: ${url.pathname}/`,
  });
}

const page = (status: number, title: string): Answer => ({
  status,
  body: `<html><body><h1>${status} ${title}</h1></body></html>`,
  headers: {},
});

function refusal(fault: Fault): Answer | 'reset' | undefined {
  switch (fault.kind) {
    case 'reset':
    case 'outage':
    case 'acceptThenTimeout':
      return 'reset';
    case 'http500':
      return { status: 500, body: { detail: 'Internal Error', errorId: crypto.randomUUID() }, headers: {} };
    case 'http502':
      return page(502, 'Bad Gateway');
    case 'http503':
      return page(503, 'Service Unavailable');
    case 'http429': {
      const reset = Math.ceil(Date.now() / 1000) + (fault.retryAfter ?? 1);
      const { status, body, headers } = tooOften(10, {
        'x-sentry-rate-limit-limit': '10',
        'x-sentry-rate-limit-remaining': '0',
        'x-sentry-rate-limit-reset': String(reset),
      });
      return { status, body, headers };
    }
    default:
      return undefined;
  }
}
