import type { LogJudgement } from '../../core/rollout/logs.ts';
import type { ObservedTask } from '../../core/rollout/observation.ts';
import type { LogRules } from '../../core/rollout/rules.ts';
import { lastLines } from './excerpts.ts';
import { failed, failureFound, passed, silentTasks, unknown, unreadable, waiting } from './log-words.ts';
import type { LogProgress } from './progress.ts';
import { missingFrom, type QuorumState, quorumsOf } from './quorums.ts';
import { lastStart, runningTasks } from './tasks.ts';

/** What is known beside the lines. */
export interface LogFacts {
  /** All of the deployment, running and stopped. */
  tasks: readonly ObservedTask[];
  /** So many are to run. */
  wanted: number;
  /** Whether the last read came to the end of what there was. */
  drained: boolean;
  /** Whether AWS slowed a read down that is still to be made. */
  throttled: boolean;
  /** Why the lines cannot be read at all; null when they can. */
  unreadable?: string | null;
  now: Date;
}

/** Nothing new of failure may come for so long after the last line that was awaited. */
const quietMs = 15_000;

/**
 * Judges the lines of a service (facts: logs). A line of failure beats everything. Absence counts only when the time
 * limit after the start of the last task is over, a read begun after it came to its end, and the task wrote lines.
 */
export function judgeLogs(progress: LogProgress, rules: LogRules, facts: LogFacts): LogJudgement {
  if (progress.failure) return failureFound(progress.failure);
  if (facts.unreadable) return unreadable(facts.unreadable);
  const running = runningTasks(facts.tasks);
  const excerpts = lastLines(progress, facts.tasks);
  if (running.length < facts.wanted || running.length === 0)
    return waiting('Not all tasks run yet whose lines are awaited.', excerpts);
  const quorums = quorumsOf(progress, rules.success, running);
  const metAt = whenMet(quorums, progress, running);
  if (metAt !== null) return whetherQuiet(metAt, quorums, progress, facts, excerpts);
  const due = missingFrom(rules.timeoutSeconds, running) ?? Number.POSITIVE_INFINITY;
  const names = quoted(missing(quorums));
  const awaited = quorums.length === 0 ? 'any line of the tasks' : names;
  if (facts.now.getTime() < due || !isReadSince(due, progress, facts))
    return waiting(`Not seen yet in the log: ${awaited}.`, excerpts);
  return absent(quorums, rules, progress, { ...facts, running });
}

/** Whether everything up to that moment was read. */
export function isReadSince(
  at: number,
  { drainedAt }: LogProgress,
  { drained, throttled }: Pick<LogFacts, 'drained' | 'throttled'>,
): boolean {
  return drained && !throttled && drainedAt !== null && drainedAt >= at;
}

/** When the last line that was needed was written; without success signatures, the first line of all. Null: not yet. */
export function whenMet(
  quorums: readonly QuorumState[],
  { tasks }: LogProgress,
  running: readonly ObservedTask[],
): number | null {
  const start = lastStart(running) ?? 0;
  if (quorums.length === 0) {
    const firsts = running.flatMap(({ id }) => tasks[id]?.first ?? []);
    return firsts.length === 0 ? null : Math.max(start, Math.min(...firsts));
  }
  const times = quorums.flatMap(({ metAt }) => metAt ?? []);
  return times.length < quorums.length ? null : Math.max(start, ...times);
}

function whetherQuiet(
  metAt: number,
  quorums: readonly QuorumState[],
  progress: LogProgress,
  facts: LogFacts,
  excerpts: LogJudgement['excerpts'],
): LogJudgement {
  const names = quoted(quorums);
  if (!isReadSince(metAt + quietMs, progress, facts))
    return waiting(
      names === ''
        ? 'Lines are there; whether no line of failure follows is still open.'
        : `Found in the log: ${names}. Whether no line of failure follows is still open.`,
      excerpts,
    );
  return passed(
    names === ''
      ? 'The log shows lines of the deployment and no known failure.'
      : `Found in the log: ${names}.`,
  );
}

/** The time limit is over and everything was read. */
function absent(
  quorums: readonly QuorumState[],
  { timeoutSeconds }: LogRules,
  progress: LogProgress,
  { running, tasks }: LogFacts & { running: readonly ObservedTask[] },
): LogJudgement {
  const silent = running.filter(({ id }) => !progress.tasks[id]);
  const excerpts = lastLines(progress, tasks, lacking(quorums, progress, running));
  // More tasks than there are can never have it: the rule is wrong, not the deployment.
  const tooMany = quorums.find(({ needed }) => needed > running.length);
  if (tooMany)
    return unknown(
      `“${tooMany.name}” is to be found in ${tooMany.needed} tasks, and only ${running.length} run.`,
      'Whoever keeps the catalogue (release.yml) corrects the number of tasks.',
      excerpts,
    );
  const sure = missing(quorums).filter(({ found, silent, needed }) => found + silent < needed);
  const [first] = sure;
  if (!first) return silentTasks(silent, excerpts);
  const { length: others } = progress.others;
  const note = others === 0 ? '' : ` ${othersMatch(others)}`;
  return failed(
    `${quoted(sure)} did not appear within ${timeoutSeconds} s of the start of the last task: found in ${first.found} of ${first.needed} tasks.${note}`,
    'The owner of the service reads the last lines and mends what keeps it from starting. If it is well, they correct the pattern in the catalogue.',
    excerpts,
  );
}

/** Running tasks that wrote lines, but not all that were awaited. */
function lacking(
  quorums: readonly QuorumState[],
  { tasks }: LogProgress,
  running: readonly ObservedTask[],
): ObservedTask[] {
  return running.filter(({ id }) => {
    const found = tasks[id]?.found;
    return found && quorums.some(({ metAt }, index) => metAt === null && typeof found[index] !== 'number');
  });
}

function othersMatch(count: number): string {
  return count === 1
    ? 'A task of another deployment wrote such lines, which do not count.'
    : `${count} tasks of other deployments wrote such lines, which do not count.`;
}

function missing(quorums: readonly QuorumState[]): QuorumState[] {
  return quorums.filter(({ metAt }) => metAt === null);
}

function quoted(quorums: readonly QuorumState[]): string {
  return quorums.map(({ name }) => `“${name}”`).join(', ');
}
