import type { ObservedTask } from '../../core/rollout/observation.ts';
import type { Signature } from '../../core/rollout/rules.ts';
import type { LogProgress } from './progress.ts';
import { lastStart } from './tasks.ts';

/** How far one success signature is. */
export interface QuorumState {
  name: string;
  /** So many running tasks must have the line. */
  needed: number;
  /** So many have it. */
  found: number;
  /** So many have not written a line yet that was seen: they may have written this one. */
  silent: number;
  /** When the last line that was needed was written, in ms since 1970; null: it is not there. */
  metAt: number | null;
}

/** Each success signature of the rules, in their order, among the running tasks of the deployment. */
export function quorumsOf(
  { tasks }: LogProgress,
  success: readonly Signature[],
  running: readonly ObservedTask[],
): QuorumState[] {
  const silent = running.filter(({ id }) => !tasks[id]).length;
  return success.map(({ name, quorum }, index) => {
    const needed = quorum === 'each' ? Math.max(1, running.length) : quorum === 'any' ? 1 : quorum;
    const times = running.flatMap(({ id }) => {
      const seen = tasks[id];
      const after = seen?.found[index];
      return seen && typeof after === 'number' ? [seen.first + after] : [];
    });
    times.sort((a, b) => a - b);
    return { name, needed, found: times.length, silent, metAt: times[needed - 1] ?? null };
  });
}

/** A line may need so long until it is found: one more read, begun after it, before its absence counts. */
const graceMs = 15_000;

/**
 * From when on a missing line counts as missing, in ms since 1970: the time limit after the start of the last task,
 * and the grace. Null before a task runs.
 */
export function missingFrom(timeoutSeconds: number, running: readonly ObservedTask[]): number | null {
  const start = lastStart(running);
  return start === null ? null : start + timeoutSeconds * 1_000 + graceMs;
}
