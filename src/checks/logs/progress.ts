import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LogRules, MigrationRules } from '../../core/rollout/rules.ts';
import { keptLine } from './kept-lines.ts';

/** The part of the rules that lines are held against; that of a migration or of the service itself. */
export type LineRules = Pick<LogRules | MigrationRules, 'container' | 'success' | 'failure'>;

/**
 * What was read of the lines of one deployment so far, as JSON of at most about 60 kB whatever was written. The same
 * lines in another order, or some of them twice, lead to the same judgement. Times are ms since 1970.
 */
export const logProgress = z.strictObject({
  /** What it is about; another deployment or other rules begin anew. */
  about: z.string(),
  /** The next read begins here; null: with the start of the first task. */
  from: z.number().nullable(),
  /** When the last read began that came to the end of what there was; by our own clock. */
  drainedAt: z.number().nullable(),
  /** Since when the container of every task is seen as ended well; for migrations. */
  endedSince: z.number().nullable(),
  /**
   * Tasks of the deployment that wrote lines: when the first was written, and how long after it the first match of
   * each success signature, in the order of the rules; null where there is none.
   */
  tasks: z.record(z.string(), z.strictObject({ first: z.number(), found: z.array(z.number().nullable()) })),
  /** The first line of failure, with lines of the same task around it. */
  failure: z
    .strictObject({
      signature: z.string(),
      cause: z.string().nullable(),
      task: z.string(),
      line: keptLine,
      before: z.array(keptLine),
      after: z.array(keptLine),
    })
    .nullable(),
  /** Tasks of other deployments that wrote lines that match: counted, never used. */
  others: z.array(z.string()),
  /** The last lines of tasks, oldest first. */
  tails: z.record(z.string(), z.array(keptLine)),
});
export type LogProgress = z.infer<typeof logProgress>;
export type FailureFound = NonNullable<LogProgress['failure']>;

/** Nothing was read yet. */
export function noProgress(about: string): LogProgress {
  return {
    about,
    from: null,
    drainedAt: null,
    endedSince: null,
    tasks: {},
    failure: null,
    others: [],
    tails: {},
  };
}

/** Names a deployment and the rules for its lines. */
export function aboutOf(deployment: string, { container, success, failure }: LineRules): string {
  const text = JSON.stringify([deployment, container, success, failure]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** The same with other texts: `clean` removes what may not be stored, such as secrets. */
export async function cleanProgress(
  progress: LogProgress,
  clean: (text: string) => Promise<string>,
): Promise<LogProgress> {
  const all = (lines: LogProgress['tails'][string]) =>
    Promise.all(lines.map(async (line) => ({ ...line, text: await clean(line.text) })));
  const { failure, tails } = progress;
  const cleaned = Object.entries(tails).map(async ([task, lines]) => [task, await all(lines)] as const);
  if (!failure) return { ...progress, tails: Object.fromEntries(await Promise.all(cleaned)) };
  const [before, [line = failure.line], after] = await Promise.all([
    all(failure.before),
    all([failure.line]),
    all(failure.after),
  ]);
  return {
    ...progress,
    failure: { ...failure, before, line, after },
    tails: Object.fromEntries(await Promise.all(cleaned)),
  };
}
