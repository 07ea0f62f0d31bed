import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { isLocalRequest, listen, Router, sendJson } from '../shared/http.ts';
import { answer, cut } from './answer.ts';
import { Authority } from './certificate.ts';
import { addControl, tellWatchers, type Visit } from './control.ts';
import { type BuildInfo, freshSite, pageAt } from './pages.ts';

export interface WebsiteOptions {
  /** Port of the site; 0 or absent: a free one. */
  port?: number;
  /** False: plain HTTP, for what can't be told to trust the sandbox's authority. Default true. */
  tls?: boolean;
  /** What is deployed at the start. */
  buildInfo?: Partial<BuildInfo>;
}

export interface SimulatedWebsite {
  /** Address of the site, without a slash at the end: `https://127.0.0.1:PORT`. */
  url: string;
  /** Plain HTTP: `/_control/…`; any other path redirects to the site, as port 80 of a real one does. */
  controlUrl: string;
  /** Certificate in PEM that a client must trust to read the site; null without TLS. */
  ca: string | null;
  /** Puts another build on the site, as a deployment does. */
  deploy: (build: Partial<BuildInfo>) => void;
  close: () => Promise<void>;
}

const day = 86_400_000;
const keptVisits = 5000;

/** The door over plain HTTP: control, and a redirect for visitors. */
class Door extends Router {
  site = '';

  override async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if ((request.url ?? '/').startsWith('/_control') || !isLocalRequest(request))
      return await super.handle(request, response);
    response.writeHead(301, { location: `${this.site}${request.url}` }).end();
  }
}

/**
 * Starts a simulated web site on 127.0.0.1: the product under release as gates see it, with pages, health,
 * build identity and a certificate that expires when told. Behind it is nothing.
 */
export async function startWebsite(options: WebsiteOptions = {}): Promise<SimulatedWebsite> {
  const site = freshSite();
  Object.assign(site.buildInfo, options.buildInfo);
  const visits: Visit[] = [];
  const watchers = new Set<() => void>();
  const visit = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isLocalRequest(request)) return sendJson(response, 403, { error: 'not_local' });
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const seen: Visit = {
      at: new Date().toISOString(),
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      status: null,
    };
    visits.push(seen);
    if (visits.length > keptVisits) visits.shift();
    if (site.outage) return void cut(response);
    seen.status = await answer(response, pageAt(site, pathname), request.method === 'HEAD');
  };
  const onVisit = (request: IncomingMessage, response: ServerResponse) => void visit(request, response);

  const authority = options.tls === false ? null : new Authority();
  let notAfter = authority ? new Date(Date.now() + 60 * day) : null;
  const secure = authority && notAfter ? createTlsServer(authority.issue(notAfter), onVisit) : null;
  const server: Server = secure ?? createServer(onVisit);
  const port = await listenOn(server, options.port ?? 0);
  const url = `${authority ? 'https' : 'http'}://127.0.0.1:${port}`;

  const door = new Door();
  door.site = url;
  const certify = (until: Date) => {
    if (!authority || !secure) return;
    notAfter = until;
    secure.setSecureContext(authority.issue(until));
    // A connection that is kept alive would go on showing the certificate of before.
    secure.closeAllConnections();
  };
  addControl(door, {
    site,
    url: () => url,
    visits,
    certify: authority ? certify : undefined,
    notAfter: () => notAfter,
    watchers,
  });
  const control = await listen(door);
  return {
    url,
    controlUrl: control.url,
    ca: authority?.ca ?? null,
    deploy: (build) => {
      Object.assign(site.buildInfo, { builtAt: new Date().toISOString() }, build);
      tellWatchers({ watchers });
    },
    close: async () => {
      await control.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function listenOn(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
