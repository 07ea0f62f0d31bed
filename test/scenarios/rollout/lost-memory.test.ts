import { describe, expect, test } from 'vitest';
import { scriptIds } from '../../../sandbox/aws/rollouts/scripts/index.ts';
import { logRules } from './rules.ts';
import { type Played, play } from './support.ts';

/** The memo between looks may be lost: that makes a verdict later, never a pass that is none. */

const rules = { deadlineSeconds: 120, logs: logRules({ failure: [] }) };
const late = (script: string) => (script === 'rolled-back' ? { lateSeconds: 110 } : {});
const passes = ({ looks }: Played) => looks.filter(({ verdict }) => verdict.outcome === 'pass');

test.each(scriptIds)('%s, with nothing remembered from look to look', async (script) => {
  const known = await play({ script, rules, ...late(script) });
  const forgotten = await play({ script, rules, ...late(script), forgets: true });
  if (known.verdict.outcome !== 'pass') expect(passes(forgotten)).toEqual([]);
  if (forgotten.verdict.outcome === 'pass') expect(known.verdict.outcome).toBe('pass');
  if (known.verdict.outcome === 'fail' && known.verdict.row !== 3)
    expect(forgotten.verdict.outcome).toBe('fail');
  expect(forgotten.seconds).toBeGreaterThanOrEqual(Math.floor(known.seconds));
});

describe('a failure that was remembered', () => {
  test('stays one when ECS shows its task no more', async () => {
    const { watch, town, verdict } = await play({ script: 'dies-later', untilSeconds: 420 });
    expect(verdict).toMatchObject({ row: 8, outcome: 'fail' });
    // Stopped tasks are shown for an hour.
    await town.time.advance(2 * 3_600_000);
    expect((await watch.look()).verdict).toMatchObject({ row: 8, outcome: 'fail' });
  });
});
