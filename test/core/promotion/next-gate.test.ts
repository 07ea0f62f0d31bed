import { expect, test } from 'vitest';
import { nextGate } from '../../../src/core/promotion/next-gate.ts';
import { commit, Life, minutes, otherCommit, planWith } from './samples.ts';

const eu = 'eu-west-1';
const core = planWith();
test('the next region is the first without a rollout; its gate is open for as long as the GO before is fresh', () => {
  const life = new Life().opened().went(eu, minutes(1));
  const view = { plans: [core], waves: [], promotions: () => [life.now()] };
  const gate = nextGate(view, life.now(), minutes(10));
  expect(gate).toMatchObject({
    region: 'us-east-1',
    answer: { open: true },
    until: minutes(61).toISOString(),
  });
  expect(nextGate(view, life.now(), minutes(62))).toMatchObject({ answer: { open: false }, until: null });
});

test('freshness counts by the catalogue of today', () => {
  const life = new Life().opened().went(eu, minutes(1));
  const view = { plans: [planWith({ freshMinutes: 5 })], waves: [], promotions: () => [life.now()] };
  expect(nextGate(view, life.now(), minutes(3))?.until).toBe(minutes(6).toISOString());
});

test('another commit that was deployed since holds it, and a first region has no end', () => {
  const life = new Life().opened().went(eu, minutes(1));
  const other = new Life('core.zzzzzzzz').opened(core, otherCommit).started(eu, minutes(5));
  const view = { plans: [core], waves: [], promotions: () => [other.now(), life.now()] };
  expect(nextGate(view, life.now(), minutes(10))?.answer.holds[0]?.why).toContain('another commit');
  const fresh = new Life().opened(core, commit);
  expect(nextGate({ ...view, promotions: () => [] }, fresh.now(), minutes(1))).toEqual({
    region: eu,
    answer: { open: true, holds: [] },
    until: null,
  });
});

test('where every region has its rollout there is no next one', () => {
  const life = new Life().opened();
  for (const { region } of core.regions) life.went(region, minutes(1));
  expect(nextGate({ plans: [core], waves: [], promotions: () => [] }, life.now(), minutes(2))).toBeNull();
});
