import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject, parseJson } from './json.ts';

/** One request as a handler sees it; the body is read on demand. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** What the `:name` parts of the pattern matched, decoded. */
  params: Record<string, string>;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;

/** An error a handler throws to answer with a status of its own; the message is sent as `error`. */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads a whole request body as UTF-8. Throws HttpError 413 beyond `limit` bytes (1 MiB unless told). */
export async function readBody(request: IncomingMessage, limit = 1_048_576): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw new HttpError(413, `the body is larger than ${limit} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Reads a JSON object body; an empty body is `{}`. Throws HttpError 400 for anything else. */
export async function readJson(request: IncomingMessage, limit?: number): Promise<JsonObject> {
  const text = await readBody(request, limit);
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (!isObject(value)) throw new HttpError(400, 'the body must be a JSON object');
  return value;
}

/** Answers with JSON; does nothing when the connection is already gone. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.destroyed || response.writableEnded) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

/** Opens a server-sent event stream; `send` writes one event, `closed` resolves when the reader leaves. */
export function openEventStream(response: ServerResponse): {
  send: (data: unknown) => void;
  closed: Promise<void>;
} {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  return { send: (data) => void response.write(`data: ${JSON.stringify(data)}\n\n`), closed };
}

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/i;

/**
 * Whether a request was meant for this machine: its Host is loopback (a page that rebinds its DNS name to
 * 127.0.0.1 still sends its own name) and its Origin, when a browser sends one, is loopback too.
 */
export function isLocalRequest(request: IncomingMessage): boolean {
  if (!loopback.test(request.headers.host ?? '')) return false;
  const origin = request.headers.origin;
  if (origin === undefined) return true;
  return URL.canParse(origin) && loopback.test(new URL(origin).host);
}

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  handler: Handler;
}

/** A small router: `add('GET', '/things/:id', handler)`; the first match in order of adding wins. */
export class Router {
  private readonly routes: Route[] = [];

  add(method: string, path: string, handler: Handler): this {
    const names: string[] = [];
    const source = path
      .split('/')
      .map((part) => {
        if (!part.startsWith(':')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        names.push(part.slice(1));
        return '([^/]+)';
      })
      .join('/');
    this.routes.push({ method, pattern: new RegExp(`^${source}$`), names, handler });
    return this;
  }

  /** Runs the handler that matches; answers 403 to strangers, 404 and 405 itself, and errors as JSON. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLocalRequest(request)) return sendJson(response, 403, { ok: false, error: 'not_local' });
    allowOrigin(request, response);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const matching = this.routes.filter((route) => route.pattern.test(url.pathname));
    const route = matching.find((candidate) => candidate.method === request.method);
    try {
      if (request.method === 'OPTIONS') return sendJson(response, 200, { ok: true });
      if (!route)
        throw new HttpError(matching.length > 0 ? 405 : 404, `no ${request.method} ${url.pathname}`);
      const found = route.pattern.exec(url.pathname)?.slice(1) ?? [];
      const params = Object.fromEntries(
        route.names.map((name, i) => [name, decodeURIComponent(found[i] ?? '')]),
      );
      await route.handler({ request, response, url, params });
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      if (error instanceof HttpError)
        return sendJson(response, error.status, { ok: false, error: error.message });
      console.error('sandbox: a handler failed', error);
      sendJson(response, 500, {
        ok: false,
        error: error instanceof Error ? error.message : 'internal error',
      });
    }
  }
}

/** Lets a page served from another loopback port read the answer; strangers were refused before. */
function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const origin = request.headers.origin;
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
  response.setHeader('vary', 'origin');
}

export interface RunningServer {
  server: Server;
  port: number;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  /** Stops listening and drops every connection. */
  close: () => Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export async function listen(router: Router, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => void router.handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { server, port: address.port, url: `http://127.0.0.1:${address.port}`, close };
}
