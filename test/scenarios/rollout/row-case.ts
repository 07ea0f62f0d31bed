import { expect, test } from 'vitest';
import type { RolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import { course, type Play, play } from './support.ts';

/** A row of the verdict table, played: how the looks go, and what the last one says. */
export interface Case extends Play {
  says: string;
  /** Each verdict, once in a row. */
  goes: string[];
  reason: string;
  /** Who does what next; empty for a pass. */
  remedy: string;
  isFinal?: boolean;
}

/** One test a case. */
export function testRows(cases: readonly Case[]): void {
  test.each(cases.map((one) => [one.says, one] as const))(
    'row %s',
    async (_, { goes, reason, remedy, isFinal = false, ...how }) => {
      const played = await play(how);
      expect(course(played)).toEqual(goes);
      const { verdict, begun } = played;
      expect(verdict).toMatchObject({
        reason: reason.replace('OTHER', supersededBy(verdict)),
        remedy,
        isFinal,
      });
      expect(verdict.deployment).toBe(isCertain(verdict, how) ? begun.deployment : null);
      expect(verdict.evidence.map(({ label }) => label)).toContain('ECS service');
      if (verdict.outcome === 'pass') expect(verdict.failures).toEqual([]);
    },
  );
}

/** What runs is not said to be the one under test where it is another, or nothing of it can be seen. */
function isCertain({ row }: RolloutVerdict, { beforehand, script }: Play): boolean {
  return row !== 3 && !beforehand && script !== 'inactive';
}

function supersededBy({ evidence }: RolloutVerdict): string {
  const primary = evidence.find(({ label }) => label === 'PRIMARY');
  return primary?.value.split(',')[0] ?? '';
}
