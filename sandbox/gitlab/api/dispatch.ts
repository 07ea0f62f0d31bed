import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { readBody } from '../../shared/http.ts';
import { isObject, type JsonObject, parseJson } from '../../shared/json.ts';
import type { Fault, Faults } from '../faults.ts';
import { ApiError, Params, queryValues } from '../grape.ts';
import type { RequestLog } from '../request-log.ts';
import { commitStatusRoutes } from './commit-statuses.ts';
import type { Answer, Api, ApiRoute } from './context.ts';
import { deploymentRoutes } from './deployments.ts';
import { featureFlagRoutes } from './feature-flags.ts';
import { jobRoutes } from './jobs.ts';
import { mergeRequestRoutes } from './merge-requests.ts';
import { pipelineRoutes } from './pipelines.ts';
import { projectRoutes } from './projects.ts';

const routes = [
  ...projectRoutes,
  ...pipelineRoutes,
  ...jobRoutes,
  ...deploymentRoutes,
  ...mergeRequestRoutes,
  ...featureFlagRoutes,
  ...commitStatusRoutes,
].map((route) => {
  const names: string[] = [];
  const source = route.path.replace(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  return { ...route, names, pattern: new RegExp(`^${source}$`) };
});

interface Found {
  route: ApiRoute | undefined;
  path: Record<string, string>;
}

function find(method: string, pathname: string): Found {
  const path = pathname.replace(/^\/api\/v4/, '').replace(/\/$/, '');
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (!match) continue;
    const parts = match.slice(1).map((part) => decodeURIComponent(part));
    return { route, path: Object.fromEntries(route.names.map((name, i) => [name, parts[i] ?? ''])) };
  }
  return { route: undefined, path: {} };
}

/** GitLab's REST API: faults first, then limits, token, route, and the answer or what becomes of it. */
export class Dispatcher {
  readonly #api: Api;
  readonly #faults: Faults;
  readonly #log: RequestLog;
  readonly #token: string;

  constructor(api: Api, faults: Faults, log: RequestLog, token: string) {
    this.#api = api;
    this.#faults = faults;
    this.#log = log;
    this.#token = token;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const began = performance.now();
    const at = new Date().toISOString();
    const method = request.method ?? 'GET';
    const found = find(method, url.pathname);
    const route = found.route ? `${method} ${found.route.path}` : '';
    const project = found.path['id'] ? this.#api.forge.findProject(found.path['id']) : undefined;
    const fault = this.#faults.forRequest(route, project?.spec.path);
    const status = await this.#answer(request, response, url, found, fault);
    this.#log.add({
      at,
      method,
      path: url.pathname + url.search,
      route,
      status,
      ms: performance.now() - began,
      ...(fault ? { fault: fault.kind } : {}),
    });
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    found: Found,
    fault: Fault | undefined,
  ): Promise<number | null> {
    const body = await readBody(request);
    if (fault?.kind === 'slow') await pause(fault.delayMs ?? 2000);
    const latency = this.#api.forge.settings.latencyMs ?? 0;
    if (latency > 0) await pause(latency / 2);
    const instead = fault ? refusal(fault, this.#api.forge.timeScale) : undefined;
    if (instead === 'reset') return drop(response);
    const answer = instead ?? this.#try(request, url, found, body);
    if (latency > 0) await pause(latency / 2);
    if (fault?.kind === 'acceptThenReset') return drop(response);
    if (fault?.kind === 'acceptThen502') return send(response, badGateway);
    if (fault?.kind === 'acceptThenTimeout') {
      await Promise.race([
        pause(fault.delayMs ?? 600_000, undefined, { ref: false }),
        new Promise((resolve) => response.once('close', resolve)),
      ]);
      return drop(response);
    }
    return send(response, answer);
  }

  #try(request: IncomingMessage, url: URL, found: Found, text: string): Answer {
    try {
      const headers = this.#api.limits.request();
      this.#authenticate(request);
      if (!found.route) throw new ApiError(404, { error: '404 Not Found' });
      const values = { ...queryValues(url.searchParams), ...bodyValues(text) };
      const call = { api: this.#api, url, path: found.path, params: new Params(values), values };
      const answer = found.route.handle(call);
      return { ...answer, headers: { ...headers, ...answer.headers } };
    } catch (error) {
      if (error instanceof ApiError)
        return { status: error.status, body: error.body, headers: error.headers };
      throw error;
    }
  }

  #authenticate(request: IncomingMessage): void {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const given = request.headers['private-token'] ?? bearer;
    if (given !== this.#token) throw new ApiError(401, { message: '401 Unauthorized' });
  }
}

function bodyValues(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw new ApiError(400, { error: 'The request body is not a valid JSON object' });
}

const badGateway: Answer = { status: 502, body: '<html><body><h1>502 Bad Gateway</h1></body></html>' };

function refusal(fault: Fault, timeScale: number): Answer | 'reset' | undefined {
  const wait = { 'retry-after': String(fault.retryAfter ?? Math.max(1, Math.ceil(60 / timeScale))) };
  switch (fault.kind) {
    case 'reset':
    case 'outage':
      return 'reset';
    case 'http500':
      return { status: 500, body: { message: '500 Internal Server Error' } };
    case 'http502':
      return badGateway;
    case 'http503':
      return { status: 503, body: 'GitLab is not responding\n', headers: fault.retryAfter ? wait : {} };
    case 'http429':
      return { status: 429, body: 'Retry later\n', headers: wait };
    default:
      return undefined;
  }
}

/** Breaks the connection without an answer. */
function drop(response: ServerResponse): null {
  response.socket?.resetAndDestroy();
  response.destroy();
  return null;
}

function send(response: ServerResponse, answer: Answer): number | null {
  if (response.destroyed) return null;
  const text = typeof answer.body === 'string';
  const html = text && String(answer.body).startsWith('<');
  const type = text ? (html ? 'text/html' : 'text/plain') : 'application/json';
  const body = text ? String(answer.body) : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'content-type': type,
    'x-request-id': crypto.randomUUID(),
    ...answer.headers,
  });
  response.end(body);
  return answer.status;
}
