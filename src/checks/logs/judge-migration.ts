import type { LogJudgement } from '../../core/rollout/logs.ts';
import type { MigrationRules } from '../../core/rollout/rules.ts';
import { lastLines } from './excerpts.ts';
import { isReadSince, type LogFacts, whenMet } from './judge-logs.ts';
import { failed, failureFound, passed, unknown, unreadable, waiting } from './log-words.ts';
import type { LogProgress } from './progress.ts';
import { missingFrom, quorumsOf } from './quorums.ts';
import { endedWell, migrationContainers, runningTasks, shortTask, type TaskContainer } from './tasks.ts';

/** After the container ended, or wrote the awaited line, a line of failure may still arrive for so long. */
const quietMs = 15_000;
const mend = 'The owner of the service reads the log of the migration, mends it and deploys again.';

/**
 * Judges migrations (C3; facts: logs): the exit code before the text. A container that ends is judged by its code; one
 * that goes on running by the line that it is to write.
 */
export function judgeMigration(progress: LogProgress, rules: MigrationRules, facts: LogFacts): LogJudgement {
  const containers = migrationContainers(facts.tasks, rules.container);
  const excerpts = lastLines(progress, facts.tasks, facts.tasks);
  const bad = allOf(facts, rules).find(({ container }) => (container.exitCode ?? 0) !== 0);
  if (bad) return endedBadly(bad, progress, excerpts);
  const ended = endedWell(containers);
  if (progress.failure)
    return failureFound(
      progress.failure,
      ended ? 'The migration is contradictory: it ended with exit code 0, but failed. ' : '',
    );
  if (containers.length === 0 && runningTasks(facts.tasks).length > 0) return nobodyMigrates(rules);
  if (facts.unreadable) return unreadable(facts.unreadable);
  const since = ended ? progress.endedSince : whenLineFound(progress, rules, facts);
  if (since !== null) {
    if (!isReadSince(since + quietMs, progress, facts))
      return waiting('The migration is done; whether no line of failure follows is still open.', excerpts);
    return passed(
      ended ? 'The migration ended with exit code 0.' : 'The log shows that the migration is done.',
    );
  }
  return undone(progress, rules, facts, excerpts);
}

/** The code counts for every task of the deployment, also for one that was replaced since. */
function allOf({ tasks }: LogFacts, { container }: MigrationRules): TaskContainer[] {
  return tasks.flatMap((task) =>
    task.containers.filter(({ name }) => name === container).map((one) => ({ task, container: one })),
  );
}

function endedBadly(
  { task, container }: TaskContainer,
  { failure }: LogProgress,
  excerpts: LogJudgement['excerpts'],
): LogJudgement {
  const code = `The migration in task ${shortTask(task.id)} ended with exit code ${container.exitCode}.`;
  return failure ? failureFound(failure, `${code} `) : failed(code, mend, excerpts);
}

/** When a container that runs on has written the line in as many tasks as it takes. */
function whenLineFound(progress: LogProgress, rules: MigrationRules, facts: LogFacts): number | null {
  const running = runningTasks(facts.tasks);
  if (rules.success.length === 0 || running.length === 0 || running.length < facts.wanted) return null;
  return whenMet(quorumsOf(progress, rules.success, running), progress, running);
}

/** Not one of them has the container: the rule is wrong, or the task definition. */
function nobodyMigrates({ container }: MigrationRules): LogJudgement {
  return unknown(
    `No task of the deployment has the container “${container}” that runs the migrations.`,
    'Whoever keeps the catalogue (release.yml) corrects its name, or the owner of the service its task definition.',
    [],
  );
}

function undone(
  progress: LogProgress,
  rules: MigrationRules,
  facts: LogFacts,
  excerpts: LogJudgement['excerpts'],
): LogJudgement {
  const running = runningTasks(facts.tasks);
  const due = missingFrom(rules.timeoutSeconds, running) ?? Number.POSITIVE_INFINITY;
  if (facts.now.getTime() < due || !isReadSince(due, progress, facts))
    return waiting('The migration is not done yet.', excerpts);
  return unknown(
    `The migration was still running ${rules.timeoutSeconds} s after the start of the last task.`,
    'The owner of the service looks whether it is stuck or only slow, then the release engineer validates again.',
    excerpts,
  );
}
