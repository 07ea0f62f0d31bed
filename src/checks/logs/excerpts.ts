import type { ObservedTask } from '../../core/rollout/observation.ts';
import type { LogExcerpt } from '../../core/rollout/verdict.ts';
import type { KeptLine } from './kept-lines.ts';
import type { FailureFound, LogProgress } from './progress.ts';
import { shortTask } from './tasks.ts';

/** The line of failure and what stands around it. */
export function failureExcerpt({ task, line, before, after }: FailureFound): LogExcerpt {
  const shown = (lines: readonly KeptLine[], hit: boolean) => lines.map((one) => lineOf(one, hit));
  return {
    title: `The failure line of task ${shortTask(task)} and what stands around it`,
    task,
    lines: [...shown(before, false), ...shown([line], true), ...shown(after, false)],
    url: null,
  };
}

/**
 * The last lines of the first task that stopped; where none did, those of the first of `instead`. Empty where nothing
 * of it is known.
 */
export function lastLines(
  { tails }: LogProgress,
  tasks: readonly ObservedTask[],
  instead: readonly ObservedTask[] = [],
): LogExcerpt[] {
  const stopped = tasks
    .filter(({ stoppedAt }) => stoppedAt !== null)
    .sort((a, b) => Date.parse(a.stoppedAt ?? '') - Date.parse(b.stoppedAt ?? '') || (a.id < b.id ? -1 : 1));
  const task = [...stopped, ...instead].find(({ id }) => tails[id]);
  const lines = task && tails[task.id];
  if (!lines) return [];
  return [
    {
      title: `Last lines of task ${shortTask(task.id)}`,
      task: task.id,
      lines: lines.map((line) => lineOf(line, false)),
      url: null,
    },
  ];
}

function lineOf({ at, text }: KeptLine, hit: boolean): LogExcerpt['lines'][number] {
  return { at: isoOf(at), text, hit };
}

/** A writer's clock may say anything; what no calendar has is shown as the end of it. */
function isoOf(ms: number): string {
  return new Date(Math.max(0, Math.min(ms, 8_640_000_000_000_000))).toISOString();
}
