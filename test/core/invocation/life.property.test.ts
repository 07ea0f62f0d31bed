import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retry, retryable, stop } from '../../../src/core/invocation/decisions.ts';
import type { InvocationEvent, Observed } from '../../../src/core/invocation/events.ts';
import { changeOf } from '../../../src/core/invocation/orders.ts';
import {
  findTarget,
  type Invocation,
  isSettled,
  phaseOf,
  type TargetWord,
  wordOf,
} from '../../../src/core/invocation/state.ts';
import {
  confirmed,
  expanded,
  foldOn,
  held,
  intended,
  lostSight,
  now,
  observed,
  preflightFailed,
  preflightPassed,
  submitted,
  triggered,
  triggerFailed,
} from './samples.ts';

/**
 * Whole lives: in any order and any number of times, everybody tries to do what they do, through the same
 * guards as the jobs and the buttons.
 */

type Step =
  | { do: 'pass' | 'refuse' | 'retry' | 'stop' }
  | { do: 'hold' | 'let' | 'send' | 'start' | 'fail' | 'lose'; project: string }
  | { do: 'see'; project: string; outcome: Observed['outcome']; old: boolean };

const projects = ['a', 'b', 'c', 'd'];
const project = fc.constantFrom(...projects);
const outcome = fc.constantFrom<Observed['outcome']>(
  'running',
  'passed',
  'failed',
  'canceled',
  'skipped',
  'manual',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pass', 'refuse', 'retry', 'stop') }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('hold', 'let', 'send', 'start', 'fail', 'lose'), project }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('see' as const), project, outcome, old: fc.boolean() }),
  },
);

/** What the step records on this state: nothing where the guard of whoever does it says no. */
function eventsOf(state: Invocation, one: Step, number: number): InvocationEvent[] {
  const target = 'project' in one ? findTarget(state, one.project)?.state : undefined;
  switch (one.do) {
    case 'pass':
      return state.preflight === 'pending' ? [preflightPassed(...projects)] : [];
    case 'refuse':
      return state.preflight === 'pending' ? [preflightFailed('b')] : [];
    case 'retry': {
      const decided = retry(state);
      return 'events' in decided ? decided.events : [];
    }
    case 'stop': {
      const decided = stop(state);
      return 'events' in decided ? decided.events : [];
    }
    case 'hold':
      return target?.at === 'waiting' ? [held(one.project, `news ${number}`)] : [];
    case 'let':
      return target?.at === 'waiting' ? [held(one.project)] : [];
    case 'send':
      return target?.at === 'waiting' ? [intended(one.project)] : [];
    case 'start':
      return target?.at === 'starting' ? [triggered(one.project, number)] : [];
    case 'fail':
      return target?.at === 'starting' ? [triggerFailed(one.project)] : [];
    case 'lose':
      return target?.at === 'following' ? [lostSight(one.project)] : [];
    case 'see':
      return target?.at === 'following'
        ? [observed(one.project, one.outcome, one.old ? target.pipelineId - 1 : target.pipelineId)]
        : [];
  }
}

const words: TargetWord[] = [
  'waiting',
  'starting',
  'running',
  'passed',
  'failed',
  'canceled',
  'skipped',
  'manual',
  'lost',
  'not-started',
];

const life = fc.array(step, { minLength: 30, maxLength: 120, size: 'max' });

/** Walks a life and shows each step with the state before and after it. */
function live(
  steps: Step[],
  look: (before: Invocation, after: Invocation, events: InvocationEvent[]) => void,
): void {
  let state = foldOn(null, submitted(), confirmed(), expanded(...projects));
  for (const [index, one] of steps.entries()) {
    if (!state) throw new Error('the life has ended');
    const events = eventsOf(state, one, index + 10);
    const after = foldOn(state, ...events);
    if (!after) throw new Error('the state is gone');
    look(state, after, events);
    state = after;
  }
}

const runs = { numRuns: 200, seed: 20261120 };

test('every target always has exactly one word, none appears and none vanishes (A5)', () => {
  fc.assert(
    fc.property(life, (steps) =>
      live(steps, (_, after) => {
        if (after.preflight !== 'passed') return expect(after.targets).toEqual([]);
        expect(after.targets.map((target) => target.project)).toEqual(projects);
        for (const target of after.targets) expect(words).toContain(wordOf(target));
        const settled = after.targets.filter(isSettled).length;
        const unsettled = after.targets.filter((target) =>
          ['waiting', 'starting', 'running'].includes(wordOf(target)),
        );
        expect(settled + unsettled.length).toBe(projects.length);
        expect(phaseOf(after)).toBe(unsettled.length === 0 ? 'settled' : 'running');
      }),
    ),
    runs,
  );
});

test('a stop never starts anything, and ends nothing that may have started', () => {
  fc.assert(
    fc.property(life, (steps) =>
      live(steps, (before, after, events) => {
        if (events[0]?.type !== 'StopRequested') return;
        for (const [index, target] of after.targets.entries()) {
          const was = before.targets[index]?.state.at;
          expect(target.state.at).toBe(was === 'waiting' ? 'not-started' : was);
        }
      }),
    ),
    runs,
  );
});

test('nothing starts after a stop until somebody retries', () => {
  fc.assert(
    fc.property(life, (steps) =>
      live(steps, (before, after, events) => {
        if (!before.stop || events[0]?.type === 'RetryRequested') return;
        expect(events.some(({ type }) => type === 'TriggerIntended')).toBe(false);
        expect(after.targets.some((target) => wordOf(target) === 'waiting')).toBe(false);
      }),
    ),
    runs,
  );
});

test('only a retry sets an ended target waiting, and never one that passed', () => {
  let retries = 0;
  fc.assert(
    fc.property(life, (steps) =>
      live(steps, (before, after, events) => {
        for (const target of before.targets) {
          const next = findTarget(after, target.project);
          if (!isSettled(target) || !next || wordOf(next) !== 'waiting') continue;
          retries += 1;
          expect(events.map(({ type }) => type)).toEqual(['RetryRequested']);
          expect(['failed', 'canceled', 'skipped', 'not-started']).toContain(wordOf(target));
          expect(next.attempt).toBe(target.attempt + 1);
        }
      }),
    ),
    runs,
  );
  expect(retries).toBeGreaterThan(100);
});

test('every state that waits, runs or is told has its work, and holds exactly what is not settled', () => {
  fc.assert(
    fc.property(life, (steps) => {
      const claims = new Set(projects);
      live(steps, (before, after, events) => {
        if (events.length === 0) return;
        const change = changeOf('abcd2345', before, events, { actor: 'gonogo', at: now });
        for (const claimed of change.claimIfFree ?? []) claims.add(claimed);
        for (const released of change.release ?? []) claims.delete(released);
        const work = new Set(change.work?.map(({ kind, key }) => `${kind} ${key}`));
        for (const { project: name, state } of after.targets) {
          const was = findTarget(before, name)?.state;
          if (state.at === 'waiting' && was?.at !== 'waiting')
            expect(work).toContain(`trigger abcd2345/${name}`);
          if (state.at === 'following' && was?.at !== 'following')
            expect(work).toContain(`follow abcd2345/${name}`);
        }
        if (after.preflight === 'passed')
          expect([...claims].sort()).toEqual(
            after.targets.filter((target) => !isSettled(target)).map((target) => target.project),
          );
        else expect([...claims].sort()).toEqual(after.preflight === 'pending' ? projects : []);
      });
    }),
    runs,
  );
});

test('what can be retried is never on the way', () => {
  fc.assert(
    fc.property(life, (steps) =>
      live(steps, (_, after) => {
        for (const name of retryable(after)) {
          const target = findTarget(after, name);
          expect(target && isSettled(target)).toBe(true);
        }
      }),
    ),
    runs,
  );
});
