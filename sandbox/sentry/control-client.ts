import type { z } from 'zod';
import type { Fault } from '../gitlab/faults.ts';
import type { LoggedRequest } from '../gitlab/request-log.ts';
import { controlCall } from '../shared/control-call.ts';
import type { bodies } from './control-schema.ts';
import type { Issue } from './issue-store.ts';
import type { SentryWorld } from './world.ts';

type Body<K extends keyof typeof bodies> = z.infer<(typeof bodies)[K]>;

/** Steers a simulated Sentry at `url` over HTTP. Each method rejects with the endpoint's own words. */
export function sentryControl(url: string) {
  const call = controlCall(url);
  return {
    state: () => call<{ world: SentryWorld; issues: Issue[]; faults: Fault[] }>('GET', 'state'),
    requests: async (route?: string) => {
      const query = route === undefined ? '' : `?route=${encodeURIComponent(route)}`;
      return (await call<{ requests: LoggedRequest[] }>('GET', `requests${query}`)).requests;
    },
    /** Changes what is given; lists are replaced whole. */
    world: (change: Body<'world'>) => call<{ world: SentryWorld }>('POST', 'world', change),
    /** Sets errors by minute, on top of the background. */
    errors: (wish: Body<'errors'>) => call<{ from: string; minutes: number }>('POST', 'errors', wish),
    clearErrors: () => call<object>('DELETE', 'errors'),
    addIssue: (wish: Body<'issue'>) => call<Issue>('POST', 'issues', wish),
    /** Somebody resolves, archives or reopens an issue. */
    setStatus: (wish: Body<'status'>) => call<Issue>('POST', 'issues/status', wish),
    clearIssues: () => call<object>('DELETE', 'issues'),
    addFault: (fault: Body<'fault'>) => call<Fault>('POST', 'faults', fault),
    /** Ends one fault, or all of them. */
    removeFault: (id?: number) =>
      call<{ removed: number }>('DELETE', id === undefined ? 'faults' : `faults/${id}`),
  };
}
