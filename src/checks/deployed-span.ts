import { z } from 'zod';
import type { Candidate, Part } from '../core/release/candidate.ts';
import type { Judgement } from './define-check.ts';
import { inconclusive } from './judgements.ts';

/** `project:` of the gates that look at what happened since a deployment. */
export const deployedProject = z
  .string()
  .optional()
  .describe('Id of the project whose deployment counts. Default: all projects of the release.');

/** Deployments of one release that are this far apart belong to different days of work. */
const oneWaveMs = 24 * 60 * 60_000;

/** When a release reached its environment. */
export interface DeployedSpan {
  /** The first deployment of the release; what was normal lies before it. */
  before: Date;
  /** The last one; what is judged lies after it. */
  since: Date;
}

/**
 * The time between the first and the last deployment of the parts, or why it cannot be said. What a release breaks
 * with its first deployment would otherwise count as normal for the last one. Deployments more than a day older
 * than the last are left out.
 */
export function deployedSpan(
  candidate: Candidate,
  project: string | undefined,
): { span: DeployedSpan } | { unknown: Judgement } {
  const parts = partsOf(candidate, project);
  const unended = parts.find(({ deployment }) => deployment && deployment.status !== 'success');
  if (unended)
    return {
      unknown: inconclusive(
        `The newest deployment of ${unended.path} to ${candidate.environment} has not succeeded.`,
        'The release engineer looks at the deployment in GitLab, then starts the next pass.',
      ),
    };
  const times = parts.flatMap(({ deployment }) => (deployment ? [Date.parse(deployment.at)] : []));
  const since = Math.max(...times);
  // Also true for no time at all, and for one that cannot be read.
  if (!Number.isFinite(since)) return { unknown: neverDeployed(candidate, project) };
  const before = Math.min(...times.filter((time) => since - time <= oneWaveMs));
  return { span: { before: new Date(before), since: new Date(since) } };
}

/** The parts that a gate is about: the named one, or all. Empty when the release does not hold the named one. */
export function partsOf(candidate: Candidate, project: string | undefined): Part[] {
  return candidate.parts.filter((part) => project === undefined || part.project === project);
}

/** Nothing of the release is in the environment, as far as GitLab knows. */
export function neverDeployed({ environment }: Candidate, project: string | undefined): Judgement {
  const what = project === undefined ? 'No project of this release' : `The project ${project}`;
  return inconclusive(
    `${what} has a deployment to ${environment} in GitLab.`,
    `The release engineer deploys the release branch to ${environment}, then starts the next pass.`,
  );
}
