import { z } from 'zod';
import { evidence, outcomes } from '../finding.ts';
import { rolloutVerdict, snapshot } from '../rollout/verdict.ts';
import { decideRegion } from './decide.ts';
import { advices, hold, regionDecisions } from './events.ts';
import { type Promotion, type RegionState, regionState, standing } from './state.ts';

/**
 * What the bot tells a pipeline over HTTP, and a pipeline keeps as a file. Both sides read it by the same shapes;
 * what a newer bot says besides is left out, what is missing or wrong makes the whole of it unreadable (F6).
 */
export const reportVersion = 1;

/** Where one region stands, besides the three decisions: still being looked at, or never deployed. */
const reportDecisions = [...regionDecisions, 'WATCHING', 'NONE'] as const;

export const regionReport = z.object({
  version: z.literal(reportVersion),
  service: z.string(),
  region: z.string(),
  /** Full SHA; null where nothing of the service was ever promoted. */
  commit: z.string().nullable(),
  /** Id of the promotion; null where there is none, or where a pipeline judged by itself. */
  promotion: z.string().nullable(),
  /** Counts the rollouts of this commit in this region; 0 before the first. */
  run: z.int(),
  decision: z.enum(reportDecisions),
  /** Nothing more is looked at by itself. */
  isFinal: z.boolean(),
  /** One sentence: what happened. */
  reason: z.string(),
  /** What to do next, and who can; empty where there is nothing to do. */
  todo: z.string(),
  advice: z.enum(advices),
  holds: z.array(hold),
  verdict: rolloutVerdict.nullable(),
  /** The checks after the rollout that have said something. */
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      outcome: z.enum(outcomes),
      reason: z.string(),
      remedy: z.string(),
      evidence: z.array(evidence),
    }),
  ),
  /** When the present run began, was decided, and until when its GO opens the next gate; ISO 8601 UTC. */
  startedAt: z.string().nullable(),
  decidedAt: z.string().nullable(),
  freshUntil: z.string().nullable(),
  /** Address of its message in Slack. */
  thread: z.string().nullable(),
});
export type RegionReport = z.infer<typeof regionReport>;

/** What ran before an apply, with what it was looked at for. */
export const snapshotReport = z.object({
  version: z.literal(reportVersion),
  service: z.string(),
  region: z.string(),
  commit: z.string(),
  before: snapshot,
});
export type SnapshotReport = z.infer<typeof snapshotReport>;

/** Where a region of a promotion stands now. */
export function reportOf(
  promotion: Promotion,
  region: string,
  now: Date,
  thread: string | null,
): RegionReport {
  const state = regionState(promotion, region);
  const { decision, isFinal, holds, advice, freshFrom } = decideRegion(promotion, region, now);
  const told = standing(promotion, region);
  const freshMs = promotion.plan.freshMinutes * 60_000;
  return {
    version: reportVersion,
    service: promotion.plan.service,
    region,
    commit: promotion.commit,
    promotion: promotion.id,
    run: state.run,
    decision: decision === 'watching' ? 'WATCHING' : decision === 'none' ? 'NONE' : decision,
    isFinal,
    reason: holds.map(({ signal }) => signal).join(' ') || openReason(state),
    todo: holds.map(({ todo }) => todo).find(Boolean) ?? '',
    advice,
    holds,
    verdict: verdictOf(state),
    checks: checksOf(promotion, state),
    startedAt: state.startedAt,
    decidedAt: told?.decision === decision ? told.at : null,
    freshUntil: freshFrom === null ? null : new Date(Date.parse(freshFrom) + freshMs).toISOString(),
    thread,
  };
}

/** A region of a service in which nothing was ever promoted, or not this commit. */
export function emptyReport(service: string, region: string, commit: string | null): RegionReport {
  return {
    version: reportVersion,
    service,
    region,
    commit,
    promotion: null,
    run: 0,
    decision: 'NONE',
    isFinal: false,
    reason: 'No deployment of it was validated here yet.',
    todo: 'Deploy it, and have it validated.',
    advice: 'delegate',
    holds: [],
    verdict: null,
    checks: [],
    startedAt: null,
    decidedAt: null,
    freshUntil: null,
    thread: null,
  };
}

function openReason({ run, verdict }: RegionState): string {
  if (run === 0) return 'No deployment of it was validated here yet.';
  return verdict?.reason ?? 'It was not looked at yet.';
}

function verdictOf({ verdict }: RegionState): RegionReport['verdict'] {
  if (!verdict) return null;
  const { at: _at, seq: _seq, ...said } = verdict;
  return said;
}

function checksOf({ plan }: Promotion, { checks }: RegionState): RegionReport['checks'] {
  return plan.after.flatMap(({ id, title }) => {
    const found = checks[id];
    if (!found) return [];
    const { outcome, reason, remedy, evidence } = found;
    return [{ id, title, outcome, reason, remedy, evidence }];
  });
}
