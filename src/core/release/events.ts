import { z } from 'zod';
import { finding } from '../finding.ts';
import { candidate, deployment } from './candidate.ts';
import { plan } from './plan.ts';

/**
 * Everything that can happen to a release in validation (B1–B8). Data is validated when it is read back, so a row
 * that somebody edited by hand is an error and not a surprise.
 */

const problem = z.strictObject({ code: z.string(), what: z.string(), why: z.string(), todo: z.string() });

/** How a person answers a manual check. */
export const answerOutcomes = ['pass', 'fail', 'not-applicable'] as const;
export type AnswerOutcome = (typeof answerOutcomes)[number];

/**
 * What a person says about one blocker. Excluded (a merge request) and accepted (a signal) take it out of the
 * decision with a reason; tracked and escalated leave it a blocker, with the place where it is followed.
 */
export const handlings = ['excluded', 'accepted', 'tracked', 'escalated'] as const;
export type Handling = (typeof handlings)[number];

/** One reason against a GO, with everything a person needs to act on it. */
export const reasonAgainst = z.strictObject({
  /** Null for what is no gate: an approval, the record, staging itself. */
  gate: z.string().nullable(),
  /** Id within the gate's finding. */
  blocker: z.string(),
  title: z.string(),
  why: z.string(),
  todo: z.string(),
  url: z.string().nullable(),
});
export type ReasonAgainst = z.infer<typeof reasonAgainst>;

export const verdicts = ['GO', 'NO-GO'] as const;
export type Verdict = (typeof verdicts)[number];

export const releaseEvents = {
  ReleaseOpened: z.strictObject({
    name: z.string(),
    plan,
    environment: z.string(),
    url: z.string(),
    /** Where the command was typed. */
    channel: z.string(),
  }),
  /** The first pass, or the next one after staging has changed (B8). */
  PassStarted: z.strictObject({ pass: z.number().int() }),
  CandidateIdentified: z.strictObject({
    candidate,
    /** Which manual answers of the pass before hold, and which are asked again, with the reason. */
    kept: z.array(z.string()),
    again: z.array(z.strictObject({ gate: z.string(), why: z.string() })),
  }),
  /** It could not be found out what should be running; the todo says what to mend. */
  CandidateUnknown: z.strictObject({ pass: z.number().int(), problem }),
  /** Which conditional gates apply to this candidate, and why (B5). */
  ApplicabilityJudged: z.strictObject({
    pass: z.number().int(),
    gates: z.array(
      z.strictObject({
        gate: z.string(),
        verdict: z.enum(['applies', 'does-not-apply', 'unknown']),
        reason: z.string(),
      }),
    ),
  }),
  RunRequested: z.strictObject({ gates: z.array(z.string()) }),
  CheckStarted: z.strictObject({ gate: z.string(), run: z.number().int() }),
  CheckFound: z.strictObject({ gate: z.string(), run: z.number().int(), finding }),
  WorkspaceRecorded: z.strictObject({
    workspace: z.string(),
    depot: z.string(),
    /** The release owner's approval, where the workspace is reserved for something else. */
    approval: z.string().nullable(),
  }),
  ItemAnswered: z.strictObject({
    gate: z.string(),
    pass: z.number().int(),
    outcome: z.enum(answerOutcomes),
    note: z.string(),
    link: z.string().nullable(),
    /** The answers (by seq) that the person saw and replaces; one they did not see stays beside theirs. */
    saw: z.array(z.number().int()),
  }),
  ItemAssigned: z.strictObject({ gate: z.string(), to: z.string().nullable() }),
  BlockerHandled: z.strictObject({
    gate: z.string(),
    blocker: z.string(),
    signal: z.string(),
    title: z.string(),
    as: z.enum(handlings),
    reason: z.string(),
    link: z.string().nullable(),
  }),
  /** The first of two people (F7). `waiver` is its id. */
  WaiverProposed: z.strictObject({
    waiver: z.string(),
    gate: z.string(),
    blocker: z.string(),
    signal: z.string(),
    title: z.string(),
    reason: z.string(),
    /** ISO 8601 UTC. */
    expiresAt: z.string(),
  }),
  /** The second person. */
  WaiverConfirmed: z.strictObject({ waiver: z.string() }),
  WaiverDeclined: z.strictObject({ waiver: z.string() }),
  ApprovalGiven: z.strictObject({ approval: z.string(), digest: z.string() }),
  ApprovalVoided: z.strictObject({ approval: z.string(), by: z.string(), why: z.string() }),
  /** Something newer reached the environment: what was validated is not what runs there (B8). */
  DeploymentSeen: z.strictObject({ project: z.string(), deployment }),
  /** The Linear issue says what the decision needs; `gaps` are the keys of {@link gapsOf} that stand in it. */
  RecordWritten: z.strictObject({ identifier: z.string(), url: z.string(), gaps: z.array(z.string()) }),
  RecordFailed: z.strictObject({ problem }),
  DecisionMade: z.strictObject({
    number: z.number().int(),
    pass: z.number().int(),
    verdict: z.enum(verdicts),
    reasons: z.array(reasonAgainst),
    digest: z.string(),
  }),
  DecisionWithdrawn: z.strictObject({ number: z.number().int(), why: z.string() }),
} as const;

export type ReleaseEventType = keyof typeof releaseEvents;
export type ReleaseEvent = {
  [T in ReleaseEventType]: { type: T; data: z.infer<(typeof releaseEvents)[T]> };
}[ReleaseEventType];
