import { isDeepStrictEqual } from 'node:util';
import { findPhase } from '../core/catalogue/find.ts';
import type { Effect } from '../core/effect.ts';
import { uuid4Of } from '../core/ids.ts';
import { type Deliveries, type Handler, type Next, OutsideError } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import type { KeptIssue, RecordKeeper } from '../core/record-keeper.ts';
import { decide, gapsOf } from '../core/release/decide.ts';
import { releaseKeys } from '../core/release/orders.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { recordComments } from '../views/linear-comments.ts';
import { mergeRecord, sameRecord } from '../views/linear-merge.ts';
import { recordBlock, recordTitle } from '../views/linear-record.ts';
import { later } from './invocation-deps.ts';
import { type ReleaseDeps, recordRelease } from './release-deps.ts';

export interface RecordDeps extends ReleaseDeps {
  /** Null: none is configured. */
  keeper: RecordKeeper | null;
  deliveries: Deliveries;
  /** The address of a message in Slack, for the record's link; null when it is not known. */
  permalink(place: { channel: string; ts: string }, signal: AbortSignal): Promise<string | null>;
  /** What people in Slack are called; an id that nobody knows is left out. */
  namesOf(users: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** The note that the work leaves to itself: how often in a row Linear has asked for fewer requests. */
interface Memo {
  refusals: number;
}

/** At the most; never longer than the bot is set to wait for an answer, in ms. */
const longestBusyMs = 10_000;
const longestRefusedMs = 60_000;
/** After so many failures in a row the decision learns that the record is behind. */
const patience = 4;

/**
 * Brings the Linear issue of a release to what its events say: one issue with an id of our own, the block between
 * our markers, labels, links and a comment for each step. One serial writer a release (the outbox), which looks
 * before it writes; a write whose end nobody saw is looked for again (facts: client-supplied ids). Key: release id.
 */
export function keepRecord(deps: RecordDeps): Handler {
  return async ({ key: id, failures, memo }, signal) => {
    const refusals = (memo as Memo | null)?.refusals ?? 0;
    const { state } = await deps.store.read(releaseStream, id);
    if (!state?.plan.recorded) return { next: 'done' };
    if (!deps.keeper) return refused(deps, id, problem('linear-unset'));
    try {
      return await new Writing(deps, deps.keeper, state, signal).bring();
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      if (error.kind === 'refused') return refused(deps, id, error.problem);
      if (failures + refusals >= patience) await failed(deps, id, error.problem);
      if (error.kind === 'unreachable') throw error;
      const at = later(deps.now, error.retryAfterMs ?? Math.min(longestBusyMs, deps.settleMs));
      return { next: 'again', at, memo: { refusals: refusals + 1 } satisfies Memo };
    }
  };
}

class Writing {
  readonly #deps: RecordDeps;
  readonly #keeper: RecordKeeper;
  readonly #state: Release;
  readonly #signal: AbortSignal;
  readonly #issue: string;

  constructor(deps: RecordDeps, keeper: RecordKeeper, state: Release, signal: AbortSignal) {
    this.#deps = deps;
    this.#keeper = keeper;
    this.#state = state;
    this.#signal = signal;
    this.#issue = uuid4Of(deps.digest, `linear/${state.id}/${state.openedAt}`);
  }

  async bring(): Promise<Next> {
    const kept = await this.#keeper.read(this.#issue, this.#signal);
    const wanted = await this.#wanted(kept);
    if (!wanted) return refused(this.#deps, this.#state.id, problem('validation-off'));
    const effect = kept ? await this.#amend(kept, wanted) : await this.#create(wanted);
    if (effect) return this.#notDone(effect);
    // Made just now: the next look reads its number and writes the comments.
    if (!kept) return { next: 'again', at: this.#deps.now() };
    const told = (await this.#comment(kept, wanted)) ?? (await this.#link(kept));
    if (told) return this.#notDone(told);
    return this.#written(kept);
  }

  async #wanted(kept: KeptIssue | null) {
    const { catalogue, namesOf, now, digest } = this.#deps;
    const phase = findPhase(catalogue, this.#state.plan.phase);
    if (!phase?.record) return null;
    const standing = decide(this.#state, now(), digest);
    const names = await namesOf(peopleOf(this.#state));
    const block = recordBlock(this.#state, phase, standing, names);
    return {
      title: recordTitle(phase, this.#state),
      description: mergeRecord(kept?.description ?? null, block),
      labels: phase.record.labels,
      comments: recordComments(this.#state, names),
    };
  }

  async #create(wanted: { title: string; description: string; labels: readonly string[] }) {
    const { title, description, labels } = wanted;
    return unlessDone(
      await this.#keeper.create({ id: this.#issue, title, description, labels }, this.#signal),
    );
  }

  /** Touches the description only where ours differs: what people write meanwhile is read before each write. */
  async #amend(kept: KeptIssue, wanted: { title: string; description: string; labels: readonly string[] }) {
    const addLabels = wanted.labels.filter((label) => !kept.labels.includes(label));
    const isSame = sameRecord(kept.description, wanted.description) && kept.title === wanted.title;
    if (isSame && addLabels.length === 0) return null;
    const { title, description } = wanted;
    return unlessDone(
      await this.#keeper.rewrite(this.#issue, { title, description, addLabels }, this.#signal),
    );
  }

  async #comment(kept: KeptIssue, { comments }: { comments: { key: string; body: string }[] }) {
    for (const { key, body } of comments) {
      const id = uuid4Of(this.#deps.digest, `${this.#issue}/${key}`);
      if (kept.comments.has(id)) continue;
      this.#signal.throwIfAborted();
      const effect = await this.#keeper.comment({ id, issue: this.#issue, body }, this.#signal);
      if (effect.outcome !== 'done') return effect;
    }
    return null;
  }

  /** The message in Slack, once it stands there. */
  async #link(kept: KeptIssue) {
    const { deliveries, permalink } = this.#deps;
    const place = await deliveries.get(releaseKeys.parent(this.#state.id));
    if (!place?.ts) return null;
    const url = await permalink({ channel: place.channel, ts: place.ts }, this.#signal);
    if (url === null || kept.links.has(url)) return null;
    const title = `Slack: release ${this.#state.name}`;
    return unlessDone(await this.#keeper.link({ issue: this.#issue, url, title }, this.#signal));
  }

  /** Only gaps that this writing held are named: what came meanwhile has ordered another. */
  async #written({ identifier, url }: KeptIssue): Promise<Next> {
    const { now, digest } = this.#deps;
    const gaps = gapsOf(this.#state, decide(this.#state, now(), digest).statuses);
    await recordRelease(this.#deps, this.#state.id, ({ record, recordProblem }) => {
      const isKnown = isDeepStrictEqual(record?.gaps, gaps) && !recordProblem;
      return isKnown ? [] : [{ type: 'RecordWritten', data: { identifier, url, gaps } }];
    });
    return { next: 'done' };
  }

  async #notDone(effect: Exclude<Effect<null>, { outcome: 'done' }>): Promise<Next> {
    const { log } = this.#deps;
    log.info({ release: this.#state.id, ...effect }, 'The record was not written at once');
    switch (effect.outcome) {
      case 'busy':
        throw new OutsideError('busy', problem('linear-unwritten', { said: 'It asks for fewer requests.' }), {
          cause: effect,
          retryAfterMs: effect.retryAfterMs,
        });
      case 'refused':
        return refused(this.#deps, this.#state.id, effect.problem);
      case 'unsent':
      case 'unclear':
        // It counts as a failure, so that people learn of it when it lasts. The next look finds what was done.
        throw new OutsideError('unreachable', problem('linear-unwritten', { said: effect.cause }), {
          cause: effect.cause,
        });
    }
  }
}

function unlessDone(effect: Effect<null>): Exclude<Effect<null>, { outcome: 'done' }> | null {
  return effect.outcome === 'done' ? null : effect;
}

/** A refusal is tried again too: people mend its cause. */
async function refused(deps: RecordDeps, id: string, because: Problem): Promise<Next> {
  await failed(deps, id, because);
  return { next: 'again', at: later(deps.now, Math.min(longestRefusedMs, deps.settleMs)) };
}

/** Tells the decision that the record is behind, once; it is tried on. */
async function failed(deps: RecordDeps, id: string, because: Problem): Promise<void> {
  const { code, what, why, todo } = because;
  await recordRelease(deps, id, ({ recordProblem }) =>
    recordProblem?.code === code
      ? []
      : [{ type: 'RecordFailed', data: { problem: { code, what, why, todo } } }],
  );
}

function peopleOf(state: Release): string[] {
  const by = [
    ...Object.values(state.gates).flatMap(({ answers, handled, assignee }) => [
      ...answers.map((one) => one.by),
      ...handled.map((one) => one.by),
      ...(assignee ? [assignee] : []),
    ]),
    ...state.waivers.flatMap((waiver) => [waiver.by, waiver.confirmed?.by, waiver.declined?.by]),
    ...state.approvals.map((one) => one.by),
    ...state.decisions.map((one) => one.by),
    ...state.notices.map((one) => one.by),
    ...state.passes.map((one) => one.by),
    state.openedBy,
    state.workspace?.by,
  ];
  return [...new Set(by.flatMap((user) => (user ? [user] : [])))];
}
