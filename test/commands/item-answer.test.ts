import { describe, expect, test } from 'vitest';
import { answerItem } from '../../src/commands/item-answer.ts';
import { weekOf } from '../../src/commands/validate-command.ts';
import type { AnswerInput } from '../../src/core/release/acts.ts';
import type { Release } from '../../src/core/release/state.ts';
import { ada, tess } from '../support/catalogue.ts';
import { answered, identified, releaseOf, workspace } from './sample-release.ts';

const input = (change: Partial<AnswerInput> = {}): AnswerInput => ({
  gate: 'login',
  outcome: 'pass',
  note: '',
  link: null,
  pass: 1,
  saw: [],
  ...change,
});
const at = '2026-11-20T10:00:10.000Z';
const later = (ms: number) => new Date(Date.parse(at) + ms);
/** Somebody's answer, given at `at`; its seq is 5. */
const withAnswer = (outcome: 'pass' | 'fail' = 'pass', actor = tess, note = '') =>
  releaseOf([identified(), workspace(), [answered('login', { outcome, note }), { actor, at }]]);
const typesOf = (state: Release, given: AnswerInput, user: string, now: Date) => {
  const result = answerItem(state, given, user, now);
  return 'events' in result ? result.events.map(({ type }) => type) : Object.keys(result);
};

describe('an answer to an item', () => {
  test('is recorded with the answers that the form showed', () => {
    const result = answerItem(withAnswer(), input({ saw: [5], note: ' fine ' }), ada, later(60_000));
    expect(result).toMatchObject({ events: [{ data: { saw: [5], note: 'fine', outcome: 'pass' } }] });
  });

  test('of somebody else that the form did not show is shown first', () => {
    const result = answerItem(withAnswer('fail', tess, 'blank'), input(), ada, later(2_001));
    expect(result).toMatchObject({ unseen: [{ by: tess, outcome: 'fail', note: 'blank' }] });
  });

  test('of somebody else that came at the same time is not replaced: both are recorded', () => {
    expect(typesOf(withAnswer('fail', tess, 'blank'), input(), ada, later(0))).toEqual(['ItemAnswered']);
    expect(typesOf(withAnswer('fail', tess, 'blank'), input(), ada, later(2_000))).toEqual(['ItemAnswered']);
  });

  test('that is the same as the person’s own is recorded once, whatever its form had shown', () => {
    expect(typesOf(withAnswer(), input(), tess, later(0))).toEqual([]);
    expect(typesOf(withAnswer(), input({ saw: [5] }), tess, later(60_000))).toEqual([]);
    expect(typesOf(withAnswer(), input({ note: 'more' }), tess, later(0))).toEqual(['ItemAnswered']);
  });

  test('that is the same, but settles what somebody else had said, is recorded', () => {
    const both = releaseOf([
      identified(),
      workspace(),
      [answered('login'), { at }],
      [answered('login', { outcome: 'fail', note: 'no' }), { actor: ada, at }],
    ]);
    expect(typesOf(both, input({ saw: [5, 6] }), tess, later(60_000))).toEqual(['ItemAnswered']);
  });

  test.each<[string, Partial<AnswerInput>, string]>([
    ['a failure without a note', { outcome: 'fail', note: ' ' }, 'note-missing'],
    ['not applicable without a note', { outcome: 'not-applicable' }, 'note-missing'],
    ['a link that is none', { link: 'javascript:alert(1)' }, 'link-wrong'],
    ['an unknown item', { gate: 'nothing' }, 'gate-unknown'],
    ['an automated gate', { gate: 'labels' }, 'gate-unknown'],
  ])('that is %s is refused before anything else', (_name, change, code) => {
    expect(answerItem(withAnswer(), input(change), ada, later(60_000))).toMatchObject({ problem: { code } });
  });

  test('needs the workspace, unless it does not apply', () => {
    const state = releaseOf([identified()]);
    expect(answerItem(state, input(), tess, later(0))).toMatchObject({
      problem: { code: 'workspace-missing' },
    });
    const notApplicable = input({ outcome: 'not-applicable', note: 'no depot' });
    expect(typesOf(state, notApplicable, tess, later(0))).toEqual(['ItemAnswered']);
  });
});

test.each([
  ['2026-11-20T10:00:00Z', '2026.47'],
  ['2026-11-22T23:59:59Z', '2026.47'],
  ['2026-11-23T00:00:00Z', '2026.48'],
  ['2027-01-01T12:00:00Z', '2026.53'],
  ['2026-01-05T00:00:00Z', '2026.02'],
  ['2024-12-30T00:00:00Z', '2025.01'],
])('a release opened at %s is named %s', (now, name) => {
  expect(weekOf(new Date(now))).toBe(name);
});
