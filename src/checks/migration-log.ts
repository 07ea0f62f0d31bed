import type { LogStore } from '../core/sources.ts';
import type { Judgement } from './define-check.ts';
import { fail, inconclusive, pass, seen, waiting } from './judgements.ts';
import type { Terms } from './migration-job.ts';
import { minuteMs } from './windows.ts';

/** What the log says about the migration, for want of a job's end (C3; facts: logs). */

/** Lines may still arrive for so long after the time limit: one more read. */
const graceMs = 15_000;
const checkAgainInMs = 10_000;
const mostLines = 5;

type Lines = NonNullable<Awaited<ReturnType<LogStore['lines']>>>;

/** Null when there is no such log group. `anything`: whether the log holds lines at all. */
export type LogRead = { success: Lines; failure: Lines; anything: boolean } | null;

type Stretch = Omit<Parameters<LogStore['lines']>[0], 'terms' | 'limit'>;

/** Reads the lines that tell. Whether there are any at all is asked only when none of them does. */
export async function collectLines(
  stretch: Stretch,
  { success, failure }: Terms,
  logs: LogStore,
  signal: AbortSignal,
): Promise<LogRead> {
  const read = (terms: string[]) => logs.lines({ ...stretch, terms, limit: mostLines }, signal);
  const succeeded = await read(success);
  const failed = failure.length > 0 ? await read(failure) : succeeded && { ...succeeded, lines: [] };
  if (!succeeded || !failed) return null;
  if (succeeded.lines.length + failed.lines.length > 0)
    return { success: succeeded, failure: failed, anything: true };
  const counted = await logs.lineCounts({ ...stretch, terms: success, bucketMs: minuteMs }, signal);
  if (!counted) return null;
  return { success: succeeded, failure: failed, anything: counted.all.some(({ count }) => count > 0) };
}

/** A failure beats any success; silence counts as failure only when the log holds other lines. `timeLimit` in seconds. */
export function judgeLines(
  { group, since, read }: { group: string; since: Date; read: LogRead },
  timeLimit: number,
  now: Date,
): Judgement {
  if (!read)
    return inconclusive(
      `There is no log group ${group}.`,
      'An admin corrects the gate in the catalogue, or the owner of the service turns its log on.',
    );
  const lines = (label: string, { lines: found, url }: Lines) =>
    found.map(({ at, text }) => seen(label, text, url, new Date(at)));
  const evidence = [...lines('Line of failure', read.failure), ...lines('Line of success', read.success)];
  const mend = 'The owner of the service looks at the log, mends the migration and deploys again.';
  if (read.failure.lines.length > 0)
    return fail(`The log ${group} shows that a migration failed.`, mend, evidence);
  if (read.success.lines.length > 0) return pass('The migrations succeeded.', evidence);
  const looked = seen(group, 'no line of success', read.success.url, now);
  if (now.getTime() < since.getTime() + timeLimit * 1_000 + graceMs)
    return waiting(`The log ${group} does not show the success of a migration yet.`, checkAgainInMs, [
      looked,
    ]);
  if (!read.anything)
    return inconclusive(
      `The log ${group} holds no lines at all since the deployment.`,
      'The owner of the service looks whether it runs and writes its log there.',
      [looked],
    );
  return fail(
    `The log ${group} showed no success of a migration within ${timeLimit} seconds of the deployment.`,
    mend,
    [looked],
  );
}
