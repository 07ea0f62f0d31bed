import { botUser, type Forge } from './forge.ts';
import { branchesOf, type Deployment, type Job } from './model.ts';

/**
 * Does what jobs and deployments cause: a cut-off brings the default branch to the release branch, and a
 * deployment that succeeded gets the merge requests that it shipped.
 */
export function followDeliveries(forge: Forge): void {
  forge.subscribe((change) => {
    if (change.kind === 'job' && change.job.status === 'success') bring(forge, change.job);
    if (change.kind === 'deployment' && change.deployment.status === 'success') {
      const { deployment } = change;
      forge.later(forge.settings.linkMergeRequestsMs ?? 1000, () => link(forge, deployment));
    }
  });
}

function bring(forge: Forge, job: Job): void {
  if (job.plan.kind !== 'job' || !job.plan.script.bringsDefaultBranch) return;
  const { project, ref } = job.pipeline;
  forge.history.bring(project, branchesOf(project)[0] ?? 'main', ref, botUser);
}

/**
 * The merge requests whose merge commits or cherry-picks lie between the environment's previous successful deployment and this
 * one, and that no earlier deployment to it had: so a deployment of the same commit ships none. Before its first
 * deployment an environment is thought to run what the branches began with.
 */
function link(forge: Forge, deployment: Deployment): void {
  const { project, sha } = deployment.job.pipeline;
  const earlier = forge.deployments.filter(
    (other) =>
      other.id < deployment.id &&
      other.status === 'success' &&
      other.environment === deployment.environment &&
      other.job.pipeline.project === project,
  );
  const shipped = new Set(earlier.flatMap((other) => other.mergeRequests));
  const commits = forge.history
    .between(project, earlier.at(-1)?.job.pipeline.sha, sha)
    .map((commit) => commit.id);
  deployment.mergeRequests = forge.mergeRequests.filter(
    (mergeRequest) =>
      mergeRequest.project === project &&
      commits.some((id) => id === mergeRequest.mergeCommitSha || mergeRequest.pickedAs.includes(id)) &&
      !shipped.has(mergeRequest),
  );
}
