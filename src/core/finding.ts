import { z } from 'zod';

/** What a check found out: facts judged, with the evidence that proves it and what to do about it. */

/** Anything unknown is inconclusive, never pass (F6). `waiting` goes back to the queue and is judged again. */
export const outcomes = ['pass', 'fail', 'inconclusive', 'waiting', 'not-applicable'] as const;
export type Outcome = (typeof outcomes)[number];

/** One thing that proves a finding: what was looked at, what was seen, where and when. */
export const evidence = z.strictObject({
  label: z.string(),
  value: z.string(),
  url: z.string().nullable(),
  /** When it was seen, ISO 8601 UTC. */
  at: z.string(),
});
export type Evidence = z.infer<typeof evidence>;

/** One named thing that keeps a gate from being green; triage and waivers name exactly one. */
export const blocker = z.strictObject({
  /** Stable over re-checks: `mr/group/project!12`, `sentry/ISSUE-7`. Unique within the finding. */
  id: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  /** The exact signal that a person accepts (B6); when it reads differently at a re-check, they are asked again. */
  signal: z.string(),
});
export type Blocker = z.infer<typeof blocker>;

export const finding = z.strictObject({
  outcome: z.enum(outcomes),
  /** One sentence. It holds nothing that differs from run to run for the same facts; such values are evidence. */
  reason: z.string(),
  /** What to do next, and who can; empty for pass and not-applicable. */
  remedy: z.string(),
  evidence: z.array(evidence),
  /** For `fail`: what is named one by one. Empty: the gate as a whole. */
  blockers: z.array(blocker),
});
export type Finding = z.infer<typeof finding>;
