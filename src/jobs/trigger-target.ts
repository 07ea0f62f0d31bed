import { setTimeout } from 'node:timers/promises';
import { actionFacts, pipelineVariables, runIdVariable } from '../core/action.ts';
import type { Effect } from '../core/effect.ts';
import { runIdOf } from '../core/ids.ts';
import type { InvocationEvent } from '../core/invocation/events.ts';
import { keys } from '../core/invocation/orders.ts';
import { findTarget, type Invocation, type Target } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import type { PipelineRef } from '../core/pipeline.ts';
import type { Handler, Next } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { type HeldMemo, heldByWave, type WaitsFor, waitsForOf } from './held-by-wave.ts';
import { type InvocationDeps, later, record } from './invocation-deps.ts';
import { type SlotMemo, slotFor } from './slot.ts';

/** The note a trigger leaves to itself between two runs. */
interface Memo extends SlotMemo, HeldMemo {
  /**
   * The intent, by its time, whose request certainly started nothing, so that no look is needed before the next.
   * That one has an intent of its own: this note outlives a crash and must not speak for a later request.
   */
  unsent?: string;
}

/** When, as a share of the time to settle, it is first looked whether a request without an answer was carried out. */
const firstLookShare = 0.1;
/** How long to wait for a GitLab that cannot be reached, in ms. */
const unsentMs = 5_000;
/** After so many requests without a clear answer a person must look. */
const mostRequests = 5;
/** How far before the intent a pipeline may seem to have been created, by GitLab's clock, in ms. */
const clockSlackMs = 120_000;
/** A slot this near is waited for in hand: going back to the queue for it would cost more, in ms. */
const nearMs = 250;

const done: Next = { next: 'done' };

/**
 * Starts the pipeline of one target, exactly once (A4, A5). GitLab has no idempotency key, so: the intent is
 * recorded, the request is made once, its result is recorded; and whenever a recorded intent has no result,
 * GitLab is searched for a pipeline with our run id before another request is made.
 * Key: `<invocation>/<project>`.
 */
export function triggerTarget(deps: InvocationDeps): Handler {
  return async (work, signal) => {
    const { id, project } = keys.readTarget(work.key);
    const { state } = await deps.store.read(invocationStream, id);
    const target = state && findTarget(state, project);
    if (!state || !target) return done;
    const memo = (work.memo ?? {}) as Memo;
    const run = new Run(deps, state, target, memo, signal);
    if (target.state.at === 'waiting') return run.begin();
    if (target.state.at === 'starting') return run.resume(target.state);
    return done;
  };
}

class Run {
  readonly #deps: InvocationDeps;
  readonly #state: Invocation;
  readonly #target: Target;
  readonly #memo: Memo;
  readonly #signal: AbortSignal;
  readonly #runId: string;

  constructor(deps: InvocationDeps, state: Invocation, target: Target, memo: Memo, signal: AbortSignal) {
    this.#deps = deps;
    this.#state = state;
    this.#target = target;
    this.#memo = memo;
    this.#signal = signal;
    this.#runId = runIdOf(deps.digest, state.id, target.project, target.attempt);
  }

  /** Nothing was asked for yet: its wave may still hold it. */
  async begin(): Promise<Next> {
    const waits = await waitsForOf(this.#deps, this.#state, this.#target.project);
    const held = await heldByWave(this.#deps, this.#state, this.#target, waits, this.#memo);
    return held ?? this.request(1, waits);
  }

  /** An intent stands without a result: it may have happened. */
  async resume(starting: { since: string; request: number }): Promise<Next> {
    const { now, settleMs } = this.#deps;
    if (this.#memo.unsent === starting.since)
      return this.#state.stop ? this.#fail(problem('stopped-unclear')) : this.request(starting.request);
    const since = Date.parse(starting.since);
    const firstLook = new Date(since + settleMs * firstLookShare);
    if (firstLook > now()) return { next: 'again', at: firstLook };
    const found = await this.#find(new Date(since - clockSlackMs - settleMs * mostRequests));
    if (found) return this.#triggered(found, true);
    // Not there may mean not there yet: only when GitLab must be done with the request is it asked again.
    const settled = new Date(since + settleMs);
    if (settled > now()) return { next: 'again', at: settled };
    if (this.#state.stop) return this.#fail(problem('stopped-unclear'));
    if (starting.request >= mostRequests)
      return this.#fail(problem('gitlab-unclear', { path: this.#target.path, requests: starting.request }));
    return this.request(starting.request + 1);
  }

  /** Waits for this target's turn, records the intent, and sends. */
  async request(number: number, waits: WaitsFor = () => []): Promise<Next> {
    const turn = await this.#turn();
    if (turn) return turn;
    let isMine = false;
    let isHeld = false;
    const intended = await record(this.#deps, this.#state.id, (state) => {
      const target = findTarget(state, this.#target.project);
      isMine = isWhereItWas(target, this.#target);
      isHeld = isMine && waits(state).length > 0;
      if (!isMine || isHeld) return [];
      const { project } = this.#target;
      return [{ type: 'TriggerIntended', data: { project, runId: this.#runId, request: number } }];
    });
    // One before it was set going again while this one waited for its turn.
    if (isHeld) return { next: 'again', at: this.#deps.now() };
    const target = intended.state && findTarget(intended.state, this.#target.project);
    // Stopped while this one waited.
    if (target?.state.at !== 'starting') return done;
    // Taken on by somebody else: whoever recorded the intent sends, and this one sees to it that it ends.
    if (!isMine) return { next: 'again', at: later(this.#deps.now, this.#deps.settleMs) };
    return this.#send(number, target.state.since);
  }

  /** One request, under an intent that is recorded. Dying on any line of this leaves that intent to resume from. */
  async #send(number: number, since: string): Promise<Next> {
    const { codeHost, log, now, settleMs } = this.#deps;
    const { project, path, ref } = this.#target;
    this.#signal.throwIfAborted();
    // A process that stood still may have lost this work to one that already looks for what it would do now.
    if (now().getTime() - Date.parse(since) > settleMs / 2)
      return { next: 'again', at: now(), memo: { unsent: since } satisfies Memo };
    const variables = pipelineVariables(this.#state.action, this.#runId);
    const effect = await codeHost.startPipeline(path, ref, variables, this.#signal);
    if (effect.outcome !== 'done')
      log.info(
        { invocation: this.#state.id, project, request: number, ...effect },
        'A pipeline could not be started at once',
      );
    return this.#conclude(effect, since);
  }

  async #conclude(effect: Effect<PipelineRef>, since: string): Promise<Next> {
    const { now, pace, settleMs } = this.#deps;
    switch (effect.outcome) {
      case 'done':
        return this.#triggered(effect.value, false);
      case 'refused':
        return this.#fail(effect.problem);
      case 'busy': {
        const at = later(now, effect.retryAfterMs);
        await pace.holdUntil(creationLine, at);
        return { next: 'again', at, memo: { unsent: since } satisfies Memo };
      }
      case 'unsent':
        return {
          next: 'again',
          at: later(now, Math.min(settleMs, unsentMs)),
          memo: { unsent: since } satisfies Memo,
        };
      case 'unclear':
        return { next: 'again', at: later(now, settleMs * firstLookShare), memo: {} satisfies Memo };
    }
  }

  /** Null when it is this target's turn; otherwise when to come back. */
  async #turn(): Promise<Next | null> {
    const { catalogue, now } = this.#deps;
    const spacingMs = 60_000 / catalogue.limits.pipelinesPerMinute;
    const { slot, memo } = await slotFor(this.#deps, this.#memo, creationLine, spacingMs);
    const early = slot.getTime() - now().getTime();
    if (early > nearMs) return { next: 'again', at: slot, memo: { ...this.#memo, ...memo } satisfies Memo };
    if (early > 0) await setTimeout(early, undefined, { signal: this.#signal });
    return null;
  }

  /** The pipeline with our run id, if there is one. */
  async #find(since: Date): Promise<PipelineRef | null> {
    const { codeHost, log } = this.#deps;
    const { path, ref } = this.#target;
    const candidates = await codeHost.pipelinesSince(path, ref, since, this.#signal);
    const found: PipelineRef[] = [];
    for (const candidate of candidates.filter(({ source }) => source === 'api')) {
      const variables = await codeHost.variablesOf(path, candidate.id, this.#signal);
      if (variables?.[runIdVariable] === this.#runId) found.push({ id: candidate.id, url: candidate.url });
    }
    if (found.length > 1)
      log.error(
        { invocation: this.#state.id, path, pipelines: found.map(({ id }) => id) },
        'More than one pipeline carries one run id',
      );
    // The list is newest first; the oldest is the one that was asked for.
    return found.at(-1) ?? null;
  }

  async #triggered({ id: pipelineId, url }: PipelineRef, adopted: boolean): Promise<Next> {
    const type = actionFacts[this.#state.action].triggered;
    const { project } = this.#target;
    return this.#result({ type, data: { project, runId: this.#runId, pipelineId, url, adopted } });
  }

  async #fail(reason: Problem): Promise<Next> {
    const { code, what, why, todo } = reason;
    const { project } = this.#target;
    return this.#result({
      type: 'TriggerFailed',
      data: { project, runId: this.#runId, problem: { code, what, why, todo } },
    });
  }

  async #result(event: InvocationEvent): Promise<Next> {
    await record(this.#deps, this.#state.id, (state) => {
      const target = findTarget(state, this.#target.project);
      return target?.state.at === 'starting' && target.state.runId === this.#runId ? [event] : [];
    });
    return done;
  }
}

/** All pipeline creations of the bot stand in one line: GitLab counts them per user. */
const creationLine = 'gitlab/create-pipeline';

/** Whether nobody has moved the target on since it was read. */
function isWhereItWas(now: Target | undefined, before: Target): boolean {
  if (now?.attempt !== before.attempt || now.state.at !== before.state.at) return false;
  if (now.state.at !== 'starting' || before.state.at !== 'starting') return true;
  return now.state.since === before.state.since;
}
