import type { ServerResponse } from 'node:http';
import { HttpError, openEventStream, type Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import { freshSite, type SiteState } from './pages.ts';

/** One request of a visitor. */
export interface Visit {
  at: string;
  method: string;
  path: string;
  /** Null when the connection was cut. */
  status: number | null;
}

/** What the control endpoints steer. */
export interface SiteMachine {
  site: SiteState;
  /** Address of the site itself. */
  url: () => string;
  visits: Visit[];
  /** Puts on a certificate that is valid until then; undefined where the site has none. */
  certify: ((notAfter: Date) => void) | undefined;
  notAfter: () => Date | null;
  /** Told whenever the site has changed. */
  watchers: Set<() => void>;
}

/** Tells everybody who watches the site. */
export function tellWatchers({ watchers }: Pick<SiteMachine, 'watchers'>): void {
  for (const watcher of watchers) watcher();
}

const day = 86_400_000;

/** Adds every `/_control` endpoint (see sandbox/website/README.md) to the router. */
export function addControl(router: Router, machine: SiteMachine): void {
  const { site } = machine;
  const state = () => ({
    url: machine.url(),
    pages: Object.fromEntries(site.pages),
    buildInfo: site.buildInfo,
    outage: site.outage,
    certificate: { notAfter: machine.notAfter()?.toISOString() ?? null },
  });
  const changed = (response: ServerResponse) => {
    tellWatchers(machine);
    sendJson(response, 200, state());
  };
  router.add('GET', '/_control/changes', async ({ response }) => {
    const { send, closed } = openEventStream(response);
    const watcher = () => send({ buildInfo: site.buildInfo });
    machine.watchers.add(watcher);
    await closed;
    machine.watchers.delete(watcher);
  });
  router.add('GET', '/_control/state', ({ response }) => sendJson(response, 200, state()));
  router.add('GET', '/_control/requests', ({ response }) =>
    sendJson(response, 200, { requests: machine.visits }),
  );
  router.add('POST', '/_control/page', async ({ request, response }) => {
    const { path, page } = readAs(bodies.page, await readJson(request));
    const before = freshSite().pages.get(path);
    if (page) site.pages.set(path, page);
    else if (before) site.pages.set(path, before);
    else site.pages.delete(path);
    changed(response);
  });
  router.add('POST', '/_control/health', async ({ request, response }) => {
    const { body = {}, ...rest } = readAs(bodies.health, await readJson(request));
    const text = JSON.stringify({ status: 'ok', checks: { database: 'ok' }, ...body });
    site.pages.set('/health', { ...rest, body: text, contentType: 'application/json' });
    changed(response);
  });
  router.add('POST', '/_control/build-info', async ({ request, response }) => {
    Object.assign(site.buildInfo, readAs(bodies.buildInfo, await readJson(request)));
    changed(response);
  });
  router.add('POST', '/_control/certificate', async ({ request, response }) => {
    const { daysLeft } = readAs(bodies.certificate, await readJson(request));
    if (!machine.certify) throw new HttpError(409, 'this site was started without TLS');
    machine.certify(new Date(Date.now() + daysLeft * day));
    changed(response);
  });
  router.add('POST', '/_control/outage', async ({ request, response }) => {
    site.outage = readAs(bodies.outage, await readJson(request)).on;
    changed(response);
  });
  router.add('POST', '/_control/reset', ({ response }) => {
    Object.assign(site, freshSite());
    machine.certify?.(new Date(Date.now() + 60 * day));
    changed(response);
  });
}
