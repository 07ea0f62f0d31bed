import { describe, expect, test } from 'vitest';
import type { InvocationEvent } from '../../../src/core/invocation/events.ts';
import {
  findTarget,
  type InvocationPhase,
  isHeld,
  isSettled,
  needsRetry,
  phaseOf,
  type TargetWord,
  wordOf,
} from '../../../src/core/invocation/state.ts';
import { invocationStream } from '../../../src/core/invocation/stream.ts';
import {
  confirmed,
  fault,
  folded,
  foldOn,
  gitlabOrigin,
  held,
  intended,
  lostSight,
  observed,
  preflightFailed,
  preflightPassed,
  ready,
  retryRequested,
  stopRequested,
  submitted,
  triggered,
  triggerFailed,
} from './samples.ts';

describe('the word for a target', () => {
  test.each<[TargetWord, boolean, boolean, InvocationEvent[]]>([
    ['waiting', false, false, []],
    ['waiting', false, false, [held('a', 'b failed')]],
    ['starting', false, false, [intended('a')]],
    ['not-started', true, true, [held('a', 'b failed'), stopRequested()]],
    ['running', false, false, [triggered('a')]],
    ['running', false, false, [triggered('a'), observed('a', 'running')]],
    ['passed', true, false, [triggered('a'), observed('a', 'passed')]],
    ['failed', true, true, [triggered('a'), observed('a', 'failed')]],
    ['canceled', true, true, [triggered('a'), observed('a', 'canceled')]],
    ['skipped', true, true, [triggered('a'), observed('a', 'skipped')]],
    ['manual', true, false, [triggered('a'), observed('a', 'manual')]],
    ['failed', true, true, [triggerFailed('a')]],
    ['lost', true, false, [triggered('a'), lostSight('a')]],
    ['not-started', true, true, [stopRequested()]],
    ['waiting', false, false, [triggerFailed('a'), retryRequested('a')]],
    ['running', false, false, [triggered('a'), lostSight('a'), observed('a', 'running')]],
  ])('is %s (settled %s, to retry %s)', (word, settled, again, events) => {
    const target = findTarget(folded(...ready('a'), ...events), 'a');
    if (!target) throw new Error('no target');
    expect([wordOf(target), isSettled(target), needsRetry(target)]).toEqual([word, settled, again]);
  });
});

describe('the phase', () => {
  test.each<[InvocationPhase, InvocationEvent[]]>([
    ['checking', [submitted('a'), confirmed()]],
    ['refused', [submitted('a'), confirmed(), preflightFailed('a')]],
    ['checking', [submitted('a'), confirmed(), preflightFailed('a'), retryRequested('a')]],
    ['running', ready('a')],
    ['running', [...ready('a', 'b'), triggerFailed('a')]],
    ['settled', [...ready('a', 'b'), triggerFailed('a'), triggered('b'), observed('b', 'passed')]],
    ['running', [submitted('a', gitlabOrigin), confirmed(), triggered('a')]],
  ])('is %s', (phase, events) => {
    expect(phaseOf(folded(...events))).toBe(phase);
  });
});

describe('what happened', () => {
  test('to one project leaves the others as they were', () => {
    const before = folded(...ready('a', 'b', 'c'));
    const after = foldOn(before, triggered('b'));
    expect(after && findTarget(after, 'a')).toBe(findTarget(before, 'a'));
    expect(after && findTarget(after, 'c')).toBe(findTarget(before, 'c'));
  });

  test('to an older pipeline is old news', () => {
    const state = folded(...ready('a'), triggered('a', 1), triggered('a', 2));
    expect(foldOn(state, observed('a', 'failed', 1))?.targets).toEqual(state.targets);
  });

  test('after a retry counts the try', () => {
    const state = folded(
      ...ready('a'),
      triggerFailed('a'),
      retryRequested('a'),
      triggerFailed('a'),
      retryRequested('a'),
    );
    expect(findTarget(state, 'a')).toMatchObject({ attempt: 3, state: { at: 'waiting' } });
  });

  test('before a stop goes on: only what waits is stopped', () => {
    const state = folded(...ready('a', 'b', 'c'), intended('a'), triggered('b'), stopRequested());
    expect(state.targets.map(wordOf)).toEqual(['starting', 'running', 'not-started']);
    expect(state.stop).toEqual({ by: 'U0RITA', at: state.changedAt });
  });

  test('with a stop while it was checked is that nothing starts', () => {
    const state = folded(submitted('a'), confirmed(), stopRequested(), preflightPassed('a'));
    expect(state.targets.map(wordOf)).toEqual(['not-started']);
  });

  test('before the submit is a broken stream', () => {
    expect(() => foldOn(null, confirmed())).toThrow('not with OrchestrationInputsSubmitted');
  });

  test('never changes a state that somebody still holds', () => {
    const before = folded(...ready('a', 'b'), triggered('a'));
    const kept = structuredClone(before);
    foldOn(before, observed('a', 'failed'), retryRequested('a'), stopRequested());
    expect(before).toEqual(kept);
  });
});

describe('a target that its wave holds', () => {
  const words = ['b has not passed yet'];
  const stateOf = (...events: InvocationEvent[]) => folded(...ready('a', 'b'), ...events).targets[0];

  test('says for what, the last words standing', () => {
    expect(stateOf(held('a', 'older'), held('a', ...words))).toMatchObject({
      state: { at: 'waiting', waitsFor: words },
      wasHeld: true,
    });
  });

  test('is let go by no words, and by its start', () => {
    const free = stateOf(held('a', ...words), held('a'));
    expect(free?.state).toEqual({ at: 'waiting' });
    expect(free && isHeld(free)).toBe(false);
    const started = stateOf(held('a', ...words), intended('a'));
    expect(started?.state).toEqual({ at: 'starting', runId: 'run-a', request: 1, since: expect.any(String) });
    expect(started && isHeld(started)).toBe(false);
  });

  test('waits for nothing yet when it was stopped and is tried again', () => {
    const again = stateOf(held('a', ...words), stopRequested(), retryRequested('a'));
    expect(again).toMatchObject({ attempt: 2, state: { at: 'waiting' } });
    expect(again && isHeld(again)).toBe(false);
  });

  test.each<[string, InvocationEvent]>([
    ['is starting', intended('a')],
    ['runs', triggered('a')],
    ['was stopped', stopRequested()],
  ])('cannot be one that %s', (_, before) => {
    expect(stateOf(before, held('a', ...words))).toEqual(stateOf(before));
  });

  test('was never one in a stream from before there were waves', () => {
    expect(stateOf()).toEqual({
      project: 'a',
      path: 'group/a',
      ref: 'release',
      attempt: 1,
      state: { at: 'waiting' },
    });
  });
});

describe('a stored event', () => {
  test.each<[string, string, unknown]>([
    ['of an unknown type', 'SomethingElse', {}],
    ['named like a property of every object', 'constructor', {}],
    ['without its data', 'TriggerIntended', {}],
    ['with more than its data', 'StopRequested', { by: 'hand' }],
    [
      'with an outcome that nobody knows',
      'PipelineObserved',
      { project: 'a', observed: { outcome: 'great' } },
    ],
    ['with null for data', 'StopRequested', null],
  ])('%s is an error and no surprise', (_, type, data) => {
    expect(() => invocationStream.parse(type, data)).toThrow();
  });

  test.each(
    [
      ...ready('a', 'b'),
      submitted('a', gitlabOrigin),
      preflightFailed('a'),
      intended('a'),
      triggered('a'),
      triggerFailed('a'),
      observed('a', 'passed'),
      lostSight('a'),
      held('a', 'b failed'),
      stopRequested(),
      retryRequested('a'),
    ].map((event): [string, InvocationEvent] => [event.type, event]),
  )('%s comes back from JSON as it was', (type, event) => {
    expect(invocationStream.parse(type, JSON.parse(JSON.stringify(event.data)))).toEqual(event);
  });

  test('with a problem keeps its words', () => {
    expect(folded(...ready('a'), triggerFailed('a')).targets[0]?.state).toEqual({
      at: 'failed',
      problem: fault,
    });
  });
});
