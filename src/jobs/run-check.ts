import { isDeepStrictEqual } from 'node:util';
import { ZodError } from 'zod';
import type { Judgement } from '../checks/define-check.ts';
import { findCheck } from '../checks/index.ts';
import type { Finding } from '../core/finding.ts';
import { type Handler, type Next, OutsideError } from '../core/ports.ts';
import type { Candidate } from '../core/release/candidate.ts';
import { releaseKeys } from '../core/release/orders.ts';
import { findGate, type GatePlan } from '../core/release/plan.ts';
import { gateState, type Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { cleanFinding } from './clean-finding.ts';
import { later } from './invocation-deps.ts';
import { type ReleaseDeps, recordRelease } from './release-deps.ts';

/** The note that a check leaves to itself between two looks of one run. */
interface Memo {
  run: number;
  /** Looks in a row that ended without an answer of the source. */
  attempts: number;
  /** When it began to wait for something, or to get no answer; ISO 8601. */
  since: string;
}

/** How long one look at the sources may take, in ms. */
const lookMs = 60_000;
/** So many looks without an answer are made in quick succession before people are told; then it goes on slowly. */
const quickAttempts = 4;
const quickMs = 500;
/** At the most; never longer than the bot is set to wait for an answer, in ms. */
const longestSlowMs = 15_000;
/** After so long a source that never answered is given up; re-checking begins anew, in ms. */
const giveUpMs = 2 * 3_600_000;
/** What is awaited longer than this is not known, in ms. */
const longestWaitMs = 45 * 60_000;
const defaultAgainMs = 5_000;
const longestBusyMs = 10_000;

/**
 * Runs one gate's check: facts, judgement, finding. An error, a time-out or a source that does not answer is
 * inconclusive (F6), and is looked at again by itself until the source is back. Key: `<release>/<gate>`.
 */
export function runCheck(deps: ReleaseDeps): Handler {
  return async ({ key, memo: note }, signal) => {
    const { id, gate: gateId } = releaseKeys.readGate(key);
    const { state } = await deps.store.read(releaseStream, id);
    const found = state && findGate(state.plan, gateId);
    if (!state?.candidate || !found?.gate.check) return { next: 'done' };
    const { run, phase } = gateState(state, gateId);
    const memo = memoOf(note, run, deps.now());
    // A worker that died right after it told people left the note of the look before.
    const isRetry = memo.attempts >= quickAttempts;
    if (phase !== 'queued' && phase !== 'running' && !isRetry) return { next: 'done' };
    if (phase === 'queued') await started(deps, id, gateId, run);
    const look = new Look(deps, state, state.candidate, found.gate, memo);
    return look.take(signal);
  };
}

function memoOf(note: unknown, run: number, now: Date): Memo {
  const kept = note as Memo | null;
  return kept?.run === run ? kept : { run, attempts: 0, since: now.toISOString() };
}

async function started(deps: ReleaseDeps, id: string, gate: string, run: number): Promise<void> {
  await recordRelease(deps, id, (state) => {
    const now = gateState(state, gate);
    return now.run === run && now.phase === 'queued' ? [{ type: 'CheckStarted', data: { gate, run } }] : [];
  });
}

class Look {
  readonly #deps: ReleaseDeps;
  readonly #release: Release;
  readonly #candidate: Candidate;
  readonly #gate: GatePlan;
  readonly #memo: Memo;

  constructor(deps: ReleaseDeps, release: Release, candidate: Candidate, gate: GatePlan, memo: Memo) {
    this.#deps = deps;
    this.#release = release;
    this.#candidate = candidate;
    this.#gate = gate;
    this.#memo = memo;
  }

  async take(signal: AbortSignal): Promise<Next> {
    const check = findCheck(this.#gate.check ?? '');
    if (!check) return this.#found(noSuchCheck(this.#gate));
    const deadline = AbortSignal.timeout(lookMs);
    try {
      const { sources, now } = this.#deps;
      const within = AbortSignal.any([signal, deadline]);
      const judged = await check.run(this.#candidate, this.#gate.with, sources, within, now);
      return judged.outcome === 'waiting' ? await this.#waiting(judged) : await this.#found(judged);
    } catch (error) {
      // The process is stopping, or this work is somebody else's by now.
      signal.throwIfAborted();
      if (error instanceof OutsideError || deadline.aborted) return this.#unanswered(error);
      return this.#crashed(error);
    }
  }

  /** Back to the queue until there is something to judge; after long enough that is not known. */
  async #waiting(judged: Judgement): Promise<Next> {
    const { now } = this.#deps;
    if (this.#waitedMs() > longestWaitMs) {
      const minutes = longestWaitMs / 60_000;
      return this.#found({
        ...judged,
        outcome: 'inconclusive',
        reason: `Still waiting after ${minutes} minutes: ${judged.reason}`,
        remedy: judged.remedy || 'Find out what it waits for, then re-check it.',
      });
    }
    await this.#record(judged);
    const at = later(now, judged.checkAgainInMs ?? defaultAgainMs);
    return { next: 'again', at, memo: { ...this.#memo, attempts: 0 } satisfies Memo };
  }

  async #found(judged: Judgement): Promise<Next> {
    await this.#record(judged);
    return { next: 'done' };
  }

  #waitedMs(): number {
    return this.#deps.now().getTime() - Date.parse(this.#memo.since);
  }

  /** Quick looks first; then people are told that it is inconclusive, and it goes on slowly. */
  async #unanswered(error: unknown): Promise<Next> {
    const { now, log, settleMs } = this.#deps;
    const attempts = this.#memo.attempts + 1;
    log.warn(
      { err: error, release: this.#release.id, gate: this.#gate.id, attempts },
      'A source did not answer a check',
    );
    const memo: Memo = { ...this.#memo, attempts };
    const asked = error instanceof OutsideError ? error.retryAfterMs : null;
    if (attempts <= quickAttempts) {
      const busyMs = Math.min(longestBusyMs, settleMs);
      const wait = asked ?? (isBusy(error) ? busyMs : quickMs * 2 ** (attempts - 1));
      return { next: 'again', at: later(now, wait), memo };
    }
    await this.#record(noAnswer(error));
    if (this.#waitedMs() > giveUpMs) return { next: 'done' };
    const slowMs = Math.max(asked ?? 0, Math.min(longestSlowMs, settleMs));
    return { next: 'again', at: later(now, slowMs), memo };
  }

  /** A defect of ours or of the catalogue: it is told, logged, and not repeated by itself. */
  async #crashed(error: unknown): Promise<Next> {
    const { log } = this.#deps;
    log.error({ err: error, release: this.#release.id, gate: this.#gate.id }, 'A check crashed');
    return this.#found(error instanceof ZodError ? wrongParameters(error) : crash());
  }

  async #record(judged: Judgement): Promise<void> {
    const finding = await cleanFinding(judged, this.#deps.secrets);
    const { id: gate } = this.#gate;
    const { run } = this.#memo;
    await recordRelease(this.#deps, this.#release.id, (state) => {
      const now = gateState(state, gate);
      if (now.run !== run || state.pass !== this.#candidate.pass || says(now.finding, run, finding))
        return [];
      return [{ type: 'CheckFound', data: { gate, run, finding } }];
    });
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof OutsideError && error.kind === 'busy';
}

/** Whether the same was found in this run before. A look that answers differently in its evidence alone adds nothing while it waits. */
function says(was: (Finding & { run: number }) | null, run: number, now: Finding): boolean {
  if (was?.run !== run) return false;
  const { outcome, reason, blockers } = now;
  return was.outcome === outcome && was.reason === reason && isDeepStrictEqual(was.blockers, blockers);
}

function inconclusive(reason: string, remedy: string): Judgement {
  return { outcome: 'inconclusive', reason, remedy, evidence: [], blockers: [] };
}

function noSuchCheck({ check }: GatePlan): Judgement {
  return inconclusive(
    `This gonogo has no check "${check}".`,
    'Whoever keeps the catalogue (release.yml) corrects it; then open the release anew.',
  );
}

function noAnswer(error: unknown): Judgement {
  if (!(error instanceof OutsideError))
    return inconclusive(
      `There was no answer within ${lookMs / 1_000} seconds.`,
      'It is tried again by itself. If it stays, look whether the service is up.',
    );
  const { what, why, todo } = error.problem;
  return inconclusive(
    [what, why].filter(Boolean).join(' '),
    `${todo} It is tried again by itself until then.`.trim(),
  );
}

function wrongParameters(error: ZodError): Judgement {
  const said = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  return inconclusive(
    `The parameters of this gate are wrong: ${said}`.slice(0, 500),
    'Whoever keeps the catalogue (release.yml) corrects them.',
  );
}

function crash(): Judgement {
  return inconclusive(
    'The check crashed.',
    'Re-check it. If it stays, whoever runs gonogo looks into its log.',
  );
}
