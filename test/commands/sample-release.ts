import { createHash } from 'node:crypto';
import type { Phase } from '../../src/core/catalogue/phase.ts';
import { planOf } from '../../src/core/catalogue/phase.ts';
import type { Finding } from '../../src/core/finding.ts';
import { open } from '../../src/core/release/acts.ts';
import type { ReleaseEvent, ReleaseEventType } from '../../src/core/release/events.ts';
import { foldRelease } from '../../src/core/release/fold.ts';
import type { GatePlan, GroupPlan } from '../../src/core/release/plan.ts';
import type { Release } from '../../src/core/release/state.ts';
import { ada, rita, tess } from '../support/catalogue.ts';

/** A small phase, and releases of it built from events, for the tests of what people press and read. */

const openedAt = '2026-11-20T10:00:00.000Z';
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const gateOf = (id: string, change: Partial<GatePlan> = {}): GatePlan => ({
  id,
  title: `Is ${id} fine?`,
  check: null,
  with: {},
  when: null,
  rule: null,
  touchedBy: [],
  ...change,
});

const groups: GroupPlan[] = [
  {
    id: 'mrs',
    name: 'Gate 1: Merge requests',
    answers: 'checks',
    workspace: false,
    gates: [gateOf('labels', { check: 'merge-requests', title: 'Every merge request is validated' })],
  },
  {
    id: 'smoke',
    name: 'Gate 3: Core smoke',
    answers: 'checks',
    workspace: true,
    gates: [
      gateOf('login', { title: 'Login succeeds', rule: 'Passes for a normal admin user.' }),
      gateOf('logout', { title: 'Logout works' }),
    ],
  },
  {
    id: 'add-ons',
    name: 'Gate 4: Add-ons',
    answers: 'add-ons',
    workspace: false,
    gates: [gateOf('roaming', { title: 'Roaming', when: { labels: ['roaming'], paths: [], flags: [] } })],
  },
  {
    id: 'monitoring',
    name: 'Gate 5: Monitoring',
    answers: 'checks',
    workspace: false,
    gates: [gateOf('spike', { check: 'error-spike', title: 'No obvious Sentry spike' })],
  },
];

export const phase: Phase = {
  id: 'staging',
  name: 'Staging validation',
  environment: 'staging',
  url: 'https://staging.example.com',
  projects: ['p-001'],
  baseline: 'production',
  workspaces: { suggested: { workspace: 'Smoke test', depot: 'Depot A' }, reserved: ['Depot simulation'] },
  record: null,
  approvals: [{ id: 'platform-owner', name: 'Platform owner', users: [ada], groups: [] }],
  groups,
};

export const opening = (name = '2026.47', of: Phase = phase) => ({
  name,
  plan: planOf(of),
  environment: of.environment,
  url: of.url,
  channel: 'C0RELEASES',
});

type DataOf<T extends ReleaseEventType> = Extract<ReleaseEvent, { type: T }>['data'];
export const event = <T extends ReleaseEventType>(type: T, data: DataOf<T>) =>
  ({ type, data }) as ReleaseEvent;

export const identified = (pass = 1, kept: string[] = []) =>
  event('CandidateIdentified', {
    candidate: {
      release: '2026.47',
      environment: 'staging',
      url: phase.url,
      pass,
      parts: [
        {
          project: 'p-001',
          path: 'betterfleet/p-001',
          ref: 'release',
          commit: 'a'.repeat(40),
          deployment: null,
          shipped: [],
          baseline: null,
        },
      ],
    },
    kept,
    again: [],
  });
export const workspace = () =>
  event('WorkspaceRecorded', { workspace: 'Smoke test', depot: 'Depot A', approval: null });
export const answered = (gate: string, data: Partial<DataOf<'ItemAnswered'>> = {}) =>
  event('ItemAnswered', { gate, pass: 1, outcome: 'pass', note: '', link: null, saw: [], ...data });
export const requested = (...gates: string[]) => event('RunRequested', { gates });
export const found = (gate: string, parts: Partial<Finding>, run = 1) =>
  event('CheckFound', {
    gate,
    run,
    finding: { outcome: 'pass', reason: 'Fine.', remedy: '', evidence: [], blockers: [], ...parts },
  });

/** Finds `count` merge requests without the label. */
export const unlabelled = (count: number, text = 'Title') =>
  found('labels', {
    outcome: 'fail',
    reason: 'Merge requests lack the label.',
    remedy: 'Label it after validating, or exclude it.',
    blockers: Array.from({ length: count }, (_, index) => ({
      id: `mr/betterfleet/p-001!${index + 1}`,
      title: `!${index + 1} ${text}`,
      url: `https://gitlab.test/betterfleet/p-001/-/merge_requests/${index + 1}`,
      signal: '',
    })),
  });

interface By {
  actor?: string;
  at?: string;
}

/** A release after these events; each a second after the one before, by `tess` unless said otherwise. */
export function releaseOf(events: (ReleaseEvent | [ReleaseEvent, By])[], of: Phase = phase): Release {
  const opened = open(null, opening('2026.47', of));
  if ('problem' in opened) throw new Error(opened.problem.what);
  const all = [...opened.events.map((one): [ReleaseEvent, By] => [one, { actor: rita }]), ...events];
  const state = all.reduce<Release | null>((folded, entry, index) => {
    const [one, { actor = tess, at }] = Array.isArray(entry) ? entry : [entry, {}];
    const time = at ?? new Date(Date.parse(openedAt) + index * 1_000).toISOString();
    return foldRelease('2026.47', folded, { ...one, seq: index + 1, at: time, actor });
  }, null);
  if (!state) throw new Error('no release');
  return state;
}
