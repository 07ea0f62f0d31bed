import pMap from 'p-map';
import type { Part } from '../core/release/candidate.ts';
import type { PipelineJob, Sources } from '../core/sources.ts';
import type { Judgement } from './define-check.ts';
import { fail, inconclusive, pass, seen, together, waiting } from './judgements.ts';
import { isUnended, jobsIn, pipelineOf } from './pipeline-jobs.ts';

/** The job in GitLab that migrates. Its end comes before what its log says (facts: exit code before text). */

/** Texts to look for, as they stand. */
export interface Terms {
  success: string[];
  failure: string[];
}

interface FoundJob {
  project: string;
  job: PipelineJob;
  /** First line of its log that holds a success, and a failure; null where there is none, or it was not read. */
  success: string | null;
  failure: string | null;
}

/** The jobs of that name in the deployment's pipeline and below it; of those that succeeded also the log. */
export async function collectJobs(
  part: Part | undefined,
  name: string,
  lines: Terms,
  codeHost: Sources['codeHost'],
  signal: AbortSignal,
): Promise<FoundJob[]> {
  const tree = part && (await pipelineOf(part, codeHost, signal));
  if (!tree) return [];
  const named = (await jobsIn(tree, codeHost, signal)).filter(({ job }) => job.name === name);
  const looksInside = lines.success.length + lines.failure.length > 0;
  return await pMap(
    named,
    async ({ project, job }) => {
      const read = looksInside && job.status === 'success';
      const log = read ? await codeHost.jobLog(project, job.id, signal) : '';
      return { project, job, success: lineWith(lines.success, log), failure: lineWith(lines.failure, log) };
    },
    { concurrency: 4, signal },
  );
}

/** Every job of that name must have succeeded, and there must be one. */
export function judgeJobs(name: string, found: readonly FoundJob[], now: Date): Judgement {
  if (found.length === 0)
    return inconclusive(
      `No job "${name}" was found in the pipeline of the deployment.`,
      'The release engineer looks whether the migration ran; if the job has another name, an admin corrects the gate in the catalogue.',
    );
  return together(found.map((one) => judgeJob(one, now)));
}

function judgeJob({ project, job, success, failure }: FoundJob, now: Date): Judgement {
  const { name, status, url } = job;
  const evidence = [
    seen(`${name} in ${project}`, status, url, now),
    ...(success === null ? [] : [seen('Line of success', success, url, now)]),
    ...(failure === null ? [] : [seen('Line of failure', failure, url, now)]),
  ];
  const mend = `The owner of ${project} looks at the job's log in GitLab, mends the migration and runs it again.`;
  if (status === 'success')
    return failure === null
      ? pass('The migrations succeeded.', evidence)
      : fail(
          `The migration job of ${project} is contradictory: it succeeded, and its log shows a failure.`,
          mend,
          evidence,
        );
  if (status === 'failed') return fail(`The migration job of ${project} failed.`, mend, evidence);
  if (isUnended(status))
    return waiting(`The migration job of ${project} is still running.`, 10_000, evidence);
  return inconclusive(
    `The migration job of ${project} did not run to its end.`,
    `The owner of ${project} runs the job in GitLab, or says that there was nothing to migrate.`,
    evidence,
  );
}

function lineWith(terms: readonly string[], log: string): string | null {
  return log.split(/\r?\n/).find((line) => terms.some((term) => line.includes(term))) ?? null;
}
