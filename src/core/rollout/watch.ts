import { z } from 'zod';
import { rolloutRules } from './rules.ts';
import { expectation } from './verdict.ts';

/** A pass is looked at again so many minutes after it, for ECS may still take it back (facts: no verdict too early). */
export const recheckMarks: readonly number[] = [5, 15];

/** What a look at a rollout has to know; the same from the first look to the last. */
export const rolloutSubject = z.strictObject({
  place: z.strictObject({
    account: z.string().nullable(),
    region: z.string(),
    cluster: z.string(),
    service: z.string(),
  }),
  expected: expectation,
  rules: rolloutRules,
  /** When this run began to be watched, ISO 8601 UTC: the deadline counts from here. */
  watchedSince: z.string(),
});
export type RolloutSubject = z.infer<typeof rolloutSubject>;

/** Names one watch: a run of a region of a promotion. */
export interface WatchKey {
  promotion: string;
  region: string;
  run: number;
}

/** A rollout that is looked at again and again. */
export interface Watch extends WatchKey {
  subject: RolloutSubject;
  /** When the next look is due. */
  dueAt: Date;
  /** What the looks before left; null before the first. */
  memo: unknown;
}

/** Watches of one account and region are looked at together: `-/eu-west-1`, `production/us-east-1`. */
export function watchGroup({ account, region }: { account: string | null; region: string }): string {
  return `${account ?? '-'}/${region}`;
}

export function readWatchGroup(group: string): { account: string | null; region: string } {
  const [account = '-', region = ''] = group.split('/');
  return { account: account === '-' ? null : account, region };
}
