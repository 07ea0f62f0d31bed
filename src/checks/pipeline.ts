import pMap from 'p-map';
import { z } from 'zod';
import { judgePipeline, type PipelineTree } from '../core/pipeline.ts';
import type { Part } from '../core/release/candidate.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { neverDeployed } from './deployed-span.ts';
import { fail, inconclusive, oneLine, pass, seen, together, waiting } from './judgements.ts';
import {
  isUnended,
  isUnknownStatus,
  jobsIn,
  type PlacedJob,
  pipelineOf,
  pipelinesOf,
} from './pipeline-jobs.ts';

const checkAgainInMs = 10_000;
const concurrency = 4;

const params = z.strictObject({
  jobs: z
    .array(z.string().min(1))
    .default([])
    .describe('Names of jobs, or of downstream projects, that must have succeeded.'),
});

interface PartFacts {
  part: Part;
  /** Null: the deployment names no pipeline. */
  tree: PipelineTree | null;
  /** Read only when jobs are named. */
  jobs: PlacedJob[];
}

/** The pipelines that brought the release to its environment, with everything downstream (B3). */
export const pipeline = defineCheck({
  id: 'pipeline',
  question: 'Did the pipelines of the deployments pass, with everything downstream?',
  needs: ['codeHost'],
  params,
  async collect(candidate, { jobs }, { codeHost }, signal) {
    const parts = await pMap(
      candidate.parts,
      async (part): Promise<PartFacts> => {
        const tree = await pipelineOf(part, codeHost, signal);
        const placed = tree && jobs.length > 0 ? await jobsIn(tree, codeHost, signal) : [];
        return { part, tree, jobs: placed };
      },
      { concurrency, signal },
    );
    return { candidate, parts };
  },
  evaluate({ candidate, parts }, wanted, now) {
    if (parts.every(({ part }) => part.deployment === null)) return neverDeployed(candidate, undefined);
    return together([
      ...parts.map((facts) => judgeWhole(facts, now)),
      ...wanted.jobs.map((name) => judgeNamed(name, parts, now)),
    ]);
  },
});

function judgeWhole({ part: { path, deployment }, tree }: PartFacts, now: Date): Judgement {
  if (deployment === null)
    return inconclusive(
      `${path} has no deployment in GitLab.`,
      'The release engineer deploys the release branch of this project, then starts the next pass.',
    );
  if (!tree)
    return inconclusive(
      `GitLab names no pipeline for the newest deployment of ${path}.`,
      'The release engineer deploys through a pipeline, or looks at the deployment in GitLab.',
      [seen(path, `deployment ${deployment.id} without a pipeline`, deployment.url, now)],
    );
  const verdict = judgePipeline(tree);
  const evidence = [seen(`Pipeline of ${path}`, tree.status, verdict.url, now)];
  const odd = pipelinesOf(tree).find(({ status }) => isUnknownStatus(status));
  if (verdict.outcome === 'passed') return pass('The pipelines passed.', evidence);
  if (verdict.outcome === 'running')
    return odd
      ? inconclusive(
          `GitLab reports a status that is not known here for a pipeline of ${path}.`,
          'The release engineer looks at the pipeline in GitLab.',
          [...evidence, seen('Status', odd.status, odd.url, now)],
        )
      : waiting(`The pipeline of ${path} is still running.`, checkAgainInMs, evidence);
  const detail = oneLine(verdict.detail);
  return fail(
    `The pipeline of ${path} did not pass${detail ? `: ${detail}` : ''}.`,
    `The release engineer or the owner of ${path} mends it in GitLab (retry or play the job), then checks again.`,
    evidence,
  );
}

/** A named job or downstream project: everything of that name must have succeeded, and there must be one. */
function judgeNamed(name: string, parts: readonly PartFacts[], now: Date): Judgement {
  const found = parts.flatMap(({ tree, jobs }) => [
    ...jobs
      .filter(({ job }) => job.name === name)
      .map(({ project, job }) => ({ project, status: job.status, url: job.url })),
    ...(tree ? downstreamNamed(name, tree) : []),
  ]);
  if (found.length === 0)
    return inconclusive(
      `No job or downstream project "${name}" was found in the pipelines of the deployments.`,
      'The release engineer looks whether it ran; if its name has changed, an admin corrects the gate in the catalogue.',
    );
  return together(found.map(({ project, status, url }) => judgeStatus(name, project, status, url, now)));
}

function judgeStatus(name: string, project: string, status: string, url: string, now: Date): Judgement {
  const evidence = [seen(`${name} in ${project}`, status, url, now)];
  if (status === 'success') return pass('The named jobs succeeded.', evidence);
  if (isUnended(status))
    return waiting(`"${name}" in ${project} is still running.`, checkAgainInMs, evidence);
  const remedy = `The owner of ${project} mends it in GitLab (retry or play the job), then somebody checks again.`;
  if (isUnknownStatus(status))
    return inconclusive(`"${name}" in ${project} has a status that is not known here.`, remedy, evidence);
  return fail(`"${name}" in ${project} did not succeed: ${status}.`, remedy, evidence);
}

/** A trigger job's own status proves nothing, so its pipeline is judged; named by the job or by the project. */
function downstreamNamed(
  name: string,
  tree: PipelineTree,
): { project: string; status: string; url: string }[] {
  return pipelinesOf(tree).flatMap(({ project, url, downstream }) =>
    downstream
      .filter((bridge) => bridge.name === name || isProject(name, bridge.pipeline?.project ?? ''))
      .map((bridge) =>
        bridge.pipeline
          ? { project: bridge.pipeline.project || project, ...statusOf(bridge.pipeline) }
          : // Without a pipeline its success would be the trigger job's own: not yet an answer.
            { project, status: bridge.status === 'success' ? 'pending' : bridge.status, url },
      ),
  );
}

function statusOf(tree: PipelineTree): { status: string; url: string } {
  const { outcome, url } = judgePipeline(tree);
  const odd = pipelinesOf(tree).find(({ status }) => isUnknownStatus(status));
  if (outcome === 'running' && odd) return { status: odd.status, url: odd.url };
  return { status: outcome === 'passed' ? 'success' : outcome, url };
}

/** By its full path, or by the last word of it. */
function isProject(name: string, path: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}
