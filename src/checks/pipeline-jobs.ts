import pMap from 'p-map';
import { type PipelineTree, pipelineStatuses } from '../core/pipeline.ts';
import type { Part } from '../core/release/candidate.ts';
import type { PipelineJob, Sources } from '../core/sources.ts';

/** The pipeline of a deployment with everything below it, and the jobs in there. */

/** Requests at once. */
const concurrency = 6;

/** A job, and the project whose pipeline it is in. */
export interface PlacedJob {
  project: string;
  job: PipelineJob;
}

/** The pipeline and all below it, the top one first. Projects that are not known are left empty. */
export function pipelinesOf(tree: PipelineTree): PipelineTree[] {
  return [tree, ...tree.downstream.flatMap(({ pipeline }) => (pipeline ? pipelinesOf(pipeline) : []))];
}

/** The pipeline of a part's newest deployment; null when it has no deployment, or GitLab names no pipeline. */
export async function pipelineOf(
  { path, deployment }: Part,
  codeHost: Pick<Sources['codeHost'], 'pipelineTree'>,
  signal: AbortSignal,
): Promise<PipelineTree | null> {
  if (deployment?.pipelineId == null) return null;
  const tree = await codeHost.pipelineTree(path, deployment.pipelineId, signal);
  return { ...tree, project: tree.project || path };
}

/** The jobs of a pipeline and of all below it. Pipelines in projects that are not known are left out. */
export async function jobsIn(
  tree: PipelineTree,
  codeHost: Pick<Sources['codeHost'], 'jobsOf'>,
  signal: AbortSignal,
): Promise<PlacedJob[]> {
  const known = pipelinesOf(tree).filter(({ project }) => project !== '');
  const read = await pMap(
    known,
    async ({ project, id }) => {
      const jobs = await codeHost.jobsOf(project, id, signal);
      return jobs.map((job) => ({ project, job }));
    },
    { concurrency, signal },
  );
  return read.flat();
}

/** A status that GitLab has not told of yet: it is no pass and no failure. */
export function isUnknownStatus(status: string): boolean {
  return !(pipelineStatuses as readonly string[]).includes(status);
}

const unended: readonly string[] = [
  'created',
  'waiting_for_resource',
  'preparing',
  'waiting_for_callback',
  'pending',
  'running',
  'canceling',
  'scheduled',
];

/** Whether a job or pipeline in this state goes on by itself. */
export function isUnended(status: string): boolean {
  return unended.includes(status);
}
