import { z } from 'zod';
import { taskFailure } from './verdict.ts';

/**
 * What is carried from one look at a rollout to the next, as JSON. It may be lost: the next looks find most of it
 * again, and what they do not find again (a stop that ECS shows no more) only makes the judgement later, never green.
 * All times are ISO 8601 UTC.
 */
export const rolloutMemory = z.strictObject({
  /** Id of the deployment under test, once it was certain. */
  deployment: z.string().nullable(),
  /** First look at which PRIMARY was still the one from before (row 3). */
  unchangedSince: z.string().nullable(),
  /** First look since which a placement event of the deployment stands without a later start (row 9). */
  unplacedSince: z.string().nullable(),
  /** First look since which all tasks run and none is unhealthy (row 15). */
  healthySince: z.string().nullable(),
  /** Whether a task of the deployment was ever RUNNING (row 16). */
  everRan: z.boolean(),
  /** Stopped tasks of the deployment that count as failures, oldest first, each once. */
  failures: z.array(taskFailure),
});
export type RolloutMemory = z.infer<typeof rolloutMemory>;

export const noMemory: RolloutMemory = {
  deployment: null,
  unchangedSince: null,
  unplacedSince: null,
  healthySince: null,
  everRan: false,
  failures: [],
};
