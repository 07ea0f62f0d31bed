import pMap from 'p-map';
import { type Clock, type Logger, OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import { freshFrom } from '../../core/rollout/candidates.ts';
import { judgeRollout } from '../../core/rollout/judge.ts';
import type { LogJudgement } from '../../core/rollout/logs.ts';
import { noMemory } from '../../core/rollout/memory.ts';
import type { Observation } from '../../core/rollout/observation.ts';
import type { Look, Rollouts, TaskLogs } from '../../core/rollout/sources.ts';
import type { RolloutOutcome, RolloutVerdict } from '../../core/rollout/verdict.ts';
import type { RolloutSubject } from '../../core/rollout/watch.ts';
import type { SecretFinder } from '../../core/sources.ts';
import { type Clean, cleaner, cleanMemory, cleanVerdict } from './clean-verdict.ts';
import { gistOf } from './gist.ts';
import { LogLook } from './log-look.ts';
import { type UnderTest, underTest, whereToLook } from './under-test.ts';
import { unreadVerdict } from './unread.ts';
import type { WatchMemo } from './watch-memo.ts';

export { type WatchMemo, watchMemo } from './watch-memo.ts';

/** What is read of AWS to judge a rollout. */
export interface RolloutSources {
  rollouts: Rollouts;
  taskLogs: TaskLogs;
}

/** One rollout to look at, and what the look before it left; null at the first. */
export interface Watched {
  subject: RolloutSubject;
  memo: WatchMemo | null;
}

export interface LookDeps {
  now: Clock;
  secrets: SecretFinder;
  log?: Logger;
}

/** What is said of a rollout, and what the next look needs to know. Nothing in it holds a secret. */
export interface LookedAt {
  outcome: RolloutOutcome;
  /** See {@link gistOf}: most looks at a rollout say what the one before said. */
  gist: string;
  /** The verdict. It is looked through for secrets only now, for that takes longer than to look at the rollout. */
  verdict(): Promise<RolloutVerdict>;
  memo: WatchMemo;
}

/** ECS is waited for at most so long in one look, in ms. */
const observeMs = 300_000;
/** So many are judged and told side by side: most of that waits for log lines, which the reader paces. */
const sideBySide = 8;

/** How long until the next look at a rollout that is awaited, in ms (facts: cost and speed). */
export function nextLookMs({ watchedSince }: RolloutSubject, now: Date): number {
  return now.getTime() - Date.parse(watchedSince) < 60_000 ? 5_000 : 10_000;
}

/** Takes what is said of one rollout; `index` is its place in what was asked for. */
export type Told = (look: LookedAt, index: number) => Promise<void>;

/** {@link lookAtEach}, with the answers in the order of `watched`. */
export async function lookAtRollouts(
  sources: RolloutSources,
  place: { account: string | null; region: string },
  watched: readonly Watched[],
  deps: LookDeps,
  signal: AbortSignal,
): Promise<LookedAt[]> {
  const looks: LookedAt[] = [];
  await lookAtEach(sources, place, watched, deps, signal, async (look, index) => {
    looks[index] = look;
  });
  return looks;
}

/**
 * Looks once at rollouts of one account and region: what ECS shows of all of them in one batch, the lines of those
 * whose verdict needs them, and the judgement of each. Each is told as soon as it is judged, so that nobody waits for
 * the lines of another, and forgotten then: of thousands, all that was seen is more than a process should hold. What
 * others wrote leaves here cleaned of secrets. Nothing that one rollout lacks spoils another; it throws when `signal`
 * ends, and what `told` throws.
 */
export async function lookAtEach(
  sources: RolloutSources,
  place: { account: string | null; region: string },
  watched: readonly Watched[],
  deps: LookDeps,
  signal: AbortSignal,
  told: Told,
): Promise<void> {
  const seen = new Map((await observed(sources.rollouts, place, watched, signal)).entries());
  const clean = cleaner(deps.secrets);
  const lines = new LogLook(sources.taskLogs, place, clean, deps, signal);
  const judge = (about: Watched, look: Look | undefined): Promise<LookedAt> =>
    look && 'observation' in look
      ? judged(about, look.observation, lines, clean, deps)
      : unread(about, look?.error ?? noAnswer(), clean, deps);
  // Whose lines were read longest ago comes first, for not all may have their turn in one look.
  const order = [...watched.entries()].sort(([, a], [, b]) => lastRead(a) - lastRead(b));
  await pMap(
    order,
    async ([index, about]) => {
      const look = seen.get(index);
      seen.delete(index);
      await told(await judge(about, look), index);
    },
    { concurrency: sideBySide, signal },
  );
}

/** In ms since 1970; 0 where nothing was read yet. */
function lastRead({ memo }: Watched): number {
  const { logs, migration } = memo ?? {};
  return Math.min(logs?.drainedAt ?? 0, migration?.drainedAt ?? logs?.drainedAt ?? 0);
}

async function observed(
  rollouts: Rollouts,
  place: { account: string | null; region: string },
  watched: readonly Watched[],
  signal: AbortSignal,
): Promise<Look[]> {
  const deadline = AbortSignal.timeout(observeMs);
  const questions = watched.map(({ subject, memo }) => ({
    cluster: subject.place.cluster,
    service: subject.place.service,
    deployment: memo?.memory.deployment ?? null,
    since: freshFrom(subject.expected),
  }));
  try {
    return await rollouts.observe(place, questions, AbortSignal.any([signal, deadline]));
  } catch (error) {
    // The process is stopping, or this work is somebody else's by now.
    signal.throwIfAborted();
    if (error instanceof OutsideError) return watched.map(() => ({ error }));
    if (deadline.aborted) return watched.map(() => ({ error: noAnswer() }));
    throw error;
  }
}

function noAnswer(): OutsideError {
  const said = `There was no answer within ${observeMs / 1_000} s.`;
  return new OutsideError('busy', problem('aws-unread', { said }), { cause: null });
}

async function unread(
  { subject, memo }: Watched,
  error: OutsideError,
  clean: Clean,
  { now, log }: LookDeps,
): Promise<LookedAt> {
  log?.warn({ err: error, ...subject.place }, 'A rollout could not be looked at');
  const memory = memo?.memory ?? noMemory;
  const verdict = unreadVerdict(error, subject, memory, now());
  const shown = { ...verdict, evidence: whereToLook(subject, null, now()) };
  return lookedAt(shown, clean, memo ?? { memory, logs: null, migration: null });
}

async function judged(
  { subject, memo }: Watched,
  observation: Observation,
  lines: LogLook,
  clean: Clean,
  { now }: LookDeps,
): Promise<LookedAt> {
  const judge = (logs: LogJudgement | null) =>
    judgeRollout({
      observation,
      expected: subject.expected,
      rules: subject.rules,
      memory: memo?.memory ?? noMemory,
      logs,
      watchedSince: subject.watchedSince,
      now: now(),
    });
  // Without the lines first: they cost most, and where ECS has settled it nobody needs them.
  const first = judge(null);
  const found = underTest(observation, first.memory.deployment);
  const { rules } = subject;
  const hasRules = rules.logs !== null || rules.migration !== null;
  const read = needsLines(first.verdict, found, hasRules) ? await lines.take(found, rules, memo) : null;
  const logs = hasRules ? (read?.judgement ?? lines.unread(found, rules, memo)) : null;
  const { verdict, memory } = hasRules ? judge(logs) : first;
  const shown = {
    ...verdict,
    excerpts: verdict.excerpts.length > 0 ? verdict.excerpts : lastLines(verdict, read?.judgement),
    evidence: [...verdict.evidence, ...whereToLook(subject, found, now()), ...(read?.evidence ?? [])],
  };
  return lookedAt(shown, clean, {
    memory: await cleanMemory(memory, clean),
    logs: read ? read.logs : (memo?.logs ?? null),
    migration: read ? read.migration : (memo?.migration ?? null),
  });
}

function lookedAt(shown: RolloutVerdict, clean: Clean, memo: WatchMemo): LookedAt {
  return { outcome: shown.outcome, gist: gistOf(shown), verdict: () => cleanVerdict(shown, clean), memo };
}

/**
 * Rows 1 to 7 are settled without a line, but for a rollback (4): there, and at every later failure, the last lines of
 * the tasks show their owner what happened (C7).
 */
function needsLines(
  { outcome, row }: RolloutVerdict,
  found: UnderTest | null,
  hasRules: boolean,
): found is UnderTest;
function needsLines(verdict: RolloutVerdict, found: UnderTest | null, hasRules: boolean): boolean {
  const hasStarted = found?.tasks.some(
    ({ startedAt, stoppedAt }) => startedAt !== null || stoppedAt !== null,
  );
  if (!hasStarted) return false;
  const { outcome, row } = verdict;
  if (outcome === 'fail') return row === 4 || row >= 8;
  if (!hasRules) return false;
  return outcome === 'waiting' || outcome === 'pass' || row > 7;
}

/** A judgement of ECS alone carries no lines: those of a failure are added here. */
function lastLines({ outcome }: RolloutVerdict, judgement: LogJudgement | null | undefined) {
  return outcome === 'fail' ? (judgement?.excerpts ?? []) : [];
}
