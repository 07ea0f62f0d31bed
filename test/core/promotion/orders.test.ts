import { expect, test } from 'vitest';
import { promotionKeys } from '../../../src/core/promotion/orders.ts';
import { promotionStream } from '../../../src/core/promotion/stream.ts';
import { failed, finding, id, Life, minutes, verdict } from './samples.ts';

const eu = 'eu-west-1';
const us = 'us-east-1';

test('a rollout that starts is watched, told, and shown beside the commit', () => {
  const life = new Life().opened();
  const change = life.do(minutes(1), startEvents(life));
  expect(change.watch).toMatchObject([{ key: { promotion: id, region: eu, run: 1 }, at: minutes(1) }]);
  expect(life.work).toEqual([
    `message promotion/${id}/parent`,
    `message promotion/${id}/rollout/${eu}/1`,
    `commit-status ${id}/${eu}`,
    `rollouts -/${eu}`,
  ]);
});

test('its first pass starts the checks after it, once', () => {
  const life = new Life().opened().started(eu, minutes(1)).judged(eu, minutes(2));
  expect(life.work).toContain(`rollout-check ${id}/${eu}/spike`);
  life.judged(eu, minutes(3), verdict({ isFinal: true, row: 14 }));
  expect(life.work).not.toContain(`rollout-check ${id}/${eu}/spike`);
});

test('the next run closes the watch of the one before', () => {
  const life = new Life().opened().started(eu, minutes(1));
  const change = life.do(minutes(2), startEvents(life, 2));
  expect(change.unwatch).toEqual([{ promotion: id, region: eu, run: 1 }]);
  expect(change.watch).toMatchObject([{ key: { run: 2 } }]);
});

test('a watch that ends is closed, and a re-check opens it again with a deadline of its own', () => {
  const life = new Life().opened().started(eu, minutes(1)).judged(eu, minutes(2), failed);
  expect(life.do(minutes(3), [{ type: 'WatchEnded', data: { region: eu, run: 1 } }]).unwatch).toHaveLength(1);
  const change = life.do(minutes(30), [{ type: 'RecheckRequested', data: { region: eu, run: 1 } }]);
  expect(change.watch?.[0]?.subject.watchedSince).toBe(minutes(30).toISOString());
});

test('what an earlier region’s regression does to a later one is told there too', () => {
  const life = new Life().opened().went(eu, minutes(1)).went(us, minutes(2));
  life.judged(eu, minutes(3), failed);
  expect(life.work).toContain(`commit-status ${id}/${us}`);
  expect(life.work.filter((one) => one.includes('/notice/'))).toHaveLength(2);
});

test('a confirmed waiver is looked at again when it ends', () => {
  const life = new Life().opened().started(eu, minutes(1)).judged(eu, minutes(2), failed);
  const expiresAt = minutes(60).toISOString();
  const data = {
    waiver: 'w',
    region: eu,
    run: 1,
    blocker: 'rollout',
    signal: failed.reason,
    title: '',
    reason: 'x',
  };
  life.do(minutes(3), [{ type: 'WaiverProposed', data: { ...data, expiresAt } }], 'U1');
  life.do(minutes(4), [{ type: 'WaiverConfirmed', data: { waiver: 'w' } }], 'U2');
  expect(life.work).toContain(`rollout-lapse ${id}/${expiresAt}`);
  life.do(minutes(60), []);
  expect(life.decisions()).toEqual([`${eu} NO-GO`, `${eu} GO`, `${eu} NO-GO`]);
});

test('nothing new is nothing recorded', () => {
  const life = new Life().opened().went(eu, minutes(1));
  expect(life.do(minutes(2), []).events).toEqual([]);
});

test('news of a run that is over change nothing', () => {
  const life = new Life().opened().started(eu, minutes(1)).started(eu, minutes(2), 2);
  const before = life.now().regions;
  life.judged(eu, minutes(3), failed, 1).checked(eu, minutes(3), finding({ outcome: 'fail' }), 1);
  expect(life.now().regions).toEqual(before);
});

test('every event reads back as it was written, and none else', () => {
  const life = new Life().opened().went(eu, minutes(1)).judged(eu, minutes(2), failed);
  for (const { type, data } of life.recorded)
    expect(promotionStream.parse(type, JSON.parse(JSON.stringify(data)))).toEqual({ type, data });
  expect(() => promotionStream.parse('Nonsense', {})).toThrow('no event');
  expect(() => promotionStream.parse('WatchEnded', { region: eu, run: 1, more: 1 })).toThrow();
});

test('keys read back', () => {
  expect(promotionKeys.readMessage(promotionKeys.rollout(id, eu, 3))).toEqual({
    id,
    part: 'rollout',
    name: eu,
    run: 3,
  });
  expect(promotionKeys.read(promotionKeys.check(id, eu, 'spike'))).toEqual({ id, region: eu, rest: 'spike' });
});

function startEvents(life: Life, run = 1) {
  const expected = {
    commit: life.now().commit,
    taskDefinition: null,
    digest: null,
    appliedAt: minutes(1).toISOString(),
    before: null,
  };
  return [
    {
      type: 'RolloutStarted' as const,
      data: { region: eu, run, source: `test/${run}`, expected, pipeline: null },
    },
  ];
}
