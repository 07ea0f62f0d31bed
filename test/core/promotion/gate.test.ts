import { describe, expect, test } from 'vitest';
import { type GateView, regionGate, type Waves } from '../../../src/core/promotion/gate.ts';
import { commit, failed, finding, Life, minutes, otherCommit, planWith } from './samples.ts';

const eu = 'eu-west-1';
const us = 'us-east-1';

function viewOf(lives: Life[], waves: Waves = [], plans = [planWith()]): GateView {
  return {
    plans,
    waves,
    promotions: (service) => lives.map((life) => life.now()).filter(({ plan }) => plan.service === service),
  };
}

const asked = { service: 'core', region: us, commit };
const whyOf = (view: GateView, at = minutes(10), question = asked) => {
  const { open, holds } = regionGate(view, question, at);
  expect(open).toBe(holds.length === 0);
  return holds.map(({ why }) => why);
};
const opened = () => new Life().opened();

test('the first region is open: nothing can be known before it is deployed', () => {
  expect(whyOf(viewOf([]), minutes(0), { ...asked, region: eu })).toEqual([]);
});

test('the next region is open once the one before is freshly GO for this commit', () => {
  expect(whyOf(viewOf([opened().went(eu, minutes(1))]))).toEqual([]);
});

describe('the next region is held while the one before', () => {
  test.each([
    ['was never validated', () => opened(), 'was not validated'],
    ['is being watched', () => opened().started(eu, minutes(1)), 'under way'],
    [
      'passes, with a check still open',
      () => opened().started(eu, minutes(1)).judged(eu, minutes(2)),
      'under way',
    ],
    ['failed', () => opened().started(eu, minutes(1)).judged(eu, minutes(2), failed), 'NO-GO'],
    [
      'has a check that is not known',
      () =>
        opened()
          .started(eu, minutes(1))
          .judged(eu, minutes(2))
          .checked(eu, minutes(3), finding({ outcome: 'inconclusive' })),
      'INCONCLUSIVE',
    ],
    ['is deployed anew', () => opened().went(eu, minutes(1)).started(eu, minutes(5), 2), 'under way'],
    ['regressed', () => opened().went(eu, minutes(1)).judged(eu, minutes(6), failed), 'NO-GO'],
  ])('%s', (_, life, why) => {
    expect(whyOf(viewOf([life()]))).toEqual([expect.stringContaining(why)]);
  });

  test('has a GO that is too old, and a later look makes it fresh again', () => {
    const life = opened().went(eu, minutes(1));
    expect(whyOf(viewOf([life]), minutes(61))).toEqual([]);
    expect(whyOf(viewOf([life]), minutes(62))).toEqual([expect.stringContaining('older than 60 min')]);
    life.do(minutes(62), [{ type: 'RolloutConfirmed', data: { region: eu, run: 1, mark: null } }]);
    expect(whyOf(viewOf([life]), minutes(63))).toEqual([]);
  });

  test('is GO for another commit only', () => {
    const other = new Life('core.other').opened(planWith(), otherCommit).went(eu, minutes(1));
    expect(whyOf(viewOf([other]))).toEqual([expect.stringContaining('aaaaaaaa was not validated')]);
  });

  test('runs another commit since', () => {
    const mine = opened().went(eu, minutes(1));
    const other = new Life('core.other').opened(planWith(), otherCommit).started(eu, minutes(5));
    expect(whyOf(viewOf([other, mine]))).toEqual([expect.stringContaining('another commit since, bbbbbbbb')]);
    expect(whyOf(viewOf([mine, other]))).toEqual([expect.stringContaining('another commit since')]);
  });
});

test('every region before counts, each with its own reason', () => {
  const life = opened().went(us, minutes(1));
  expect(whyOf(viewOf([life]), minutes(5), { ...asked, region: 'ap-south-1' })).toHaveLength(2);
});

test('what the catalogue does not know is held', () => {
  expect(whyOf(viewOf([]), minutes(0), { ...asked, region: 'mars-1' })).toHaveLength(1);
  expect(whyOf(viewOf([]), minutes(0), { ...asked, service: 'nothing', region: eu })).toHaveLength(1);
});

describe('a service of a later wave', () => {
  const web = planWith({ service: 'web', regions: planWith().regions.slice(0, 1) });
  const core = planWith({ regions: planWith().regions.slice(0, 2) });
  const waves = [
    { name: 'First', services: ['core'] },
    { name: 'Then', services: ['web'] },
  ];
  const view = (lives: Life[]) => viewOf(lives, waves, [core, web]);
  const question = { service: 'web', region: eu, commit: otherCommit };

  test('is held until every earlier service is GO in all its regions', () => {
    expect(whyOf(view([]), minutes(1), question)).toHaveLength(2);
    const life = new Life().opened(core).went(eu, minutes(1));
    expect(whyOf(view([life]), minutes(2), question)).toEqual([expect.stringContaining('core in us-east-1')]);
    life.went(us, minutes(3));
    expect(whyOf(view([life]), minutes(4), question)).toEqual([]);
  });

  test('is held again by a newer promotion under way', () => {
    const done = new Life().opened(core).went(eu, minutes(1)).went(us, minutes(2));
    const newer = new Life('core.other').opened(core, otherCommit).started(eu, minutes(3));
    expect(whyOf(view([newer, done]), minutes(4), question)).toHaveLength(2);
  });
});
