import pMap from 'p-map';
import { z } from 'zod';
import type { Deployment } from '../core/release/candidate.ts';
import type { MergeRequest } from '../core/sources.ts';
import { defineCheck, type Judgement } from './define-check.ts';
import { neverDeployed } from './deployed-span.ts';
import { fail, pass, seen, waiting } from './judgements.ts';
import { isNotLinkedYet } from './shipped.ts';

/** Requests at once. */
const concurrency = 6;

const params = z.strictObject({
  label: z
    .string()
    .min(1)
    .default('Validated in Staging')
    .describe('The label that a validated merge request has.'),
});

interface ProjectFacts {
  path: string;
  deployment: Deployment | null;
  /** What each shipped deployment brought, by its id. */
  shipped: { deploymentId: number; mergeRequests: MergeRequest[] }[];
  /** Where people see the same in GitLab. */
  queryUrl: string;
}

/** Merge requests of everything that the release shipped, each of which needs a label (B2). */
export const mergeRequests = defineCheck({
  id: 'merge-requests',
  question: 'Has every merge request of the release been validated?',
  needs: ['codeHost'],
  params,
  handling: 'exclude',
  async collect(candidate, { label }, { codeHost }, signal) {
    const wanted = candidate.parts.flatMap(({ path, shipped }) => shipped.map((id) => ({ path, id })));
    const read = await pMap(
      wanted,
      async ({ path, id }) => ({
        path,
        deploymentId: id,
        mergeRequests: await codeHost.mergeRequestsOf(path, id, signal),
      }),
      { concurrency, signal },
    );
    const { environment } = candidate;
    const projects = candidate.parts.map(
      ({ path, deployment }): ProjectFacts => ({
        path,
        deployment,
        shipped: read.filter((one) => one.path === path),
        queryUrl: codeHost.mergeRequestQuery(path, { environment, label }),
      }),
    );
    return { candidate, projects };
  },
  evaluate({ candidate, projects }, { label }, now): Judgement {
    if (projects.every(({ deployment }) => deployment === null)) return neverDeployed(candidate, undefined);
    const unlinked = projects.find((project) => isUnlinked(project, now));
    if (unlinked)
      return waiting(`GitLab has yet to say what the newest deployment of ${unlinked.path} brought.`, 3_000);
    const evidence = projects.map((project) => {
      const all = distinct(project);
      const count = all.filter((one) => lacks(one, label)).length;
      const value = `${all.length} merge requests, ${count} without the label "${label}"`;
      return seen(project.path, project.deployment ? value : 'never deployed', project.queryUrl, now);
    });
    const blockers = projects.flatMap((project) =>
      distinct(project)
        .filter((one) => lacks(one, label))
        .map(({ iid, title, author, url }) => ({
          id: `mr/${project.path}!${iid}`,
          title: `!${iid} ${title} by ${author}`,
          url,
          signal: '',
        })),
    );
    if (blockers.length === 0)
      return pass(`Every merge request of the release has the label "${label}".`, evidence);
    return fail(
      `Merge requests of the release lack the label "${label}".`,
      `For each one: its author validates it in ${candidate.environment} and sets the label "${label}"; or the release engineer excludes it with a reason, or marks it as blocked and says where it is tracked.`,
      evidence,
      blockers,
    );
  },
});

/** The newest deployment has just succeeded and shows nothing yet. */
function isUnlinked({ deployment, shipped }: ProjectFacts, now: Date): boolean {
  if (!deployment || !isNotLinkedYet(deployment, now)) return false;
  return shipped.some((one) => one.deploymentId === deployment.id && one.mergeRequests.length === 0);
}

function distinct({ shipped }: ProjectFacts): MergeRequest[] {
  const all = new Map(
    shipped.flatMap(({ mergeRequests }) => mergeRequests.map((one) => [one.iid, one] as const)),
  );
  return [...all.values()].sort((a, b) => a.iid - b.iid);
}

function lacks({ labels }: MergeRequest, label: string): boolean {
  return !labels.includes(label);
}
