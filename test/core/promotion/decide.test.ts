import { describe, expect, test } from 'vitest';
import { decideRegion } from '../../../src/core/promotion/decide.ts';
import { failed, finding, Life, minutes, planWith, verdict } from './samples.ts';

const eu = 'eu-west-1';
const us = 'us-east-1';
const opened = () => new Life().opened();
const decisionOf = (life: Life, region = eu, at = minutes(10)) =>
  decideRegion(life.now(), region, at).decision;

test('a region without a rollout has no decision, one that is watched is open', () => {
  const life = opened();
  expect(decisionOf(life)).toBe('none');
  life.started(eu, minutes(1));
  expect(decisionOf(life)).toBe('watching');
  life.judged(eu, minutes(2), verdict({ row: 16, outcome: 'waiting', reason: 'Tasks start.' }));
  expect(decisionOf(life)).toBe('watching');
  expect(life.decisions()).toEqual([]);
});

test('a pass is GO only once every check after it is green', () => {
  const life = opened().started(eu, minutes(1)).judged(eu, minutes(2));
  expect(decisionOf(life)).toBe('watching');
  life.checked(eu, minutes(3), finding({ outcome: 'waiting' }));
  expect(decisionOf(life)).toBe('watching');
  life.checked(eu, minutes(4), finding({ outcome: 'not-applicable' }));
  expect(decisionOf(life)).toBe('GO');
  expect(life.decisions()).toEqual(['eu-west-1 GO']);
});

describe('a rollout is not GO when', () => {
  test.each([
    ['it failed', failed, undefined, 'NO-GO'],
    ['it is not known', verdict({ row: 3, outcome: 'inconclusive' }), undefined, 'INCONCLUSIVE'],
    ['a check after it fails', verdict(), finding({ outcome: 'fail', reason: 'A spike.' }), 'NO-GO'],
    ['a check after it is not known', verdict(), finding({ outcome: 'inconclusive' }), 'INCONCLUSIVE'],
  ])('%s', (_, said, found, decision) => {
    const life = opened().started(eu, minutes(1)).judged(eu, minutes(2), said);
    if (found) life.checked(eu, minutes(3), found);
    expect(decisionOf(life)).toBe(decision);
    expect(life.decisions()).toEqual([`eu-west-1 ${decision}`]);
  });
});

test('a later look takes a GO back, and says that it is not known while it is not', () => {
  const life = opened().went(eu, minutes(1));
  life.judged(eu, minutes(6), verdict({ row: 16, outcome: 'waiting', reason: 'Tasks start.' }));
  life.judged(eu, minutes(7), failed);
  expect(life.decisions()).toEqual(['eu-west-1 GO', 'eu-west-1 INCONCLUSIVE', 'eu-west-1 NO-GO']);
  expect(decideRegion(life.now(), eu, minutes(8))).toMatchObject({ decision: 'NO-GO', advice: 'alert' });
});

test('a regression of an earlier region takes the GO of the later ones too, and its mending gives them back', () => {
  const life = opened().went(eu, minutes(1)).went(us, minutes(5));
  life.judged(eu, minutes(6), failed);
  expect(life.decisions().slice(2)).toEqual(['eu-west-1 NO-GO', 'us-east-1 NO-GO']);
  expect(decideRegion(life.now(), us, minutes(6)).holds[0]).toMatchObject({ blocker: 'order/eu-west-1' });
  life.judged(eu, minutes(7));
  expect(life.decisions().slice(4)).toEqual(['eu-west-1 GO', 'us-east-1 GO']);
});

test('a region that runs before its turn is not GO however healthy it is', () => {
  const life = opened().went(us, minutes(1));
  expect(decisionOf(life, us)).toBe('INCONCLUSIVE');
  life.started(eu, minutes(2)).judged(eu, minutes(3), failed);
  expect(decisionOf(life, us)).toBe('NO-GO');
});

describe('a waiver', () => {
  const waived = (life: Life, signal = failed.reason) => {
    const data = {
      waiver: 'w1',
      region: eu,
      run: 1,
      blocker: 'rollout',
      signal,
      title: 'ECS rollout',
      reason: 'Known.',
      expiresAt: minutes(60).toISOString(),
    };
    life.do(minutes(3), [{ type: 'WaiverProposed', data }], 'U1');
    return life;
  };
  const confirmed = (life: Life) => {
    life.do(minutes(4), [{ type: 'WaiverConfirmed', data: { waiver: 'w1' } }], 'U2');
    return life;
  };
  const failing = () => opened().started(eu, minutes(1)).judged(eu, minutes(2), failed);

  test('counts once a second person confirmed, from then on, until it ends', () => {
    const life = waived(failing());
    expect(decisionOf(life)).toBe('NO-GO');
    confirmed(life);
    expect(decideRegion(life.now(), eu, minutes(5))).toMatchObject({
      decision: 'GO',
      holds: [],
      freshFrom: minutes(4).toISOString(),
    });
    expect(decisionOf(life, eu, minutes(60))).toBe('NO-GO');
  });

  test('makes fresh from its second yes on, not from the pass that was taken back', () => {
    const life = confirmed(waived(opened().went(eu, minutes(1)).judged(eu, minutes(2), failed)));
    expect(decideRegion(life.now(), eu, minutes(5))).toMatchObject({ freshFrom: minutes(4).toISOString() });
  });

  test('does not count for another signal, or for the next run', () => {
    const life = confirmed(waived(failing()));
    life.judged(eu, minutes(5), { ...failed, reason: 'Something else.' });
    expect(decisionOf(life)).toBe('NO-GO');
    const next = confirmed(waived(failing())).started(eu, minutes(6), 2).judged(eu, minutes(7), failed, 2);
    expect(decisionOf(next)).toBe('NO-GO');
  });

  test('lets only what it names through', () => {
    const life = waived(opened().started(eu, minutes(1)).judged(eu, minutes(2)), 'A spike.');
    confirmed(life).checked(eu, minutes(5), finding({ outcome: 'fail', reason: 'A spike.' }));
    expect(decisionOf(life)).toBe('NO-GO');
  });
});

test('the advice: proceed with GO, call somebody when nothing serves, otherwise the owner looks', () => {
  const adviceOf = (said = failed) =>
    decideRegion(opened().started(eu, minutes(1)).judged(eu, minutes(2), said).now(), eu, minutes(3)).advice;
  expect(decideRegion(opened().went(eu, minutes(1)).now(), eu, minutes(2)).advice).toBe('proceed');
  expect(adviceOf()).toBe('delegate');
  expect(adviceOf({ ...failed, tasks: { running: 0, wanted: 2 } })).toBe('alert');
  expect(adviceOf({ ...failed, tasks: { running: 0, wanted: 2 }, serving: 2 })).toBe('delegate');
  expect(adviceOf({ ...failed, serving: 0 })).toBe('alert');
  expect(adviceOf(verdict({ outcome: 'inconclusive' }))).toBe('delegate');
});

test('a plan without checks after the rollout is GO with the pass', () => {
  const life = new Life()
    .opened(planWith({ after: [] }))
    .started(eu, minutes(1))
    .judged(eu, minutes(2));
  expect(life.decisions()).toEqual(['eu-west-1 GO']);
});

test('as many regions as the catalogue takes are decided without asking any of them twice', () => {
  const [first] = planWith().regions;
  const names = Array.from({ length: 40 }, (_, index) => `eu-region-${index}`);
  const life = new Life().opened(
    planWith({ after: [], regions: names.flatMap((region) => (first ? [{ ...first, region }] : [])) }),
  );
  for (const region of names) life.started(region, minutes(1)).judged(region, minutes(2), failed);
  const { decision, holds } = decideRegion(life.now(), 'eu-region-39', minutes(3));
  expect(decision).toBe('NO-GO');
  expect(holds).toHaveLength(40);
});

test('that a region is to be looked at again tells no decision anew, before somebody has looked', () => {
  const life = opened().went(eu, minutes(1));
  life.do(minutes(2), [{ type: 'WatchEnded', data: { region: eu, run: 1 } }]);
  const told = life.decisions();
  life.do(minutes(90), [{ type: 'RecheckRequested', data: { region: eu, run: 1 } }]);
  expect(life.decisions()).toEqual(told);
});
