import type { z } from 'zod';
import { controlCall } from '../shared/control-call.ts';
import type { Visit } from './control.ts';
import type { bodies } from './control-schema.ts';
import type { BuildInfo, PageSpec } from './pages.ts';

type Body<K extends keyof typeof bodies> = z.infer<(typeof bodies)[K]>;

export interface WebsiteState {
  url: string;
  pages: Record<string, PageSpec>;
  buildInfo: BuildInfo;
  outage: boolean;
  certificate: { notAfter: string | null };
}

/** Steers a simulated web site at its `controlUrl`. Each method rejects with the endpoint's own words. */
export function websiteControl(controlUrl: string) {
  const call = controlCall(controlUrl);
  return {
    state: () => call<WebsiteState>('GET', 'state'),
    requests: async () => (await call<{ requests: Visit[] }>('GET', 'requests')).requests,
    /** How a path answers from now on; null gives it back to the site. */
    page: (path: string, page: Body<'page'>['page']) => call<WebsiteState>('POST', 'page', { path, page }),
    health: (wish: Body<'health'>) => call<WebsiteState>('POST', 'health', wish),
    buildInfo: (build: Body<'buildInfo'>) => call<WebsiteState>('POST', 'build-info', build),
    certificate: (daysLeft: number) => call<WebsiteState>('POST', 'certificate', { daysLeft }),
    outage: (on: boolean) => call<WebsiteState>('POST', 'outage', { on }),
    /** Everything as at the start. */
    reset: () => call<WebsiteState>('POST', 'reset', {}),
  };
}
