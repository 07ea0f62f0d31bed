import { isDeepStrictEqual } from 'node:util';
import { ZodError } from 'zod';
import type { Judgement } from '../checks/define-check.ts';
import { findCheck } from '../checks/index.ts';
import type { Finding } from '../core/finding.ts';
import { type Clock, type Logger, type Next, OutsideError } from '../core/ports.ts';
import type { Candidate } from '../core/release/candidate.ts';
import type { SecretFinder, Sources } from '../core/sources.ts';
import { cleanFinding } from './clean-finding.ts';
import { later } from './invocation-deps.ts';

/** What a look of a check works with. */
export interface CheckDeps {
  sources: Sources;
  secrets: SecretFinder;
  now: Clock;
  log: Logger;
  /** How long a service may still be at a request that it did not answer, in ms. */
  settleMs: number;
}

/** The note that a check leaves to itself between two looks of one run. */
export interface CheckMemo {
  run: number;
  /** Looks in a row that ended without an answer of the source. */
  attempts: number;
  /** When it began to wait for something, or to get no answer; ISO 8601. */
  since: string;
}

/** One check that is run, and where what it finds goes. */
export interface CheckRun {
  /** Its id in the registry. */
  check: string;
  with: unknown;
  candidate: Candidate;
  memo: CheckMemo;
  /** What the log says it is about. */
  about: object;
  /** What to do where there is no such check, for whoever keeps the catalogue. */
  mend: string;
  /** Keeps a finding, free of secrets, where it is news. */
  record(finding: Finding): Promise<void>;
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

/** The note of this run; a new one where the last was of another. */
export function checkMemo(note: unknown, run: number, now: Date): CheckMemo {
  const kept = note as CheckMemo | null;
  return kept?.run === run ? kept : { run, attempts: 0, since: now.toISOString() };
}

/** Whether people were told that a source does not answer, and it is tried on all the same. */
export function isRetry({ attempts }: CheckMemo): boolean {
  return attempts >= quickAttempts;
}

/**
 * One look of a check: facts, judgement, finding. An error, a time-out or a source that does not answer is
 * inconclusive (F6), and is looked at again by itself until the source is back. The answer is what becomes of the work.
 */
export class CheckLook {
  readonly #deps: CheckDeps;
  readonly #run: CheckRun;

  constructor(deps: CheckDeps, run: CheckRun) {
    this.#deps = deps;
    this.#run = run;
  }

  async take(signal: AbortSignal): Promise<Next> {
    const check = findCheck(this.#run.check);
    if (!check) return this.#found(noSuchCheck(this.#run));
    const deadline = AbortSignal.timeout(lookMs);
    try {
      const { sources, now } = this.#deps;
      const within = AbortSignal.any([signal, deadline]);
      const judged = await check.run(this.#run.candidate, this.#run.with, sources, within, now);
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
    return { next: 'again', at, memo: { ...this.#run.memo, attempts: 0 } satisfies CheckMemo };
  }

  async #found(judged: Judgement): Promise<Next> {
    await this.#record(judged);
    return { next: 'done' };
  }

  #waitedMs(): number {
    return this.#deps.now().getTime() - Date.parse(this.#run.memo.since);
  }

  /** Quick looks first; then people are told that it is inconclusive, and it goes on slowly. */
  async #unanswered(error: unknown): Promise<Next> {
    const { now, log, settleMs } = this.#deps;
    const attempts = this.#run.memo.attempts + 1;
    log.warn({ err: error, ...this.#run.about, attempts }, 'A source did not answer a check');
    const memo: CheckMemo = { ...this.#run.memo, attempts };
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
    log.error({ err: error, ...this.#run.about }, 'A check crashed');
    return this.#found(error instanceof ZodError ? wrongParameters(error) : crash());
  }

  async #record(judged: Judgement): Promise<void> {
    await this.#run.record(await cleanFinding(judged, this.#deps.secrets));
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof OutsideError && error.kind === 'busy';
}

function inconclusive(reason: string, remedy: string): Judgement {
  return { outcome: 'inconclusive', reason, remedy, evidence: [], blockers: [] };
}

function noSuchCheck({ check, mend }: CheckRun): Judgement {
  return inconclusive(
    `This gonogo has no check "${check}".`,
    `Whoever keeps the catalogue (release.yml) corrects it; then ${mend}`,
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

/** Whether two findings say the same. One that differs in its evidence alone adds nothing while it waits. */
export function saysTheSame(was: Finding, now: Finding): boolean {
  const { outcome, reason, blockers } = now;
  return was.outcome === outcome && was.reason === reason && isDeepStrictEqual(was.blockers, blockers);
}
