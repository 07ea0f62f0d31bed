import { isDeepStrictEqual } from 'node:util';
import type { PromotionEvent } from '../core/promotion/events.ts';
import { type Promotion, type RegionState, regionState } from '../core/promotion/state.ts';
import type { RolloutVerdict } from '../core/rollout/verdict.ts';
import { recheckMarks, type Watch } from '../core/rollout/watch.ts';

/** How many tasks run is told at most this often while a rollout is awaited, in ms. */
const countsEveryMs = 10_000;
/** A pass stands so long while a look after it is not settled, in ms: one slow answer takes no GO back. */
const unsettledMs = 60_000;

/** What a look said of a watched rollout, and from when on that look was due. */
export interface Looked {
  watch: Pick<Watch, 'subject' | 'region' | 'run'>;
  verdict: RolloutVerdict;
  /** ISO 8601 UTC. */
  since: string;
}

/** The events that follow from a look; none for a watch that is over, or when the promotion says so already. Pure. */
export function verdictEvents(
  state: Promotion,
  { watch, verdict, since }: Looked,
  now: Date,
): PromotionEvent[] {
  const at = { region: watch.region, run: watch.run };
  const known = regionState(state, watch.region);
  if (known.run !== watch.run || known.phase !== 'watching') return [];
  const isUnsettled = verdict.outcome === 'waiting' && known.verdict?.outcome === 'pass';
  if (isUnsettled && now.getTime() - Date.parse(since) < unsettledMs) return [];
  const events: PromotionEvent[] = saysElse(known.verdict, verdict, now)
    ? [{ type: 'RolloutJudged', data: { ...at, verdict } }]
    : [];
  if (verdict.outcome === 'waiting') return events;
  const marks = verdict.outcome === 'pass' ? confirmedMarks(known, watch, now) : [];
  for (const mark of marks) events.push({ type: 'RolloutConfirmed', data: { ...at, mark } });
  const isOver =
    verdict.outcome !== 'pass' ||
    marks.includes(null) ||
    recheckMarks.every((mark) => known.marks.includes(mark) || marks.includes(mark));
  return isOver ? [...events, { type: 'WatchEnded', data: at }] : events;
}

/** The re-checks that this pass answers; null is one that a person asked for, after the watch had ended. */
function confirmedMarks(
  { passedAt, marks }: RegionState,
  { subject }: Looked['watch'],
  now: Date,
): (number | null)[] {
  if (passedAt === null) return [];
  if (Date.parse(passedAt) < Date.parse(subject.watchedSince)) return [null];
  return recheckMarks.filter((mark) => !marks.includes(mark) && markAt(passedAt, mark) <= now);
}

function markAt(passedAt: string, mark: number): Date {
  return new Date(Date.parse(passedAt) + mark * 60_000);
}

/** Whether a verdict is news. Evidence alone is none, and how many tasks run only now and then while it waits. */
function saysElse(was: RegionState['verdict'], is: RolloutVerdict, now: Date): boolean {
  if (!was || !isDeepStrictEqual(gist(was), gist(is))) return true;
  if (is.outcome !== 'waiting' || isDeepStrictEqual(was.tasks, is.tasks)) return false;
  return now.getTime() - Date.parse(was.at) >= countsEveryMs;
}

function gist({ outcome, row, reason, isFinal, failures }: RolloutVerdict) {
  return { outcome, row, reason, isFinal, failures };
}

/** When to look at a passed rollout again; null when it is not watched any more. */
export function nextMark(state: Promotion, { region, run }: Pick<Watch, 'region' | 'run'>): Date | null {
  const { phase, passedAt, marks, run: now } = regionState(state, region);
  if (now !== run || phase !== 'watching' || passedAt === null) return null;
  const next = recheckMarks.find((mark) => !marks.includes(mark));
  return next === undefined ? null : markAt(passedAt, next);
}
