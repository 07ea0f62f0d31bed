import { expect, test } from 'vitest';
import { judgeRollout } from '../../../src/core/rollout/judge.ts';
import { noMemory } from '../../../src/core/rollout/memory.ts';
import { at, lookedAt } from './support.ts';

/** Judges looks, each with when it began and how long it took in seconds. */
function looked(looks: readonly (readonly [began: number, took: number])[]): string {
  let memory = noMemory;
  let outcome = '';
  for (const [began, took] of looks) {
    const look = lookedAt(began, undefined, { memory });
    const { verdict, memory: next } = judgeRollout({ ...look, now: new Date(at(began + took)) });
    memory = next;
    outcome = verdict.outcome;
  }
  return outcome;
}

test('a soak of three looks is over at the third, although the first took longer than the last', () => {
  expect(
    looked([
      [60, 0.4],
      [70, 0.1],
      [80, 0.1],
      [90, 0.1],
    ]),
  ).toBe('pass');
});

test('a look that took long is not counted as soaking', () => {
  expect(
    looked([
      [60, 20],
      [85, 0.1],
      [90, 0.1],
    ]),
  ).toBe('waiting');
  expect(
    looked([
      [60, 20],
      [85, 0.1],
      [90, 0.1],
      [110, 0.1],
    ]),
  ).toBe('pass');
});
