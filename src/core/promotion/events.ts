import { z } from 'zod';
import { finding } from '../finding.ts';
import { expectation, rolloutVerdict, snapshot } from '../rollout/verdict.ts';
import { promotionPlan } from './plan.ts';

/**
 * Everything that can happen to a promotion: one commit of one service on its way through its regions (C1–C7). Data
 * is validated when it is read back, so a row that somebody edited by hand is an error and not a surprise.
 */

/** What a region's rollout amounts to. INCONCLUSIVE is never GO (F6). */
export const regionDecisions = ['GO', 'NO-GO', 'INCONCLUSIVE'] as const;
export type RegionDecision = (typeof regionDecisions)[number];

/** What the engineer who watches should do next (C7). */
export const advices = ['proceed', 'alert', 'delegate'] as const;
export type Advice = (typeof advices)[number];

/** One thing that keeps a region from GO: the rollout itself, a check after it, or a region before it. */
export const hold = z.strictObject({
  /** `rollout`, `check/<id>` or `order/<region>`. */
  blocker: z.string(),
  title: z.string(),
  /** What a waiver is bound to: when it reads differently, the waiver does not count any more. */
  signal: z.string(),
  todo: z.string(),
  /** Whether it is known to be wrong, or merely not known to be right. */
  kind: z.enum(['fail', 'inconclusive']),
});
export type Hold = z.infer<typeof hold>;

const pipeline = z.strictObject({ id: z.int(), url: z.string() });
const at = { region: z.string(), run: z.int() };

export const promotionEvents = {
  PromotionOpened: z.strictObject({
    commit: z.string(),
    plan: promotionPlan,
    /** Slack channel that its message goes to. */
    channel: z.string(),
  }),
  /** What ran in a region before Terraform applied there. */
  SnapshotTaken: z.strictObject({ region: z.string(), source: z.string(), before: snapshot }),
  /**
   * A rollout is watched from now on. `source` names what said that there is one (`gitlab-deployment/12`,
   * `slack/…`, `api/…`), so that the same news never starts it twice.
   */
  RolloutStarted: z.strictObject({
    ...at,
    source: z.string(),
    expected: expectation,
    pipeline: pipeline.nullable(),
  }),
  /** More news of the run that is being watched already. */
  RolloutJoined: z.strictObject({ ...at, source: z.string() }),
  /** A look that says something else than the one before. */
  RolloutJudged: z.strictObject({ ...at, verdict: rolloutVerdict }),
  /** A later look says the same pass again; a GO is fresh from here. `mark`: minutes after the first pass. */
  RolloutConfirmed: z.strictObject({ ...at, mark: z.int().nullable() }),
  /** A person wants another look at what was watched to its end. */
  RecheckRequested: z.strictObject({ ...at }),
  /** Nothing more is looked at by itself. */
  WatchEnded: z.strictObject({ ...at }),
  /** What a check after the rollout found (C4). */
  RolloutChecked: z.strictObject({ ...at, check: z.string(), finding }),
  /** The investigation went to the service's owner (C7). */
  HandedOver: z.strictObject({ ...at }),
  /** The first of two people (F7). */
  WaiverProposed: z.strictObject({
    ...at,
    waiver: z.string(),
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
  RegionDecided: z.strictObject({
    ...at,
    /** Counts within the promotion. */
    number: z.int(),
    decision: z.enum(regionDecisions),
    isFinal: z.boolean(),
    holds: z.array(hold),
    advice: z.enum(advices),
  }),
} as const;

export type PromotionEventType = keyof typeof promotionEvents;
export type PromotionEvent = {
  [T in PromotionEventType]: { type: T; data: z.infer<(typeof promotionEvents)[T]> };
}[PromotionEventType];
