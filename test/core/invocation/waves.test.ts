import { describe, expect, test } from 'vitest';
import type { InvocationEvent } from '../../../src/core/invocation/events.ts';
import { earlierThan, waitsFor } from '../../../src/core/invocation/waves.ts';
import type { Promotion } from '../../../src/core/promotion/state.ts';
import { failed, Life, minutes, verdict } from '../promotion/samples.ts';
import {
  folded,
  foldOn,
  intended,
  lostSight,
  observed,
  ready,
  retryRequested,
  stopRequested,
  triggered,
  triggerFailed,
} from './samples.ts';
import { serviceOf, wavesOf } from './wave-samples.ts';

const now = minutes(60);
const names = (catalogue: Parameters<typeof earlierThan>[0], targets: string[], project: string) =>
  earlierThan(catalogue, folded(...ready(...targets)), project).map((one) => one.project);

describe('what goes before a target', () => {
  const three = wavesOf([['a'], ['b', 'c'], ['d']]);
  test.each<[string, string[], string[]]>([
    ['a', ['a', 'b', 'c', 'd'], []],
    ['b', ['a', 'b', 'c', 'd'], ['a']],
    ['d', ['a', 'b', 'c', 'd'], ['a', 'b', 'c']],
    ['d', ['b', 'd'], ['b']],
    ['d', ['d', 'x'], []],
    ['x', ['a', 'b', 'x'], []],
  ])('%s of %j is %j', (project, targets, before) => {
    expect(names(three, targets, project)).toEqual(before);
  });

  test('is nothing without waves', () => {
    expect(names(wavesOf([], [serviceOf('a'), serviceOf('b')]), ['a', 'b'], 'b')).toEqual([]);
  });

  test('is nothing for one target alone', () => {
    expect(earlierThan(three, folded(...ready('d')), 'd')).toEqual([]);
  });

  test('is nothing in a cut-off', () => {
    const state = folded(...ready('a', 'b'));
    expect(earlierThan(three, { ...state, action: 'bring-all-code-to-release-branch' }, 'b')).toEqual([]);
  });

  test('never makes two wait for each other, where a project has services in two waves', () => {
    const crossed = wavesOf(
      [['a-first'], ['b'], ['a-last']],
      [serviceOf('a', ['production'], 'a-first'), serviceOf('a', ['production'], 'a-last')],
    );
    expect(names(crossed, ['a', 'b'], 'a')).toEqual([]);
    expect(names(crossed, ['a', 'b'], 'b')).toEqual(['a']);
  });

  test('counts only regions where this deploy goes, of services in a wave before', () => {
    const catalogue = wavesOf(
      [['a', 'a-staging'], ['b'], ['a-late']],
      [
        serviceOf('a', ['production', 'production/us']),
        serviceOf('a', ['staging', 'production', 'staging'], 'a-staging'),
        serviceOf('a', ['staging'], 'a-late'),
      ],
    );
    expect(earlierThan(catalogue, folded(...ready('a', 'b')), 'b')).toEqual([
      {
        project: 'a',
        rollouts: [
          { service: 'a-staging', region: 'eu-west-1' },
          { service: 'a-staging', region: 'ap-south-1' },
        ],
      },
    ]);
  });
});

describe('a target of the second wave waits for', () => {
  const catalogue = wavesOf([['a'], ['b']]);
  test.each<[string, string[], InvocationEvent[]]>([
    ['one that waits', ['a has not passed yet'], []],
    ['one that is starting', ['a has not passed yet'], [intended('a')]],
    ['one that runs', ['a has not passed yet'], [triggered('a'), observed('a', 'running')]],
    ['no one that passed', [], [triggered('a'), observed('a', 'passed')]],
    ['one that failed', ['a failed'], [triggered('a'), observed('a', 'failed')]],
    ['one that could not be started', ['a failed'], [intended('a'), triggerFailed('a')]],
    ['one that was canceled', ['a was canceled'], [triggered('a'), observed('a', 'canceled')]],
    ['one that was skipped', ['a was skipped'], [triggered('a'), observed('a', 'skipped')]],
    ['one with a manual job', ['a waits for a person in GitLab'], [triggered('a'), observed('a', 'manual')]],
    ['one out of sight', ['a was not seen to end'], [triggered('a'), lostSight('a')]],
    ['one that was stopped', ['a was not started'], [stopRequested()]],
    ['one that is tried again', ['a has not passed yet'], [triggerFailed('a'), retryRequested('a')]],
    [
      'no one that passed at the second try',
      [],
      [triggerFailed('a'), retryRequested('a'), triggered('a'), observed('a', 'passed')],
    ],
    [
      'one that runs again after it had passed',
      ['a has not passed yet'],
      [triggered('a'), observed('a', 'passed'), observed('a', 'running')],
    ],
  ])('%s: %j', (_, words, events) => {
    const state = folded(...ready('a', 'b'), ...events);
    expect(waitsFor(state, earlierThan(catalogue, state, 'b'), new Map(), now)).toEqual(words);
    expect(waitsFor(state, earlierThan(catalogue, state, 'a'), new Map(), now)).toEqual([]);
  });

  test('those that went wrong first, and no more than three by name', () => {
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const state = folded(
      ...ready(...many, 'z'),
      ...['e', 'f', 'g', 'h'].map(triggerFailed),
      ...['a', 'i'].flatMap((name) => [triggered(name), observed(name, 'passed')]),
    );
    const say = (events: InvocationEvent[]) => {
      const after = foldOn(state, ...events) ?? state;
      return waitsFor(after, earlierThan(wavesOf([many, ['z']]), after, 'z'), new Map(), now);
    };
    const wrong = ['e failed', 'f failed', 'g failed', 'others that went wrong too'];
    expect(say([])).toEqual([
      ...wrong,
      'b has not passed yet',
      'c has not passed yet',
      'd has not passed yet',
    ]);
    expect(say([retryRequested('h')])).toEqual([
      'e failed',
      'f failed',
      'g failed',
      'more than 3 that are not through yet',
    ]);
  });
});

describe('a target whose forerunner passed waits for its rollout in staging', () => {
  const plan = serviceOf('a', ['staging', 'production']);
  const catalogue = wavesOf([['a'], ['b']], [plan]);
  const state = folded(...ready('a', 'b'), triggered('a'), observed('a', 'passed'));
  const earlier = earlierThan(catalogue, state, 'b');
  const say = (...promotions: Promotion[]) => waitsFor(state, earlier, new Map([['a', promotions]]), now);
  const life = (name: string) => new Life(name).opened(plan);
  const open = ['a in eu-west-1 is not GO yet'];

  test('until it is GO', () => {
    expect(say()).toEqual(open);
    expect(waitsFor(state, earlier, new Map(), now)).toEqual(open);
    const one = life('a.1');
    expect(say(one.now())).toEqual(open);
    one.started('eu-west-1', minutes(1));
    expect(say(one.now())).toEqual(open);
    one.judged('eu-west-1', minutes(2));
    expect(say(one.now())).toEqual([]);
  });

  test('and says when it is NO-GO or inconclusive, until it is looked at again', () => {
    const one = life('a.1').started('eu-west-1', minutes(1)).judged('eu-west-1', minutes(2), failed);
    expect(say(one.now())).toEqual(['a in eu-west-1 is NO-GO']);
    one.judged('eu-west-1', minutes(3), verdict({ outcome: 'inconclusive', reason: 'AWS does not answer.' }));
    expect(say(one.now())).toEqual(['a in eu-west-1 is INCONCLUSIVE']);
    one.judged('eu-west-1', minutes(4));
    expect(say(one.now())).toEqual([]);
  });

  test('not for one in production', () => {
    const one = life('a.1').started('eu-west-1', minutes(1)).judged('eu-west-1', minutes(2));
    one.started('us-east-1', minutes(3)).judged('us-east-1', minutes(4), failed);
    expect(say(one.now())).toEqual([]);
  });

  test('not counting one from before the invocation was confirmed', () => {
    const early = Date.parse(state.requestedAt) - 60_000;
    const one = life('a.1').started('eu-west-1', new Date(early)).judged('eu-west-1', minutes(2));
    expect(say(one.now())).toEqual(open);
    one.started('eu-west-1', new Date(state.requestedAt), 2).judged('eu-west-1', minutes(3), verdict(), 2);
    expect(say(one.now())).toEqual([]);
  });

  test('counting the one that started last, whatever changed last', () => {
    const one = life('a.1').started('eu-west-1', minutes(1)).judged('eu-west-1', minutes(9));
    const two = life('a.2').started('eu-west-1', minutes(2)).judged('eu-west-1', minutes(3), failed);
    expect(say(one.now(), two.now())).toEqual(['a in eu-west-1 is NO-GO']);
    expect(say(two.now(), one.now())).toEqual(['a in eu-west-1 is NO-GO']);
  });
});
