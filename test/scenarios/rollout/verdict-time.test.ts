import { expect, test } from 'vitest';
import { logRules } from './rules.ts';
import { ownTasks, type Play, type Played, play } from './support.ts';

/** How soon a verdict stands after what it rests on can be seen, in simulated time: exact to the millisecond. */

/** When tasks stopped, or had all started, in seconds since the apply. */
const stopsOf = async (played: Played) =>
  (await ownTasks(played)).flatMap(({ stopping }) => stopping ?? []).sort((a, b) => a - b);
const startOfLast = async (played: Played) =>
  Math.max(...(await ownTasks(played)).flatMap(({ started }) => started ?? []));

/** Rollouts that begin at any time between two looks. */
const phases = [0, 1.3, 2.6, 3.9, 4.9];
const rarePhases = [...phases, 6.2, 8.4];
const shifted = (seconds: number): Partial<Play> => ({
  lateSeconds: seconds,
  wish: { agoMs: seconds * 1_000 },
});

test.each(phases)('a crash on start fails within 15 s of the second stop (%s s)', async (phase) => {
  const played = await play({ script: 'crash-loop', ...shifted(phase) });
  expect(played.verdict).toMatchObject({ row: 8, outcome: 'fail' });
  const [, second = Number.NaN] = await stopsOf(played);
  expect(played.seconds - second).toBeLessThanOrEqual(15);
  // Facts: 25 to 75 s after the update at the earliest.
  expect(played.seconds).toBeLessThanOrEqual(75);
});

test.each(phases)('a missing secret fails within 10 s of the first stop (%s s)', async (phase) => {
  const played = await play({ script: 'missing-secret', ...shifted(phase) });
  expect(played.verdict).toMatchObject({ row: 7, outcome: 'fail' });
  const [first = Number.NaN] = await stopsOf(played);
  expect(played.seconds - first).toBeLessThanOrEqual(10);
  expect(played.seconds).toBeLessThanOrEqual(60);
});

test('a deployment that was rolled back fails at the first look', async () => {
  const { looks, verdict } = await play({ script: 'rolled-back', lateSeconds: 110 });
  expect(looks).toHaveLength(1);
  expect(verdict).toMatchObject({ row: 4, outcome: 'fail' });
});

test('what finds no place fails 60 to 70 s after it is seen', async () => {
  const { looks, seconds } = await play({ script: 'placement' });
  const seen = looks.find(({ verdict }) => verdict.row === 9)?.seconds ?? Number.NaN;
  expect(seen).toBeLessThanOrEqual(12 + 5);
  expect(seconds - seen).toBeGreaterThanOrEqual(60);
  expect(seconds - seen).toBeLessThanOrEqual(70);
});

test.each(phases)('a healthy deployment passes within 10 s of its last condition (%s s)', async (phase) => {
  const played = await play({ script: 'healthy', rules: { logs: logRules() }, ...shifted(phase) });
  expect(played.verdict).toMatchObject({ row: 15, outcome: 'pass', isFinal: false });
  const soaked = (await startOfLast(played)) + 30;
  expect(played.seconds).toBeGreaterThanOrEqual(soaked);
  expect(played.seconds - soaked).toBeLessThanOrEqual(10);
});

test.each(rarePhases)(
  'so it does with a health check, which passes when looks are rarer (%s s)',
  async (phase) => {
    const { wish, ...late } = shifted(phase);
    const played = await play({
      script: 'healthy',
      wish: { ...wish, healthCheck: true },
      rules: { logs: logRules() },
      ...late,
    });
    expect(played.verdict).toMatchObject({ row: 15, outcome: 'pass' });
    const soaked = (await startOfLast(played)) + 30 + 30;
    expect(played.seconds).toBeGreaterThanOrEqual(soaked);
    expect(played.seconds - soaked).toBeLessThanOrEqual(10);
  },
);
