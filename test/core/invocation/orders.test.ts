import { describe, expect, test } from 'vitest';
import type { InvocationEvent } from '../../../src/core/invocation/events.ts';
import { changeOf, hasReply, keys } from '../../../src/core/invocation/orders.ts';
import { findTarget } from '../../../src/core/invocation/state.ts';
import {
  confirmed,
  expanded,
  folded,
  foldOn,
  gitlabOrigin,
  held,
  intended,
  lostSight,
  now,
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

const id = 'abcd2345';
const parent = `message invocation/${id}/parent`;
const reply = (project: string) => `message invocation/${id}/target/${project}`;
const trigger = (project: string) => `trigger ${id}/${project}`;
const follow = (project: string) => `follow ${id}/${project}`;

const running = [...ready('a', 'b'), triggered('a', 1), triggered('b', 2)];

interface Case {
  before: InvocationEvent[];
  events: InvocationEvent[];
  work: string[];
  claims?: string[];
  releases?: string[];
}

const cases: [string, Case][] = [
  [
    'a submit of one: check it, tell it, hold it',
    { before: [], events: [submitted('a'), confirmed()], work: [parent, `preflight ${id}`], claims: ['a'] },
  ],
  [
    'a submit of all: hold all',
    {
      before: [],
      events: [submitted(), confirmed(), expanded('a', 'b')],
      work: [parent, `preflight ${id}`],
      claims: ['a', 'b'],
    },
  ],
  [
    'a passed check: start each target',
    {
      before: [submitted(), confirmed(), expanded('a', 'b')],
      events: [preflightPassed('a', 'b')],
      work: [parent, trigger('a'), trigger('b')],
    },
  ],
  [
    'a refused check: let go of all, start none',
    {
      before: [submitted(), confirmed(), expanded('a', 'b')],
      events: [preflightFailed('a')],
      work: [parent],
      releases: ['a', 'b'],
    },
  ],
  [
    'a stop: let go of what waits, tell it, and let what was asked for learn of it',
    {
      before: [...ready('a', 'b'), intended('a')],
      events: [stopRequested()],
      work: [parent, trigger('a'), reply('b')],
      releases: ['b'],
    },
  ],
  [
    'a check that passes after a stop: start none, tell each',
    {
      before: [submitted(), confirmed(), expanded('a', 'b'), stopRequested()],
      events: [preflightPassed('a', 'b')],
      work: [parent, reply('a'), reply('b')],
      releases: ['a', 'b'],
    },
  ],
  [
    'a repeated check: check and hold again',
    {
      before: [submitted('a'), confirmed(), preflightFailed('a')],
      events: [retryRequested('a')],
      work: [parent, `preflight ${id}`],
      claims: ['a'],
    },
  ],
  ['an intent: only the message', { before: ready('a', 'b'), events: [intended('a')], work: [parent] }],
  [
    'a started pipeline: follow it and tell it',
    {
      before: [...ready('a', 'b'), intended('a')],
      events: [triggered('a')],
      work: [parent, follow('a'), reply('a')],
    },
  ],
  [
    'a refused request: tell it and let go',
    {
      before: [...ready('a', 'b'), intended('a')],
      events: [triggerFailed('a')],
      work: [parent, reply('a')],
      releases: ['a'],
    },
  ],
  [
    'a look at a running pipeline: tell it, follow no second time',
    { before: running, events: [observed('a', 'running')], work: [parent, reply('a')] },
  ],
  ...(['passed', 'failed', 'canceled', 'skipped', 'manual'] as const).map((outcome): [string, Case] => [
    `a pipeline that is ${outcome}: tell it and let go`,
    { before: running, events: [observed('a', outcome)], work: [parent, reply('a')], releases: ['a'] },
  ]),
  [
    'a pipeline that a person sets going again: hold it where nobody else does',
    {
      before: [...running, observed('a', 'manual')],
      events: [observed('a', 'running')],
      work: [parent, reply('a')],
      claims: ['a'],
    },
  ],
  [
    'a newer pipeline of the same target: follow that',
    { before: running, events: [triggered('a', 9)], work: [parent, follow('a'), reply('a')] },
  ],
  [
    'news of another pipeline: nothing of the target',
    { before: running, events: [observed('a', 'failed', 77)], work: [parent] },
  ],
  [
    'a pipeline out of sight: tell it and let go',
    { before: running, events: [lostSight('a')], work: [parent, reply('a')], releases: ['a'] },
  ],
  [
    'a stop: tell those that will not start and let them go',
    {
      before: [...ready('a', 'b'), triggered('a')],
      events: [stopRequested()],
      work: [parent, reply('b')],
      releases: ['b'],
    },
  ],
  [
    'a retry: start only those, hold them, keep their replies up to date',
    {
      before: [...running, observed('a', 'failed'), observed('b', 'passed', 2)],
      events: [retryRequested('a')],
      work: [parent, trigger('a'), reply('a')],
      claims: ['a'],
    },
  ],
  [
    'a hold: tell it, and leave its trigger to its own time',
    { before: ready('a', 'b'), events: [held('b', 'a has not passed yet')], work: [parent, reply('b')] },
  ],
  [
    'the start of one that was held: tell it too',
    { before: [...ready('a', 'b'), held('b', 'a')], events: [intended('b')], work: [parent, reply('b')] },
  ],
  ...(['passed', 'failed', 'manual'] as const).map((outcome): [string, Case] => [
    `a pipeline that is ${outcome} while another is held: that one looks again`,
    {
      before: [...ready('a', 'b'), triggered('a'), held('b', 'a has not passed yet')],
      events: [observed('a', outcome)],
      work: [parent, reply('a'), trigger('b')],
      releases: ['a'],
    },
  ]),
  [
    'a retry of what others are held for: they look again',
    {
      before: [...ready('a', 'b'), triggerFailed('a'), held('b', 'a failed')],
      events: [retryRequested('a')],
      work: [parent, trigger('a'), reply('a'), trigger('b')],
      claims: ['a'],
    },
  ],
  [
    'a look at a pipeline that runs on while another is held: nothing of that one',
    {
      before: [...ready('a', 'b'), triggered('a'), held('b', 'a has not passed yet')],
      events: [observed('a', 'running')],
      work: [parent, reply('a')],
    },
  ],
  [
    'a stop of one that is held: tell it and let go, start nothing',
    {
      before: [...ready('a', 'b'), triggered('a'), held('b', 'a has not passed yet')],
      events: [stopRequested()],
      work: [parent, reply('b')],
      releases: ['b'],
    },
  ],
  [
    'a pipeline that someone started in GitLab: follow it without a check',
    {
      before: [],
      events: [submitted('a', gitlabOrigin), confirmed(), triggered('a', 5, true)],
      work: [parent, follow('a'), reply('a')],
      claims: ['a'],
    },
  ],
];

describe('what follows from', () => {
  test.each(cases)('%s', (_, { before, events, work, claims = [], releases = [] }) => {
    const change = changeOf(id, foldOn(null, ...before), events, { actor: 'gonogo', at: now });
    expect(change.events).toBe(events);
    expect(change.work?.map(({ kind, key }) => `${kind} ${key}`)).toEqual(work);
    expect(change.claim).toBeUndefined();
    expect(change.claimIfFree).toEqual(claims);
    expect(change.release).toEqual(releases);
  });
});

test('a person’s change must hold its projects, an observed one holds them where they are free', () => {
  const by = { actor: 'U0RITA', at: now };
  const must = changeOf(id, null, [submitted('a'), confirmed()], { ...by, mustHold: true });
  expect([must.claim, must.claimIfFree]).toEqual([['a'], undefined]);
  const may = changeOf(id, null, [submitted('a'), confirmed()], by);
  expect([may.claim, may.claimIfFree]).toEqual([undefined, ['a']]);
});

test('no events are no change', () => {
  expect(changeOf(id, null, [], { actor: 'gonogo', at: now })).toEqual({ events: [], actor: 'gonogo' });
});

describe('the keys', () => {
  test('of a target lead back to it', () => {
    expect(keys.readTarget(keys.target(id, 'bf-manage-core'))).toEqual({ id, project: 'bf-manage-core' });
  });

  test('of messages lead back to invocation and project', () => {
    expect(keys.readMessage(keys.parentMessage(id))).toEqual({ id, project: null });
    expect(keys.readMessage(keys.targetMessage(id, 'bf-web'))).toEqual({ id, project: 'bf-web' });
  });
});

test.each<[string, InvocationEvent[], boolean]>([
  ['waits', ready('a'), false],
  ['is held', [...ready('a', 'b'), held('a', 'b failed')], true],
  ['is being started', [...ready('a'), intended('a')], false],
  ['is being started after it was held', [...ready('a', 'b'), held('a', 'b'), intended('a')], true],
  ['runs', [...ready('a'), triggered('a')], true],
  ['was refused', [...ready('a'), triggerFailed('a')], true],
  ['was stopped', [...ready('a'), stopRequested()], true],
  ['waits again', [...ready('a'), triggerFailed('a'), retryRequested('a')], true],
])('a target that %s has a reply: %s', (_, events, replies) => {
  const target = findTarget(folded(...events), 'a');
  expect(target && hasReply(target)).toBe(replies);
});
