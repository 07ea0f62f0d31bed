import { type Digest, shortId } from '../ids.ts';
import { type Problem, problem } from '../problem.ts';
import type { Expectation, Snapshot } from '../rollout/verdict.ts';
import { decideRegion } from './decide.ts';
import type { PromotionEvent } from './events.ts';
import { promotionPrefix } from './orders.ts';
import { findRegion, type PromotionPlan } from './plan.ts';
import { type Promotion, type RegionState, regionState } from './state.ts';

/** What may happen to a promotion, as pure functions from its state to events or a problem. */
export type Acted = { events: PromotionEvent[] } | { problem: Problem };

const refuse = (because: Problem): Acted => ({ problem: because });

/** One commit of one service has one promotion, whoever speaks of it first. */
export function promotionId(digest: Digest, service: string, commit: string): string {
  return `${promotionPrefix(service)}${shortId(digest, `promotion/${service}/${commit}`)}`;
}

/** Full SHA-1 or SHA-256 of a commit; anything shorter could mean another one. */
export const fullCommit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export interface Start {
  plan: PromotionPlan;
  commit: string;
  channel: string;
  region: string;
  /** `gitlab-deployment/ID`, `pipeline/ID`, `slack/…`, `api/…`: the same source never starts a rollout twice. */
  source: string;
  /** Without `before`: a snapshot that was taken for this region is used. */
  expected: Omit<Expectation, 'before' | 'commit'> & { before?: Snapshot | null };
  pipeline: { id: number; url: string } | null;
  /** False: the apply may have begun later than `appliedAt`. Default true. */
  isExact?: boolean;
}

/**
 * Starts to watch a rollout. News of a rollout that is being watched join it, unless they tell of another deployment
 * in GitLab, or of an apply that began after it had passed: that is the next run.
 */
export function startRollout(state: Promotion | null, start: Start): Acted {
  const { plan, commit, channel, region, source, pipeline } = start;
  if (!fullCommit.test(commit)) return refuse(problem('commit-wrong', { commit }));
  if (!findRegion(state?.plan ?? plan, region))
    return refuse(problem('region-unknown', { service: plan.service, region }));
  const known = state && regionState(state, region);
  if (known?.sources.includes(source)) return { events: [] };
  const isAnother = known && (isAnotherDeployment(known.sources, source) || isLaterApply(known, start));
  if (known?.phase === 'watching' && !isAnother)
    return { events: [{ type: 'RolloutJoined', data: { region, run: known.run, source } }] };
  const run = (known?.run ?? 0) + 1;
  const { before = known?.before ?? null, ...rest } = start.expected;
  const expected: Expectation = { ...rest, commit, before };
  return {
    events: [
      ...opening(state, { plan, commit, channel }),
      { type: 'RolloutStarted', data: { region, run, source, expected, pipeline } },
    ],
  };
}

/** Keeps what ran before an apply; only what was looked at while nothing of this commit was watched there. */
export function takeSnapshot(
  state: Promotion | null,
  taken: Pick<Start, 'plan' | 'commit' | 'channel' | 'region' | 'source'> & { before: Snapshot },
): Acted {
  const { plan, commit, channel, region, source, before } = taken;
  if (!fullCommit.test(commit)) return refuse(problem('commit-wrong', { commit }));
  if (!findRegion(state?.plan ?? plan, region))
    return refuse(problem('region-unknown', { service: plan.service, region }));
  const known = state && regionState(state, region);
  if (known?.sources.includes(`${source}/before`)) return { events: [] };
  return {
    events: [
      ...opening(state, { plan, commit, channel }),
      { type: 'SnapshotTaken', data: { region, source: `${source}/before`, before } },
    ],
  };
}

function isAnotherDeployment(sources: string[], source: string): boolean {
  const kind = 'gitlab-deployment/';
  const known = sources.filter((one) => one.startsWith(kind) && !one.endsWith('/before'));
  return source.startsWith(kind) && known.length > 0 && !known.includes(source);
}

/** A pass that is still re-checked says nothing of what was applied after it; where that is not certain, neither. */
function isLaterApply({ passedAt }: RegionState, { expected, isExact = true }: Start): boolean {
  return passedAt !== null && (!isExact || expected.appliedAt > passedAt);
}

function opening(
  state: Promotion | null,
  data: { commit: string; plan: PromotionPlan; channel: string },
): PromotionEvent[] {
  return state ? [] : [{ type: 'PromotionOpened', data }];
}

/** Another look at a rollout that is not watched any more. */
export function requestRecheck(state: Promotion, region: string): Acted {
  const { run, phase } = regionState(state, region);
  if (run === 0) return refuse(problem('rollout-none', { service: state.plan.service, region }));
  if (phase === 'watching') return { events: [] };
  return { events: [{ type: 'RecheckRequested', data: { region, run } }] };
}

/** Hands the investigation to the service's owner; once a run. */
export function handOver(state: Promotion, region: string, run: number): Acted {
  const now = regionState(state, region);
  if (now.run !== run) return refuse(problem('rollout-over'));
  if (now.handedOver) return { events: [] };
  return { events: [{ type: 'HandedOver', data: { region, run } }] };
}

/** A waiver of a rollout ends at the latest after so many hours: a deployment is a matter of a day. */
export const longestRolloutWaiverHours = 24;

/** The first of two people asks for a waiver of one named hold (F7). `waiver` is its id. */
export function proposeWaiver(
  state: Promotion,
  input: { waiver: string; region: string; run: number; blocker: string; reason: string; expiresAt: string },
  now: Date,
): Acted {
  const { waiver, region, run, blocker, expiresAt } = input;
  if (state.waivers.some(({ id }) => id === waiver)) return { events: [] };
  if (regionState(state, region).run !== run) return refuse(problem('rollout-over'));
  const found = decideRegion(state, region, now).holds.find((hold) => hold.blocker === blocker);
  if (!found) return refuse(problem('hold-gone'));
  const reason = input.reason.trim();
  if (reason === '') return refuse(problem('reason-missing'));
  const left = Date.parse(expiresAt) - now.getTime();
  if (!(left > 0 && left <= longestRolloutWaiverHours * 3_600_000))
    return refuse(problem('rollout-waiver-expiry', { hours: longestRolloutWaiverHours }));
  const { signal, title } = found;
  return {
    events: [
      {
        type: 'WaiverProposed',
        data: { waiver, region, run, blocker, signal, title, reason, expiresAt },
      },
    ],
  };
}

/** The second person confirms or declines. Whoever asked may take it back, not confirm it. */
export function answerWaiver(state: Promotion, waiver: string, yes: boolean, user: string, now: Date): Acted {
  const found = state.waivers.find(({ id }) => id === waiver);
  const isOver = !found || regionState(state, found.region).run !== found.run;
  if (isOver || found.confirmed || found.declined || now.getTime() >= Date.parse(found.expiresAt))
    return refuse(problem('rollout-waiver-unknown'));
  if (yes && found.by === user) return refuse(problem('waiver-own'));
  return { events: [{ type: yes ? 'WaiverConfirmed' : 'WaiverDeclined', data: { waiver } }] };
}
