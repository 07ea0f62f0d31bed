import { expect, test } from 'vitest';
import { scriptIds } from '../../../sandbox/aws/rollouts/scripts/index.ts';
import { play } from './support.ts';

/** Every script, looked at on and on without rules for lines: no look ever calls good what is not. */

const forEver = Number.POSITIVE_INFINITY;
/** From when on, and until when, a script is well, in seconds of its course; the others never are. */
const wellFrom: Record<string, readonly [from: number, until: number]> = {
  healthy: [28, forEver],
  'healthy-fast': [7, forEver],
  spot: [74, forEver],
  'placement-recovers': [66, forEver],
  'dies-later': [7, 371],
  // Until then nothing is seen of what the load balancer finds.
  'elb-health': [28, 103],
  'rollback-by-alarm': [28, 89],
  'rolls-back-later': [8, 429],
  'rollback-fails': [28, 89],
  'code-deploy': [43, forEver],
  external: [43, forEver],
  'blue-green': [495, forEver],
  canary: [615, forEver],
  linear: [610, forEver],
};
/** So much faster than in reality. */
const pace = 3;

test.each(scriptIds)('%s', async (script) => {
  const late = script === 'rolled-back' ? { lateSeconds: 110 } : {};
  const rules = { deadlineSeconds: 300 };
  const { looks } = await play({ script, ...late, wish: { pace }, rules, untilSeconds: 240 });
  const [from, until] = wellFrom[script] ?? [forEver, 0];
  const passes = looks.filter(({ verdict }) => verdict.outcome === 'pass').map(({ seconds }) => seconds);
  expect(passes.filter((seconds) => seconds < from / pace || seconds > until / pace + 1)).toEqual([]);
  // The soak takes half a minute at any pace.
  if (until / pace > from / pace + 45) expect(passes).not.toEqual([]);
});
