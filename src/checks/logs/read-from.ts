import type { ObservedTask } from '../../core/rollout/observation.ts';
import type { Signature } from '../../core/rollout/rules.ts';
import type { LogProgress } from './progress.ts';
import { missingFrom, quorumsOf } from './quorums.ts';
import { runningTasks } from './tasks.ts';

/** Lines come late: each read begins so long before the end of the last one. */
export const overlapMs = 60_000;

/**
 * From which moment on to read now. The grace read, after which a missing line counts as missing, begins once more
 * with the first task: whatever came very late is found.
 */
export function readFrom(
  progress: LogProgress,
  rules: { success: readonly Signature[]; timeoutSeconds: number },
  tasks: readonly ObservedTask[],
  now: Date,
): Date {
  const created = tasks.map(({ createdAt }) => Date.parse(createdAt));
  const start = Math.min(now.getTime(), ...created) - overlapMs;
  if (progress.from === null || isGraceRead(progress, rules, tasks, now)) return new Date(start);
  return new Date(Math.max(start, progress.from));
}

function isGraceRead(
  progress: LogProgress,
  { success, timeoutSeconds }: { success: readonly Signature[]; timeoutSeconds: number },
  tasks: readonly ObservedTask[],
  now: Date,
): boolean {
  const running = runningTasks(tasks);
  const due = missingFrom(timeoutSeconds, running);
  if (due === null || now.getTime() < due || (progress.drainedAt ?? 0) >= due) return false;
  return quorumsOf(progress, success, running).some(({ metAt }) => metAt === null);
}
