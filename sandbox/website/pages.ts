/** What the site runs, as its `/build-info` tells it. */
export interface BuildInfo {
  /** Full hash. */
  commit: string;
  branch: string;
  version: string;
  /** ISO. */
  builtAt: string;
}

/** How one path answers. */
export interface PageSpec {
  /** Default 200; 302 when there is a `redirect`. */
  status?: number;
  body?: string;
  /** Default `text/html; charset=utf-8`. */
  contentType?: string;
  /** Path or address for the Location header. */
  redirect?: string;
  /** Milliseconds until the first byte. */
  delayMs?: number;
  /** Milliseconds between the first half of the body and the rest. */
  stallMs?: number;
  /** Cuts the connection instead of answering. */
  reset?: boolean;
}

export interface SiteState {
  pages: Map<string, PageSpec>;
  buildInfo: BuildInfo;
  /** Every connection is cut. */
  outage: boolean;
}

/** A page of the product, with the marker that a check may look for. */
function page(title: string, body: string): PageSpec {
  return {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} · BetterFleet Manage</title></head>
<body data-app="betterfleet-manage"><h1>${title}</h1><p>${body}</p>
<p>Simulated web site: there is no product behind it.</p></body></html>`,
  };
}

/** The site as it is at the start: everything well, and pages that need a login redirect to it. */
export function freshSite(): SiteState {
  const healthy = { status: 'ok', checks: { database: 'ok', queue: 'ok', chargers: 'ok' } };
  const login: PageSpec = { redirect: '/login' };
  return {
    pages: new Map<string, PageSpec>([
      ['/', page('BetterFleet Manage', 'Fleet charging, managed.')],
      ['/login', page('Log in', 'Region, workspace and depot are chosen after it.')],
      ['/health', { body: JSON.stringify(healthy), contentType: 'application/json' }],
      ['/release-notes', page('Release notes', 'What is new.')],
      ['/help', page('Help', 'How to.')],
      ...['/overview', '/incidents', '/chargers', '/vehicles', '/load', '/settings', '/reports'].map(
        (path): [string, PageSpec] => [path, login],
      ),
    ]),
    buildInfo: {
      commit: '0'.repeat(40),
      branch: 'release',
      version: '2026.46.0',
      builtAt: new Date().toISOString(),
    },
    outage: false,
  };
}

/** What a path answers: a page that was set wins over `/build-info` as made from the state. */
export function pageAt(site: SiteState, path: string): PageSpec {
  const set = site.pages.get(path);
  if (set) return set;
  if (path === '/build-info')
    return { body: JSON.stringify(site.buildInfo), contentType: 'application/json' };
  return { status: 404, ...page('Not found', 'There is no such page.') };
}
