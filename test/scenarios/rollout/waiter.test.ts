import { expect, test } from 'vitest';
import { type Play, play, waiterSays } from './support.ts';

/**
 * What the SDK's own `waitUntilServicesStable` calls success and is none (facts: why it is no verdict). Both are asked
 * about the same service at the same moment.
 */

interface Case extends Play {
  says: string;
  outcome: string;
  row: number;
}

const lies: Case[] = [
  { says: 'a finished roll back', script: 'rolled-back', lateSeconds: 110, outcome: 'fail', row: 4 },
  { says: 'nothing of nothing', script: 'zero', lateSeconds: 30, outcome: 'inconclusive', row: 11 },
  {
    says: 'a DAEMON without machines',
    script: 'daemon-empty',
    lateSeconds: 30,
    outcome: 'inconclusive',
    row: 12,
  },
  { says: 'an apply that changed nothing', script: 'no-op', outcome: 'fail', row: 3 },
  { says: 'a definition that was never deployed', script: 'not-deployed', outcome: 'fail', row: 3 },
  {
    says: 'another deployment that took over',
    script: 'superseded',
    untilSeconds: 70,
    outcome: 'inconclusive',
    row: 6,
  },
  {
    says: 'another build than the release',
    script: 'healthy-fast',
    wish: { image: `registry.example/api:${'9'.repeat(40)}` },
    outcome: 'fail',
    row: 3,
  },
];

const named = lies.map((one) => [one.says, one] as const);
test.each(named)('%s is stable for the waiter, and no pass here', async (_, lie) => {
  const { outcome, row, ...how } = lie;
  const played = await play(how);
  expect(await waiterSays(played)).toBe('SUCCESS');
  expect(played.verdict).toMatchObject({ outcome, row });
  expect(played.looks.filter(({ verdict }) => verdict.outcome === 'pass')).toEqual([]);
});

test.each([
  ['a crash loop', 'crash-loop'],
  ['an image that is not there', 'image-pull'],
  ['tasks that find no place', 'placement'],
])('%s has failed here while the waiter still waits', async (_, script) => {
  const played = await play({ script });
  expect(played.verdict.outcome).toBe('fail');
  expect(await waiterSays(played)).toBe('RETRY');
});

test('a deployment that completed is stable for both', async () => {
  const played = await play({ script: 'healthy-fast' });
  expect(played.verdict).toMatchObject({ row: 14, outcome: 'pass' });
  expect(await waiterSays(played)).toBe('SUCCESS');
});
