import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRollout, type LookedAt } from '../../../src/core/rollout/judge.ts';
import { noMemory, type RolloutMemory, rolloutMemory } from '../../../src/core/rollout/memory.ts';
import { rolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import { type Generated, looks } from './generated.ts';

const runs = { numRuns: 600, seed: 20261121 };

/** Judges generated looks in a row, each with the memory of the one before. */
function live(generated: readonly Generated[]) {
  let memory: RolloutMemory = noMemory;
  return generated.map((look) => {
    const looked: LookedAt = { ...look, memory };
    const { verdict, memory: next } = judgeRollout(looked);
    const before = memory;
    memory = next;
    return { looked, verdict, before };
  });
}

/** Why this look must not pass, in the plainest terms and without asking the code under test. */
function objection({
  looked,
  before,
}: Pick<ReturnType<typeof live>[number], 'looked' | 'before'>): string | null {
  const { observation, expected, rules, logs } = looked;
  if (observation.kind === 'nothing') return 'nothing to look at';
  const { service, tasks, serviceDeployments } = observation;
  if (service.status !== 'ACTIVE') return 'removed';
  if (logs && logs.outcome !== 'pass') return 'lines';
  const primary = [...service.deployments, ...service.taskSets].find(({ status }) => status === 'PRIMARY');
  if (!primary) return 'no PRIMARY';
  if (before.deployment !== null && before.deployment !== primary.id) return 'PRIMARY is another';
  if (expected.before?.primary === primary.id && expected.before.at < expected.appliedAt)
    return 'from before';
  if (Date.parse(primary.createdAt) < Date.parse(expected.appliedAt) - 120_000) return 'too old';
  if (primary.taskDefinition.endsWith(':41')) return 'another build';
  if (service.desired === 0 && !rules.emptyPasses) return 'nothing to run';
  if (service.controller === 'ECS' && 'rolloutState' in primary) {
    if (primary.rolloutState === 'FAILED') return 'failed';
    if (primary.rolloutStateReason.includes('rolling back')) return 'rolling back';
    const [newest] = serviceDeployments;
    if (newest && /^ROLLBACK|^STOP/.test(newest.status)) return newest.status;
  }
  const own = tasks.filter(
    ({ startedBy, createdAt }) =>
      startedBy === primary.id || (startedBy === '' && createdAt >= primary.createdAt),
  );
  const ended = own.filter(({ stopCode }) => stopCode !== null && stopCode !== 'SpotInterruption');
  if (ended.some(({ stopCode }) => stopCode === 'TaskFailedToStart')) return 'does not start';
  if (ended.length > 1 || (ended.length > 0 && service.desired <= 1)) return 'keeps stopping';
  const running = own.filter(({ lastStatus }) => lastStatus === 'RUNNING');
  if (service.controller === 'ECS' && running.length < service.desired) return 'too few';
  if (service.controller === 'ECS' && running.some(({ health }) => health === 'UNHEALTHY'))
    return 'unhealthy';
  return null;
}

describe('whatever ECS shows', () => {
  test('nothing passes against which something speaks', () => {
    let passes = 0;
    fc.assert(
      fc.property(looks, (generated) => {
        for (const look of live(generated)) {
          if (look.verdict.outcome !== 'pass') continue;
          passes += 1;
          expect(objection(look)).toBeNull();
        }
      }),
      runs,
    );
    // The generator makes good rollouts too, or this would say nothing.
    expect(passes).toBeGreaterThan(100);
  });

  test('a verdict is never an error, is the same for the same input, and fits what is recorded', () => {
    fc.assert(
      fc.property(looks, (generated) => {
        const first = live(generated);
        expect(live(generated)).toEqual(first);
        for (const { verdict } of first) {
          expect(rolloutVerdict.safeParse(verdict).success).toBe(true);
          expect(verdict.remedy === '').toBe(verdict.outcome === 'pass' || verdict.outcome === 'waiting');
          if (verdict.isFinal) expect([2, 11, 14]).toContain(verdict.row);
        }
      }),
      runs,
    );
  });

  test('the memory is plain data, remembers each failure once, and never comes from the other deployment', () => {
    fc.assert(
      fc.property(looks, (generated) => {
        for (const { looked } of live(generated)) {
          const { memory } = judgeRollout(looked);
          expect(rolloutMemory.parse(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
          expect(new Set(memory.failures.map(({ task }) => task)).size).toBe(memory.failures.length);
          if (memory.deployment === null) expect(memory.failures).toEqual([]);
        }
      }),
      runs,
    );
  });

  test('without a memory nothing passes but what ECS or the catalogue calls done', () => {
    fc.assert(
      fc.property(looks, (generated) => {
        for (const { looked } of live(generated)) {
          const rules = { ...looked.rules, soakSeconds: 30 };
          const { verdict } = judgeRollout({ ...looked, rules, memory: noMemory });
          if (verdict.outcome === 'pass') expect(verdict.isFinal).toBe(true);
        }
      }),
      runs,
    );
  });

  test('after the deadline nothing is awaited any more', () => {
    fc.assert(
      fc.property(looks, (generated) => {
        for (const { looked } of live(generated)) {
          const { verdict } = judgeRollout({ ...looked, watchedSince: '2026-11-20T09:00:00.000Z' });
          expect(verdict.outcome).not.toBe('waiting');
        }
      }),
      runs,
    );
  });
});
