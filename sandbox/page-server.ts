import { readdir, readFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { GuideStep, Service } from './page/services.ts';
import { ServiceChanges } from './page-changes.ts';
import { firstSteps } from './scenes/first-steps.ts';
import { openEventStream } from './shared/http.ts';

/** What the page offers as first steps, instead of the built-in ones. */
export interface PageScenarios {
  steps: GuideStep[];
}

export interface PageOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Addresses of the simulated services, whose `/_control` the page uses through this server. */
  slackUrl: string;
  gitlabUrl: string;
  /** Without these the page has no part for the service. */
  linearUrl?: string;
  sentryUrl?: string;
  /** `controlUrl` of the web site. */
  websiteUrl?: string;
  awsUrl?: string;
  productionUrl?: string;
  scenarios?: PageScenarios;
}

export interface RunningPage {
  /** The one address a person opens. */
  url: string;
  close: () => Promise<void>;
}

const folder = fileURLToPath(new URL('./page/', import.meta.url));
const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ts: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Only the page's own files, no markup from strings, nothing from elsewhere. */
const safety = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * Serves the sandbox's page on 127.0.0.1 and passes its control calls on to the simulated services.
 * TypeScript is stripped as it is served, so there is no build. Rejects when the port is taken.
 */
export async function startPage(options: PageOptions): Promise<RunningPage> {
  const files = await listFiles();
  const services = servicesOf(options);
  const changes = new ServiceChanges(services);
  const settings = JSON.stringify({
    steps: options.scenarios?.steps ?? firstSteps,
    services: [...services.keys()],
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error('sandbox page: a request failed', error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'text/plain', 'internal error');
    });
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { port } = server.address() as AddressInfo;
    const refusal = refuse(request, port);
    if (refusal) return answer(response, 403, 'text/plain', refusal);
    const { pathname, search } = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
    const [, name, path] = /^\/(\w+)(\/_control\/.+)$/.exec(pathname) ?? [];
    const service = [...services.keys()].find((known) => known === name);
    if (service && path !== undefined) {
      if (request.method !== 'GET') response.once('finish', () => changes.acted(service));
      return passOn(request, response, new URL(`${path}${search}`, services.get(service)));
    }
    if (request.method !== 'GET') return answer(response, 405, 'text/plain', 'only GET');
    if (pathname === '/_page/settings.json') return answer(response, 200, 'application/json', settings);
    if (pathname === '/_page/changes') return stream(response);
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (file === undefined) return answer(response, 404, 'text/plain', 'not found');
    answer(response, 200, types[extensionOf(file)] ?? 'text/plain', await contentOf(file));
  };

  const stream = async (response: ServerResponse): Promise<void> => {
    response.setHeaders(new Map(Object.entries(safety)));
    const { send, closed } = openEventStream(response);
    const stop = changes.subscribe(send);
    await closed;
    stop();
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        changes.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function servicesOf(options: PageOptions): Map<Service, string> {
  const { slackUrl, gitlabUrl, linearUrl, sentryUrl, websiteUrl, awsUrl, productionUrl } = options;
  const all: [Service, string | undefined][] = [
    ['slack', slackUrl],
    ['gitlab', gitlabUrl],
    ['website', websiteUrl],
    ['sentry', sentryUrl],
    ['aws', awsUrl],
    ['linear', linearUrl],
    ['production', productionUrl],
  ];
  return new Map(all.filter((one): one is [Service, string] => one[1] !== undefined));
}

/** The page's files by the path they are served at: nothing else can be asked for. */
async function listFiles(): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true });
  const served = entries.filter((entry) => extensionOf(entry) in types);
  return new Map(served.map((entry) => [`/${entry.replaceAll('\\', '/')}`, `${folder}${entry}`]));
}

function extensionOf(path: string): string {
  return path.split('.').at(-1) ?? '';
}

async function contentOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  return file.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
}

/**
 * Why a request is refused, if it is: a page elsewhere whose name was rebound to 127.0.0.1 sends its own
 * name as Host, and one that posts here from elsewhere sends its own Origin.
 */
function refuse(request: IncomingMessage, port: number): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(request.headers.host ?? '')) return 'this host is not served here';
  const origin = request.headers.origin;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return 'not from this page';
  return undefined;
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...safety, 'content-type': type });
  response.end(body);
}

/** Streams a request to a simulated service and its answer back, event streams included. */
function passOn(request: IncomingMessage, response: ServerResponse, target: URL): void {
  const type = request.headers['content-type'];
  const upstream = httpRequest(
    target,
    { method: request.method, headers: { ...(type && { 'content-type': type }) }, agent: false },
    (from) => {
      response.writeHead(from.statusCode ?? 502, {
        ...safety,
        'content-type': from.headers['content-type'] ?? 'application/json',
      });
      response.flushHeaders();
      from.pipe(response);
      from.on('error', () => response.destroy());
    },
  );
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else answer(response, 502, 'application/json', JSON.stringify({ error: 'it does not answer' }));
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}
