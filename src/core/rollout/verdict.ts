import { z } from 'zod';
import { evidence } from '../finding.ts';

/** What a rollout is judged by, and what the judgement says (C2, C3; facts: rollout verdict). */

/** The state before Terraform applied: what the deployment under test must differ from. */
export const snapshot = z.strictObject({
  /** Id of the PRIMARY deployment; null when there was no service yet. */
  primary: z.string().nullable(),
  taskDefinition: z.string().nullable(),
  /** ARN of the newest service deployment, where it could be read. */
  serviceDeployment: z.string().nullable(),
  /** ISO 8601 UTC. */
  at: z.string(),
});
export type Snapshot = z.infer<typeof snapshot>;

/** What should be running. */
export const expectation = z.strictObject({
  /** Full SHA of the commit that was released. */
  commit: z.string(),
  /** ARN or `family:revision`, where the pipeline says it; otherwise the image shows the commit. */
  taskDefinition: z.string().nullable(),
  /** `sha256:…` of the image, where the pipeline says it. */
  digest: z.string().nullable(),
  /** When the apply began; a deployment older than two minutes before is not the one under test. */
  appliedAt: z.string(),
  /** Null when nobody looked before. */
  before: snapshot.nullable(),
});
export type Expectation = z.infer<typeof expectation>;

export const rolloutOutcomes = ['pass', 'fail', 'inconclusive', 'waiting'] as const;
export type RolloutOutcome = (typeof rolloutOutcomes)[number];

/** A stopped task in ECS's words and in plain ones. */
export const taskFailure = z.strictObject({
  task: z.string(),
  stoppedAt: z.string().nullable(),
  stopCode: z.string().nullable(),
  /** Verbatim. */
  stoppedReason: z.string(),
  container: z.string().nullable(),
  exitCode: z.number().int().nullable(),
  /** What it means, in plain words: "The image could not be pulled: …". */
  cause: z.string(),
});
export type TaskFailure = z.infer<typeof taskFailure>;

/** Log lines around what was found, oldest first; secrets are removed before it is recorded. */
export const logExcerpt = z.strictObject({
  /** "Last lines of task 3fa…", "The failure line and what stands around it". */
  title: z.string(),
  task: z.string().nullable(),
  lines: z.array(z.strictObject({ at: z.string(), text: z.string(), hit: z.boolean() })),
  url: z.string().nullable(),
});
export type LogExcerpt = z.infer<typeof logExcerpt>;

/** The judgement of one look. `row` is the row of the verdict table that matched. */
export const rolloutVerdict = z.strictObject({
  row: z.int().min(1).max(16),
  outcome: z.enum(rolloutOutcomes),
  /** For `pass`: the deployment itself completed, so no re-check can change it by itself. */
  isFinal: z.boolean(),
  /** One sentence, the same for the same facts: what happened. */
  reason: z.string(),
  /** What to do next, and who can; empty for `pass` and `waiting`. */
  remedy: z.string(),
  /** Id of the deployment under test; null before it is there. */
  deployment: z.string().nullable(),
  taskDefinition: z.string().nullable(),
  /** Digest of the main container's image, where it was seen. */
  digest: z.string().nullable(),
  /** Healthy tasks of the deployment under test, and wanted ones. */
  tasks: z.strictObject({ running: z.int(), wanted: z.int() }).nullable(),
  /** Running tasks of the service, whichever deployment they are of: what serves meanwhile. Absent where not seen. */
  serving: z.int().optional(),
  failures: z.array(taskFailure),
  excerpts: z.array(logExcerpt),
  evidence: z.array(evidence),
});
export type RolloutVerdict = z.infer<typeof rolloutVerdict>;
