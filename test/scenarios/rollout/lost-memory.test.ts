import { expect, test } from 'vitest';
import { logRules } from './rules.ts';
import { type Play, type Played, play } from './support.ts';

/** The memo between looks may be lost: that makes a verdict later, never a pass that is none. */

const passes = ({ looks }: Played) => looks.filter(({ verdict }) => verdict.outcome === 'pass');

/** With nothing remembered, and what is said then where it is something else. */
const cases: (Play & { forgotten?: string })[] = [
  { script: 'healthy-fast' },
  // The soak cannot be counted without a memory; ECS completes it later.
  { script: 'healthy', rules: { deadlineSeconds: 400 } },
  { script: 'healthy', forgotten: 'inconclusive' },
  { script: 'spot' },
  { script: 'crash-loop' },
  { script: 'crash-no-breaker', tasks: 1 },
  { script: 'image-pull' },
  { script: 'missing-secret' },
  { script: 'placement' },
  { script: 'never-starts' },
  { script: 'rolled-back', lateSeconds: 110 },
  { script: 'stopped' },
  { script: 'superseded' },
  // Only a look that remembers knows that half a minute is over.
  { script: 'not-deployed', forgotten: 'fail' },
  { script: 'no-op', forgotten: 'fail' },
  { script: 'zero' },
  { script: 'hook-awaiting' },
  { script: 'code-deploy' },
];

test.each(cases.map((one) => [one.script, one] as const))('%s', async (_, { forgotten, ...how }) => {
  const rules = { deadlineSeconds: 120, logs: logRules({ failure: [] }), ...how.rules };
  const known = await play({ ...how, rules });
  const lost = await play({ ...how, rules, forgets: true });
  expect(lost.verdict.outcome).toBe(forgotten ?? known.verdict.outcome);
  expect(passes(lost).length).toBeLessThanOrEqual(passes(known).length);
  expect(lost.seconds).toBeGreaterThanOrEqual(Math.floor(known.seconds));
});

test('a failure that is remembered stays one when ECS shows its task no more', async () => {
  const { watch, town, verdict } = await play({ script: 'dies-later', untilSeconds: 420 });
  expect(verdict).toMatchObject({ row: 8, outcome: 'fail' });
  // Stopped tasks are shown for an hour.
  await town.time.advance(2 * 3_600_000);
  expect((await watch.look()).verdict).toMatchObject({ row: 8, outcome: 'fail' });
});

test.each([
  ['healthy-fast', 'pass', {}],
  ['rolled-back', 'fail', { lateSeconds: 110 }],
  ['crash-loop', 'fail', {}],
  ['not-deployed', 'fail', {}],
  ['superseded', 'inconclusive', { lateSeconds: 70 }],
] as const)('%s, where nobody looked before the apply: %s', async (script, outcome, how) => {
  const played = await play({ script, isUnprepared: true, ...how });
  expect(played.verdict.outcome).toBe(outcome);
  if (outcome !== 'pass') expect(passes(played)).toEqual([]);
});

test('what the pipeline says of task definition and digest is found without a telling tag', async () => {
  const wish = { image: 'registry.example/api:latest', digest: `sha256:${'7'.repeat(64)}` };
  for (const expected of [{ taskDefinition: 'api:42' }, { digest: wish.digest }])
    expect((await play({ script: 'healthy-fast', wish, expected })).verdict).toMatchObject({
      row: 14,
      outcome: 'pass',
      digest: wish.digest,
    });
});
