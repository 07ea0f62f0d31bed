import { z } from 'zod';

/**
 * By what a service's rollouts are judged, as it was in the catalogue when they began. The rules are part of the
 * promotion's own record, so that a verdict can be computed again after the catalogue has changed (F4).
 */

/** In how many tasks of the deployment a line must be found: in each, in any, or in at least so many. */
export const quorum = z.union([z.literal('each'), z.literal('any'), z.int().min(1)]);
export type Quorum = z.infer<typeof quorum>;

/** One line to be found. `pattern` is a regular expression of RE2: no look-around, no back reference. */
export const signature = z.strictObject({
  name: z.string(),
  pattern: z.string(),
  quorum,
});
export type Signature = z.infer<typeof signature>;

/** A line that must not be found in any task. `cause` is what it means, for people. */
export const failureSignature = z.strictObject({
  name: z.string(),
  pattern: z.string(),
  cause: z.string().nullable(),
});
export type FailureSignature = z.infer<typeof failureSignature>;

export const logRules = z.strictObject({
  /** Container whose lines count; null: the only essential one. */
  container: z.string().nullable(),
  /** Where the task definition does not say it (another driver, no stream prefix). */
  group: z.string().nullable(),
  /** All must be met. Empty with no failures: no log rule at all. */
  success: z.array(signature),
  failure: z.array(failureSignature),
  /** Missing success lines are a failure after so long (C3; 150 s). */
  timeoutSeconds: z.int(),
});
export type LogRules = z.infer<typeof logRules>;

/** How migrations show that they ran (C3). */
export const migrationRules = z.strictObject({
  /** The container of the service's tasks that runs them. */
  container: z.string(),
  group: z.string().nullable(),
  success: z.array(signature),
  failure: z.array(failureSignature),
  timeoutSeconds: z.int(),
});
export type MigrationRules = z.infer<typeof migrationRules>;

export const rolloutRules = z.strictObject({
  /** Healthy for so long before a provisional pass (row 15). */
  soakSeconds: z.int(),
  /** Nothing is awaited longer (row 16). */
  deadlineSeconds: z.int(),
  /** Whether `desired 0` passes (row 11). */
  emptyPasses: z.boolean(),
  /** How the image's tag shows the commit: `{commit}`, `{short}` stand for it, such as `v-{short}`. */
  imageTag: z.string(),
  logs: logRules.nullable(),
  migration: migrationRules.nullable(),
});
export type RolloutRules = z.infer<typeof rolloutRules>;
