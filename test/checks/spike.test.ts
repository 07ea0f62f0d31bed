import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeSpike } from '../../src/checks/spike.ts';

const twenty = (count: number) => Array.from({ length: 20 }, () => count);
/** A generator of pseudo-random numbers below 1 (mulberry32), so that every run is the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

describe('the spike rule', () => {
  test.each<[string, number, number[], string]>([
    ['41 against 3 is one', 41, twenty(3), 'spike'],
    ['as many as ever is none', 3, twenty(3), 'no-obvious-spike'],
    ['silence is none', 0, twenty(0), 'no-obvious-spike'],
    ['4 out of nothing is none', 4, twenty(0), 'no-obvious-spike'],
    ['5 out of nothing is one', 5, twenty(0), 'spike'],
    ['7 against 3 is less than 5 more', 7, twenty(3), 'no-obvious-spike'],
    ['less than twice as many is none, though it is much', 1_900, twenty(1_000), 'no-obvious-spike'],
    ['twice as many is one where nothing ever changes', 2_000, twenty(1_000), 'spike'],
    ['what came once before, wildly, is none', 60, [...twenty(3).slice(1), 120], 'no-obvious-spike'],
    ['nine windows say too little', 1_000, twenty(0).slice(11), 'too-little-history'],
    ['ten windows say enough', 1_000, twenty(0).slice(10), 'spike'],
    ['no window says too little', 0, [], 'too-little-history'],
  ])('%s', (_, count, before, verdict) => {
    expect(judgeSpike(count, before).verdict).toBe(verdict);
  });

  test('tells what was to be expected', () => {
    expect(judgeSpike(41, [...twenty(3).slice(1), 5]).expected).toBeCloseTo(3.1);
  });

  test.each([0.2, 1, 3, 10, 30])('gives at most 0.2 %% false alarms on even noise of mean %f', (mean) => {
    const random = seeded(Math.round(mean * 1_000) + 7);
    const runs = 4_000;
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      const before = Array.from({ length: 20 }, () => poisson(mean, random));
      if (judgeSpike(poisson(mean, random), before).verdict === 'spike') alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(runs * 0.002);
  });

  const history = fc.array(fc.nat(200), { minLength: 10, maxLength: 20 });
  test('stays a spike when the count grows', () => {
    fc.assert(
      fc.property(history, fc.nat(2_000), fc.integer({ min: 1, max: 2_000 }), (before, count, more) => {
        if (judgeSpike(count, before).verdict === 'spike')
          expect(judgeSpike(count + more, before).verdict).toBe('spike');
      }),
      { seed: 1 },
    );
  });

  test('never sees a spike in what is usual, and always one in a flood', () => {
    fc.assert(
      fc.property(history, (before) => {
        const mean = before.reduce((sum, one) => sum + one, 0) / before.length;
        expect(judgeSpike(Math.floor(mean), before).verdict).toBe('no-obvious-spike');
        expect(judgeSpike(100_000, before).verdict).toBe('spike');
      }),
      { seed: 2 },
    );
  });

  test('does not depend on the order of the windows', () => {
    fc.assert(
      fc.property(history, fc.nat(2_000), (before, count) => {
        const { verdict } = judgeSpike(count, before);
        expect(judgeSpike(count, [...before].reverse()).verdict).toBe(verdict);
      }),
      { seed: 3 },
    );
  });
});
