import { describe, expect, test } from 'vitest';
import { type SlotMemo, slotFor } from '../../src/jobs/slot.ts';

const start = Date.parse('2026-11-20T12:00:00.000Z');
const at = (ms: number) => new Date(start + ms);

/** A line whose next free moment is always the same, and a clock that stands. */
function lineAt(nowMs: number, nextMs: number) {
  const asked: string[] = [];
  const pace = {
    reserve: async (name: string) => {
      asked.push(name);
      return at(nextMs);
    },
    holdUntil: async () => undefined,
  };
  return { asked, deps: { pace, now: () => at(nowMs) } };
}

const memoOf = (ms: number, retaken = false): SlotMemo => ({
  slot: at(ms).toISOString(),
  ...(retaken && { retaken: true as const }),
});

describe('the slot of a job', () => {
  test.each([
    ['is taken when there is none', {}, 10_000, memoOf(10_000)],
    ['is kept while it lies ahead', memoOf(5_000), 5_000, memoOf(5_000)],
    ['is kept when it is only just past', memoOf(-1_900), -1_900, memoOf(-1_900)],
    ['that went by long ago is given up for a new one', memoOf(-2_100), 10_000, memoOf(10_000, true)],
    ['that already replaces one is kept however late', memoOf(-9_000, true), -9_000, memoOf(-9_000, true)],
  ])('%s', async (_, memo, slotMs, after) => {
    const { deps, asked } = lineAt(0, 10_000);
    expect(await slotFor(deps, memo, 'line', 1_000)).toEqual({ slot: at(slotMs), memo: after });
    expect(asked).toHaveLength(slotMs === 10_000 ? 1 : 0);
  });
});
