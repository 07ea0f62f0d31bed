import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../core/ports.ts';
import { matchPath } from './path.ts';

export interface Answer {
  status: number;
  /** Sent as JSON. */
  body: unknown;
  headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  headers: IncomingMessage['headers'];
  /** Raw: signatures are made over its bytes. */
  body: Buffer;
  /** What stands for the parts of the path in braces, decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

/** One address of the bot's own HTTP interface. A part of `path` in braces stands for any one: `/api/gates/{service}`. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  handle(asked: Asked): Promise<Answer>;
}

/** Larger bodies are refused unread; GitLab's own limit for a hook is 25 MB, its pipeline hooks are far smaller. */
const bodyLimit = 5 * 1024 * 1024;

/**
 * Serves our routes, and hands everything else to `other` (Bolt's receiver in HTTP mode). One plain server for
 * both ways of talking to Slack: Bolt's own, in Socket Mode, would listen on every interface.
 */
export async function startHttp(
  routes: readonly Route[],
  other: RequestListener | null,
  place: { host: string; port: number },
  log: Logger,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const matching = routes.flatMap((route) => {
      const params = matchPath(route.path, path);
      return params ? [{ route, params }] : [];
    });
    const found = matching.find(({ route }) => route.method === request.method);
    if (found) {
      const place = { params: found.params, query: new URLSearchParams(query) };
      return void serve(found.route, place, request, response, log);
    }
    if (matching.length > 0) return send(response, { status: 405, body: { error: 'method not allowed' } });
    if (other) return other(request, response);
    send(response, { status: 404, body: { error: 'not found' } });
  });
  await listen(server, place);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${port}`,
    close: () =>
      new Promise((done, failed) => {
        server.close((error) => (error ? failed(error) : done()));
        server.closeIdleConnections();
      }),
  };
}

async function serve(
  route: Route,
  place: Pick<Asked, 'params' | 'query'>,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
): Promise<void> {
  try {
    const body = await readBody(request);
    if (body === null) return send(response, { status: 413, body: { error: 'body too large' } });
    send(response, await route.handle({ headers: request.headers, body, ...place }));
  } catch (error) {
    log.error({ err: error, path: route.path }, 'A request could not be answered');
    send(response, { status: 503, body: { error: 'not available now, try again' } });
  }
}

/** Null when it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > bodyLimit) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (response.headersSent) return;
  const usual = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  response.writeHead(status, { ...usual, ...headers });
  response.end(JSON.stringify(body));
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      server.removeListener('error', failed);
      done();
    });
  });
}
