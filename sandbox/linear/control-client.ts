import type { z } from 'zod';
import { controlCall } from '../shared/control-call.ts';
import type { bodies } from './control-schema.ts';
import type { Fault, FaultSpec } from './faults.ts';
import type { LimitStatus } from './limits.ts';
import type { LoggedRequest } from './request-log.ts';
import type { IssueView } from './snapshot.ts';
import type { LinearSettings } from './world.ts';

type Body<K extends keyof typeof bodies> = z.infer<(typeof bodies)[K]>;

export interface LinearState {
  /** Address of the pages. */
  url: string;
  organization: string;
  settings: LinearSettings;
  teams: { id: string; key: string; name: string; states: { id: string; name: string; type: string }[] }[];
  users: { id: string; name: string; email: string }[];
  labels: { id: string; name: string; team: string | null }[];
  issues: IssueView[];
  limits: LimitStatus[];
  faults: Fault[];
}

/** Steers a simulated Linear over HTTP; `url` as `startLinear` gives it. Each method rejects with the endpoint's own words. */
export function linearControl(url: string) {
  const call = controlCall(new URL(url).origin);
  return {
    state: () => call<LinearState>('GET', 'state'),
    /** All issues with descriptions, history and comments, oldest first. */
    issues: async () => (await call<{ issues: IssueView[] }>('GET', 'issues')).issues,
    /** One issue by id or identifier. */
    issue: (id: string) => call<IssueView>('GET', `issues/${encodeURIComponent(id)}`),
    /** The API requests so far, or those that asked for e.g. `issueCreate` or `issue.comments`. */
    requests: async (operation?: string) => {
      const query = operation === undefined ? '' : `?operation=${encodeURIComponent(operation)}`;
      return (await call<{ requests: LoggedRequest[] }>('GET', `requests${query}`)).requests;
    },
    /** Changes the given settings. */
    world: (change: Body<'world'>) => call<{ settings: LinearSettings }>('POST', 'world', change),
    /** A person makes an issue, e.g. one labelled SEV-1. */
    createIssue: (wish: Body<'createIssue'>) => call<IssueView>('POST', 'act/create-issue', wish),
    /** A person changes an issue: the description, the state, labels. */
    editIssue: (wish: Body<'editIssue'>) => call<IssueView>('POST', 'act/edit-issue', wish),
    /** A person ticks or unticks a box of the description. */
    toggle: (wish: Body<'toggle'>) => call<IssueView>('POST', 'act/toggle', wish),
    /** A person comments. */
    comment: (wish: Body<'comment'>) => call<IssueView>('POST', 'act/comment', wish),
    addFault: (fault: FaultSpec) => call<Fault>('POST', 'faults', fault),
    faults: async () => (await call<{ faults: Fault[] }>('GET', 'faults')).faults,
    /** Ends one fault, or all of them. */
    removeFault: (id?: number) =>
      call<{ removed: number }>('DELETE', id === undefined ? 'faults' : `faults/${id}`),
  };
}
