import { z } from 'zod';
import { gistOf } from '../checks/rollout/gist.ts';
import { type LookedAt, lookAtEach, nextLookMs, watchMemo } from '../checks/rollout/look.ts';
import type { Evidence } from '../core/finding.ts';
import type { Handler } from '../core/ports.ts';
import { regionState } from '../core/promotion/state.ts';
import { readWatchGroup, type Watch, type WatchKey } from '../core/rollout/watch.ts';
import { type RolloutDeps, recordPromotion } from './promotion-deps.ts';
import { nextMark, verdictEvents } from './rollout-verdicts.ts';

/** What a look leaves for the next one at the same rollout. */
const memoOfWatch = z.object({
  look: watchMemo,
  /** Gist of what the promotion says since; spares the store a change that would decide nothing. Null: not known. */
  said: z.string().nullable(),
  /** From when on the re-check under way was due; null until the first pass. */
  since: z.string().nullable(),
});
type MemoOfWatch = z.infer<typeof memoOfWatch>;

/** What is due so soon is looked at together with what is due now, in ms. */
const togetherMs = 1_000;
/** What comes due while a look is under way is looked at with it: at most so early, in ms, rather than late. */
const earlyMs = 5_000;
/** A first look costs calls of its own, so that at most so many are taken on with one look at the others: five seconds of what AWS grants. */
const freshAtOnce = 80;
/** Lengthened intervals are whole multiples of this, in ms, so that they do not move at every look. */
const paceStepMs = 5_000;
/** A look that takes longer than the longest interval is told in the log, in ms. */
const slowMs = 10_000;
/** A watch that could not be settled is looked at again after this, in ms; the others go on meanwhile. */
const unsettledMs = 30_000;

/**
 * Looks at all rollouts of one account and region that are due, in one batched look, records what is news, and puts
 * itself off until the next is due: between looks it holds no worker, however many are watched. Key: the group (see
 * `watchGroup`).
 *
 * When the process dies:
 * - between the look at AWS and an event, nothing is recorded; the watches are still due, and the next run looks again;
 * - between an event and the note, the event stands and the memo is the one before; the next run looks again, finds
 *   that the promotion says so already (run and phase are checked in the same transaction), and records nothing;
 * - a watch that ended went with the very event that ended it, so a note that comes later changes nothing.
 * A memo that is lost makes a verdict later, never green (see `core/rollout/memory.ts`).
 */
export function watchRollouts(deps: RolloutDeps): Handler {
  /** The last look, by group. */
  const last = new Map<string, Took>();
  return async ({ key: group }, signal) => {
    const before = last.get(group) ?? { ms: 0, watched: 1 };
    const now = deps.now().getTime();
    const soon = Math.max(togetherMs, Math.min(earlyMs, before.ms));
    const due = (await deps.watches.due(group, new Date(now + soon)))
      .map(withMemo)
      .filter(({ watch, memo }) => watch.dueAt.getTime() <= now + togetherMs || isAwaited(memo));
    if (due.length > 0) last.set(group, await new GroupLook(deps, group, inTurn(due), before, signal).take());
    const next = await deps.watches.nextDue(group);
    if (next) return { next: 'again', at: next };
    last.delete(group);
    return { next: 'done' };
  };
}

/** How long a look took, with all that was recorded of it, and how many rollouts were looked at. */
interface Took {
  ms: number;
  watched: number;
}

/** A watch, and what the look before left; null at the first, and where it cannot be read. */
interface Due {
  watch: Omit<Watch, 'memo'>;
  memo: MemoOfWatch | null;
  isFirst: boolean;
}

/** Of thousands, what the look before left is held once. */
function withMemo({ memo, ...watch }: Watch): Due {
  return { watch, memo: memoOfWatch.safeParse(memo).data ?? null, isFirst: memo === null };
}

/** Whether a rollout is awaited. One that passed is looked at again at a time of its own, and not before. */
function isAwaited(memo: Due['memo']): boolean {
  return (memo?.since ?? null) === null;
}

/** Those that were looked at before, and of the others the first ones: the rest stays due and comes next. */
function inTurn(due: readonly Due[]): Due[] {
  const fresh = due.filter(({ isFirst }) => isFirst);
  const later = new Set(fresh.slice(freshAtOnce));
  return due.filter((one) => !later.has(one));
}

interface Noted {
  key: WatchKey;
  dueAt: Date;
  memo: MemoOfWatch;
}

/** A watch with what was seen of it just now. */
interface Settled extends Due {
  /** From when on this look was due, ISO 8601 UTC. */
  since: string;
  look: LookedAt;
  everyMs: number;
  /** What the verdict tells besides, where looks had to be made less often. */
  slowed: Evidence[];
}

class GroupLook {
  readonly #deps: RolloutDeps;
  readonly #group: string;
  readonly #due: (Due & { since: string })[];
  readonly #likelyMs: number;
  readonly #signal: AbortSignal;
  readonly #began: number;

  constructor(deps: RolloutDeps, group: string, due: readonly Due[], before: Took, signal: AbortSignal) {
    this.#deps = deps;
    this.#group = group;
    this.#likelyMs = before.ms * Math.min(1, due.length / before.watched);
    this.#due = due.map((one) => ({ ...one, since: one.memo?.since ?? one.watch.subject.watchedSince }));
    this.#signal = signal;
    this.#began = deps.now().getTime();
  }

  async take(): Promise<Took> {
    const { aws, now, secrets, log, watches } = this.#deps;
    // A re-check has a deadline of its own, so it is judged as if the watch had begun with it.
    const watched = this.#due.map(({ watch: { subject }, memo, since }) => ({
      subject: { ...subject, watchedSince: since },
      memo: memo?.look ?? null,
    }));
    const place = readWatchGroup(this.#group);
    const noted: Noted[] = [];
    await lookAtEach(aws, place, watched, { now, secrets, log }, this.#signal, async (look, index) => {
      const [one, subject] = [this.#due[index], watched[index]?.subject];
      if (!one || !subject) return;
      noted.push(await this.#settleAlone({ ...one, look, ...this.#pace(nextLookMs(subject, now())) }));
    });
    // A process that stood still must not put an old note in the place of a newer one.
    this.#signal.throwIfAborted();
    const tookMs = now().getTime() - this.#began;
    const earliest = this.#began + pacedMs(tookMs);
    await watches.note(
      noted.map((one) => ({ ...one, dueAt: new Date(Math.max(one.dueAt.getTime(), earliest)) })),
    );
    if (tookMs > slowMs)
      log.info(
        { group: this.#group, watched: noted.length, tookMs },
        'Rollouts are looked at less often: one look takes long',
      );
    return { ms: tookMs, watched: this.#due.length };
  }

  /** What one watch cannot be settled for must not hold up the others. */
  async #settleAlone(one: Settled): Promise<Noted> {
    try {
      return await this.#settle(one);
    } catch (error) {
      this.#signal.throwIfAborted();
      const { promotion, region, run } = one.watch;
      this.#deps.log.error(
        { err: error, promotion, region, run },
        'A look at a rollout could not be recorded',
      );
      const kept = { look: one.look.memo, said: null, since: one.memo?.since ?? null };
      return { key: one.watch, dueAt: new Date(this.#began + unsettledMs), memo: kept };
    }
  }

  /** Records what a look says where that is news; the note is for the next one, and lost where the watch is over. */
  async #settle({ watch, memo, since, look, everyMs, slowed }: Settled): Promise<Noted> {
    const dueAt = new Date(this.#began + everyMs);
    const isAwaited = look.outcome === 'waiting';
    const note = (said: string | null): Noted => ({
      key: watch,
      dueAt,
      memo: { look: look.memo, said, since: memo?.since ?? null },
    });
    if (isAwaited && memo?.said === look.gist) return note(look.gist);
    const clean = await look.verdict();
    const verdict = { ...clean, evidence: [...clean.evidence, ...slowed] };
    const { now } = this.#deps;
    const { state } = await recordPromotion(this.#deps, watch.promotion, (is) =>
      verdictEvents(is, { watch, verdict, since }, now()),
    );
    const known = state && regionState(state, watch.region).verdict;
    const stands = known && gistOf(known) === gistOf(verdict) ? look.gist : null;
    if (isAwaited) return note(stands);
    const mark = state && nextMark(state, watch);
    if (!mark) return note(stands);
    return { key: watch, dueAt: mark, memo: { ...note(stands).memo, since: mark.toISOString() } };
  }

  /**
   * Where one look at the group takes longer than the interval it is lengthened, and the verdict says so. How long this
   * one takes is not known before its end: it is at least as long as until now, and likely, for its part, as the one
   * before.
   */
  #pace(usualMs: number): Pick<Settled, 'everyMs' | 'slowed'> {
    const tookMs = Math.max(this.#likelyMs, this.#deps.now().getTime() - this.#began);
    if (tookMs <= usualMs) return { everyMs: usualMs, slowed: [] };
    const everyMs = pacedMs(tookMs);
    const count = this.#due.length;
    const value = `every ${everyMs / 1_000} s: ${count} rollouts are watched here at once`;
    const at = this.#deps.now().toISOString();
    return { everyMs, slowed: [{ label: 'Looked at', value, url: null, at }] };
  }
}

/** The interval that fits a look which takes so long, in ms. */
function pacedMs(tookMs: number): number {
  return Math.ceil(tookMs / paceStepMs) * paceStepMs;
}
