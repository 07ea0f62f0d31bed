import fc from 'fast-check';
import { actions } from '../../src/core/action.ts';
import type { Observed, Origin } from '../../src/core/invocation/events.ts';
import type { Invocation, Target, TargetState } from '../../src/core/invocation/state.ts';
import type { Problem } from '../../src/core/problem.ts';

/** States of invocations for the views, from everyday ones to those that only a hostile outside would bring about. */

export const hostileTexts = [
  '<!channel> look here',
  '<!here|here>',
  '<@U0VICTIM>',
  '<!subteam^S0EVERYONE>',
  '<https://evil.test|click me>',
  '&lt;!channel&gt;',
  '*bold* _it_ ~no~ `code` ```block```',
  '`` ` ``',
  '```\n<!everyone>\n```',
  '> quoted\n> twice',
  'line\nline\r\n\tline',
  '\u202Eright to left',
  '🎉'.repeat(400),
  '&<>'.repeat(1_000),
  'x'.repeat(3_000),
  ' ',
  '|',
] as const;

export const hostileUrls = [
  'https://gitlab.test/a|<!channel>',
  'https://gitlab.test/a><!channel>',
  'https://gitlab.test/%E0%A4%A',
  'https://gitlab.test/ü/🎉?a=b&c=<d>',
  `https://gitlab.test/${'p'.repeat(4_000)}`,
  'javascript:alert(1)',
  '!channel',
  '@U0VICTIM',
  '#C0GENERAL',
  '',
  'https://gitlab.test/\ud83c',
] as const;

const at = '2026-11-20T10:00:00.000Z';

export function problemOf(text: string): Problem {
  return { code: 'gitlab-refused', what: text, why: text, todo: text };
}

export function seenOf(outcome: Observed['outcome'], parts: Partial<Observed> = {}): Observed {
  const url = 'https://gitlab.test/group/p/-/pipelines/7';
  return { pipelineId: 7, url, status: outcome, outcome, detail: '', lookAt: url, downstream: [], ...parts };
}

export function followingOf(
  observed: Observed | null,
  url = 'https://gitlab.test/group/p/-/pipelines/7',
): TargetState {
  return { at: 'following', pipelineId: 7, url, since: at, adopted: false, observed };
}

export function targetOf(project: string, state: TargetState, attempt = 1): Target {
  return { project, path: `group/${project}`, ref: 'release', attempt, state };
}

export function invocationOf(parts: Partial<Invocation> = {}): Invocation {
  return {
    id: 'abcd2345',
    action: 'deploy-release-branch-to-staging',
    project: 'all',
    origin: { kind: 'slack', user: 'U0RITA', channel: 'C0RELEASES' },
    requestedBy: 'U0RITA',
    requestedAt: at,
    confirmed: true,
    projects: (parts.targets ?? []).map(({ project }) => project),
    preflight: 'passed',
    faults: [],
    targets: [],
    stop: null,
    changedAt: at,
    ...parts,
  };
}

/** `count` targets in these states, over and over. */
export function targetsIn(count: number, ...states: TargetState[]): Target[] {
  return Array.from({ length: count }, (_, index) => {
    const state = states[index % states.length];
    if (!state) throw new Error('no state given');
    return targetOf(`bf-${String(index + 1).padStart(3, '0')}`, state);
  });
}

/** One of each: every word that a target can have. */
export function everyState(text = ''): TargetState[] {
  return [
    { at: 'waiting' },
    { at: 'waiting', waitsFor: Array.from({ length: 12 }, () => text || 'bf-core failed') },
    { at: 'starting', runId: 'r', request: 1, since: at },
    followingOf(null),
    ...(['running', 'passed', 'failed', 'canceled', 'skipped', 'manual'] as const).map((outcome) =>
      followingOf(seenOf(outcome, { detail: text })),
    ),
    { at: 'failed', problem: problemOf(text || 'It failed.') },
    {
      at: 'lost',
      problem: problemOf(text || 'It is lost.'),
      url: 'https://gitlab.test/group/p/-/pipelines/7',
    },
    { at: 'not-started', why: text || 'stopped before it started' },
  ];
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...hostileTexts),
);
const anyUrl = fc.oneof(fc.webUrl(), fc.constantFrom(...hostileUrls), anyText);
const anyProblem: fc.Arbitrary<Problem> = fc.record({
  code: fc.constant('gitlab-refused'),
  what: anyText,
  why: anyText,
  todo: anyText,
});
const anyObserved: fc.Arbitrary<Observed> = fc.record({
  pipelineId: fc.nat(),
  url: anyUrl,
  status: anyText,
  outcome: fc.constantFrom('running', 'passed', 'failed', 'canceled', 'skipped', 'manual'),
  detail: anyText,
  lookAt: anyUrl,
  downstream: fc.array(fc.record({ project: anyText, pipelineId: fc.nat(), status: anyText, url: anyUrl }), {
    maxLength: 15,
  }),
});
const anyTargetState: fc.Arbitrary<TargetState> = fc.oneof(
  fc.record({ at: fc.constant('waiting' as const) }),
  fc.record({ at: fc.constant('waiting' as const), waitsFor: fc.array(anyText, { minLength: 1 }) }),
  fc.record({
    at: fc.constant('starting' as const),
    runId: anyText,
    request: fc.nat(),
    since: fc.constant(at),
  }),
  fc.record({
    at: fc.constant('following' as const),
    pipelineId: fc.nat(),
    url: anyUrl,
    since: fc.constant(at),
    adopted: fc.boolean(),
    observed: fc.option(anyObserved),
  }),
  fc.record({ at: fc.constant('failed' as const), problem: anyProblem }),
  fc.record({ at: fc.constant('lost' as const), problem: anyProblem, url: anyUrl }),
  fc.record({ at: fc.constant('not-started' as const), why: anyText }),
);
const anyOrigin: fc.Arbitrary<Origin> = fc.oneof(
  fc.record({
    kind: fc.constant('slack' as const),
    user: fc.constant('U0RITA'),
    channel: fc.constant('C0RELEASES'),
  }),
  fc.record({
    kind: fc.constant('gitlab' as const),
    user: anyText,
    project: anyText,
    pipelineId: fc.nat(),
    url: anyUrl,
  }),
);
const anyTarget: fc.Arbitrary<Target> = fc.record({
  project: anyText,
  path: anyText,
  ref: anyText,
  attempt: fc.integer({ min: 1, max: 99 }),
  state: anyTargetState,
});

/** States far wilder than the catalogue and GitLab would ever allow. */
export const anyInvocation: fc.Arbitrary<Invocation> = fc
  .record({
    action: fc.constantFrom(...actions),
    project: fc.oneof(fc.constant('all'), anyText),
    origin: anyOrigin,
    projects: fc.array(anyText, { maxLength: 30 }),
    preflight: fc.constantFrom('pending', 'passed', 'passed', 'passed', 'failed'),
    faults: fc.array(fc.record({ project: anyText, problem: anyProblem }), {
      minLength: 1,
      maxLength: 30,
      size: 'max',
    }),
    targets: fc.array(anyTarget, { minLength: 1, maxLength: 30, size: 'max' }),
    stop: fc.option(fc.constant({ by: 'U0NORA', at })),
  })
  .map((parts) =>
    invocationOf({
      ...parts,
      faults: parts.preflight === 'failed' ? parts.faults : [],
      targets: parts.preflight === 'passed' ? parts.targets : [],
    }),
  );
