import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type Acted,
  answerWaiver,
  handOver,
  promotionId,
  proposeWaiver,
  requestRecheck,
  type Start,
  startRollout,
  takeSnapshot,
} from '../../../src/core/promotion/acts.ts';
import { regionState } from '../../../src/core/promotion/state.ts';
import { commit, failed, Life, minutes, otherCommit, planWith } from './samples.ts';

const eu = 'eu-west-1';
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const typesOf = (acted: Acted) =>
  'events' in acted ? acted.events.map(({ type }) => type) : acted.problem.code;

const startOf = (source: string, parts: Partial<Start> = {}): Start => ({
  plan: planWith(),
  commit,
  channel: 'C0RELEASES',
  region: eu,
  source,
  expected: { taskDefinition: null, digest: null, appliedAt: minutes(0).toISOString() },
  pipeline: null,
  ...parts,
});

function begun(source = 'gitlab-deployment/1'): Life {
  const life = new Life();
  const acted = startRollout(null, startOf(source));
  if ('events' in acted) life.do(minutes(1), acted.events);
  return life;
}

test('one commit of one service has one id, of its own', () => {
  expect(promotionId(digest, 'core', commit)).toBe(promotionId(digest, 'core', commit));
  expect(promotionId(digest, 'core', otherCommit)).not.toBe(promotionId(digest, 'core', commit));
  expect(promotionId(digest, 'core', commit)).toMatch(/^core\.[a-z2-9]{8}$/);
});

describe('starting a rollout', () => {
  test('opens the promotion with the first', () => {
    expect(typesOf(startRollout(null, startOf('gitlab-deployment/1')))).toEqual([
      'PromotionOpened',
      'RolloutStarted',
    ]);
  });

  test('with the same news twice starts nothing, also long after', () => {
    const life = begun();
    expect(typesOf(startRollout(life.now(), startOf('gitlab-deployment/1')))).toEqual([]);
    life
      .judged(eu, minutes(2), failed)
      .do(minutes(3), [{ type: 'WatchEnded', data: { region: eu, run: 1 } }]);
    expect(typesOf(startRollout(life.now(), startOf('gitlab-deployment/1')))).toEqual([]);
  });

  test('joins what is watched already when other news tell of it', () => {
    expect(typesOf(startRollout(begun().now(), startOf('api/job-7')))).toEqual(['RolloutJoined']);
    expect(typesOf(startRollout(begun('api/job-7').now(), startOf('gitlab-deployment/1')))).toEqual([
      'RolloutJoined',
    ]);
  });

  test('is the next run when another deployment comes, watched or not', () => {
    const life = begun();
    const acted = startRollout(life.now(), startOf('gitlab-deployment/2'));
    expect('events' in acted && acted.events).toMatchObject([{ type: 'RolloutStarted', data: { run: 2 } }]);
    life.do(minutes(3), [{ type: 'WatchEnded', data: { region: eu, run: 1 } }]);
    expect(typesOf(startRollout(life.now(), startOf('api/job-8')))).toEqual(['RolloutStarted']);
  });

  test('knows the snapshot that was taken before the apply', () => {
    const before = {
      primary: 'ecs-svc/0',
      taskDefinition: 'core:41',
      serviceDeployment: null,
      at: minutes(0).toISOString(),
    };
    const life = new Life();
    const taken = takeSnapshot(null, { ...startOf('gitlab-deployment/1'), before });
    if ('events' in taken) life.do(minutes(0), taken.events);
    expect(typesOf(takeSnapshot(life.now(), { ...startOf('gitlab-deployment/1'), before }))).toEqual([]);
    const acted = startRollout(life.now(), startOf('gitlab-deployment/1'));
    expect('events' in acted && acted.events).toMatchObject([{ data: { expected: { before, commit } } }]);
    if ('events' in acted) life.do(minutes(1), acted.events);
    expect(regionState(life.now(), eu).before).toBeNull();
  });

  test.each([
    ['a short commit', { commit: 'abcdef12' }, 'commit-wrong'],
    ['a region that the service has not', { region: 'mars-1' }, 'region-unknown'],
  ])('is refused for %s', (_, parts, code) => {
    expect(typesOf(startRollout(null, startOf('api/1', parts)))).toBe(code);
  });
});

test('a re-check looks again at what was watched to its end, and only at that', () => {
  const life = new Life().opened();
  expect(typesOf(requestRecheck(life.now(), eu))).toBe('rollout-none');
  life.started(eu, minutes(1));
  expect(typesOf(requestRecheck(life.now(), eu))).toEqual([]);
  life.judged(eu, minutes(2)).do(minutes(3), [{ type: 'WatchEnded', data: { region: eu, run: 1 } }]);
  expect(typesOf(requestRecheck(life.now(), eu))).toEqual(['RecheckRequested']);
});

test('an investigation is handed over once, and not for a run that is over', () => {
  const life = new Life().opened().started(eu, minutes(1)).judged(eu, minutes(2), failed);
  expect(typesOf(handOver(life.now(), eu, 1))).toEqual(['HandedOver']);
  life.do(minutes(3), [{ type: 'HandedOver', data: { region: eu, run: 1 } }], 'U1');
  expect(typesOf(handOver(life.now(), eu, 1))).toEqual([]);
  life.started(eu, minutes(4), 2);
  expect(typesOf(handOver(life.now(), eu, 1))).toBe('rollout-over');
});

describe('a waiver', () => {
  const life = new Life().opened().started(eu, minutes(1)).judged(eu, minutes(2), failed);
  const input = {
    waiver: 'w1',
    region: eu,
    run: 1,
    blocker: 'rollout',
    reason: 'Known.',
    expiresAt: minutes(60).toISOString(),
  };
  test.each([
    ['for something that does not stand against GO', { blocker: 'check/spike' }, 'hold-gone'],
    ['without a reason', { reason: ' ' }, 'reason-missing'],
    ['that ends in the past', { expiresAt: minutes(0).toISOString() }, 'rollout-waiver-expiry'],
    ['that ends too late', { expiresAt: minutes(60 * 25).toISOString() }, 'rollout-waiver-expiry'],
    ['that ends never', { expiresAt: 'never' }, 'rollout-waiver-expiry'],
    ['for another run', { run: 2 }, 'rollout-over'],
  ])('is refused %s', (_, parts, code) => {
    expect(typesOf(proposeWaiver(life.now(), { ...input, ...parts }, minutes(3)))).toBe(code);
  });

  test('takes a second person, and is answered once', () => {
    const it = new Life().opened().started(eu, minutes(1)).judged(eu, minutes(2), failed);
    const acted = proposeWaiver(it.now(), input, minutes(3));
    if ('events' in acted) it.do(minutes(3), acted.events, 'U1');
    expect(typesOf(proposeWaiver(it.now(), input, minutes(3)))).toEqual([]);
    expect(typesOf(answerWaiver(it.now(), 'w1', true, 'U1', minutes(4)))).toBe('waiver-own');
    expect(typesOf(answerWaiver(it.now(), 'w1', true, 'U2', minutes(60)))).toBe('rollout-waiver-unknown');
    expect(typesOf(answerWaiver(it.now(), 'w1', true, 'U2', minutes(4)))).toEqual(['WaiverConfirmed']);
    it.do(minutes(4), [{ type: 'WaiverConfirmed', data: { waiver: 'w1' } }], 'U2');
    expect(typesOf(answerWaiver(it.now(), 'w1', false, 'U2', minutes(5)))).toBe('rollout-waiver-unknown');
  });
});
