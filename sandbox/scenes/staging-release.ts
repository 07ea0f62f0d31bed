import type { GitLabControl } from '../gitlab/control-client.ts';
import { namedScript, type PipelineScript } from '../gitlab/scripts.ts';
import type { DeploymentView, MergeRequestView, ProjectView } from '../gitlab/snapshot.ts';
import { type ScriptedChange, shippedBefore, shippedNow } from './staging-changes.ts';
import { runBuild, type StagingSite } from './staging-site.ts';

/** The label that a merge request gets once somebody has looked at it in staging. */
export const validatedLabel = 'Validated in Staging';

/** The project whose commit the web site and the service behind it tell. */
export const siteProject = 'betterfleet/bf-manage-core';

/** What the scene left behind. */
export interface StagingScene {
  /** Deployed to staging, by full path of the project. */
  commits: Record<string, string>;
  /** Shipped with this release, oldest first. */
  mergeRequests: MergeRequestView[];
  /** The one that nobody has labelled. */
  unlabelled: MergeRequestView;
  /** What production runs of the site's project. */
  inProduction: string;
}

const namespace = 'betterfleet';
const engineer = 'r.engineer';
const [hour, day] = [60, 24 * 60];
const patienceMs = 60_000;

/**
 * Plays what comes before the validation of a staging release: production runs the release before, then merge
 * requests are merged in two projects, brought to `release` and deployed to staging three quarters of an hour ago,
 * and the web site and the service behind it run it. All merge requests but one are labelled. Takes a simulated few seconds; rejects when a
 * pipeline does not succeed. `regions` are environments of production, to which the site's project was deployed
 * likewise.
 */
export async function seedStagingRelease(
  at: { gitlab: GitLabControl; regions?: readonly string[] } & StagingSite,
): Promise<StagingScene> {
  const { gitlab, regions = [] } = at;
  for (const [name, changes] of Object.entries(shippedBefore)) {
    const project = `${namespace}/${name}`;
    for (const change of changes) await addChange(gitlab, project, change);
    await cutOff(gitlab, project);
    await gitlab.deploy({ project, environment: 'staging' });
    await gitlab.deploy({ project, environment: 'production' });
  }
  for (const environment of regions) await gitlab.deploy({ project: siteProject, environment });
  await shipped(gitlab, Object.keys(shippedBefore));
  await gitlab.age(6 * day);
  for (const [name, changes] of Object.entries(shippedNow))
    for (const change of changes) {
      await addChange(gitlab, `${namespace}/${name}`, change);
      await gitlab.age(5 * hour);
    }
  for (const name of Object.keys(shippedNow)) await release(gitlab, `${namespace}/${name}`);
  const deployed = await shipped(gitlab, Object.keys(shippedNow));
  await gitlab.age(45);
  const scene = await whatIsStaged(gitlab, deployed);
  const builtAt = new Date(Date.now() - 50 * 60_000);
  await runBuild(at, { commit: scene.commits[siteProject] ?? '', branch: 'release', builtAt });
  return scene;
}

async function addChange(gitlab: GitLabControl, project: string, change: ScriptedChange): Promise<void> {
  const { isUnlabelled = false, labels = [], ...rest } = change;
  const all = isUnlabelled ? labels : [...labels, validatedLabel];
  await gitlab.addMergeRequest({ project, ...rest, labels: all });
}

/** Brings the default branch to `release`, at once. */
async function cutOff(gitlab: GitLabControl, project: string): Promise<void> {
  const variables = [{ key: 'ORCHESTRATION_CUT_OFF', value: 'true' }];
  const { id } = await gitlab.runPipeline({ project, ref: 'release', variables, user: engineer });
  await gitlab.finish({ project, pipelineId: id, status: 'success' });
}

/** Cuts off and starts the pipeline that deploys to staging, with its migration and its downstream pipeline. */
async function release(gitlab: GitLabControl, project: string): Promise<void> {
  await cutOff(gitlab, project);
  const variables = [{ key: 'ORCHESTRATION_RELEASE', value: 'true' }];
  // Played in no time, whatever the pace of this GitLab: it is history.
  await gitlab.world({ projects: [{ path: project, pipeline: quickly() }] });
  await gitlab.runPipeline({ project, ref: 'release', variables, user: engineer });
  await gitlab.world({ projects: [{ path: project, pipeline: null }] });
}

function quickly(): PipelineScript {
  const shorten = (script: PipelineScript): PipelineScript => ({
    ...script,
    steps: script.steps.map((step) => ({ ...step, afterMs: 0 })),
    jobs: (script.jobs ?? []).map((job) => ({ ...job, durationMs: 0 })),
  });
  const script = shorten(namedScript('downstream-passes', 'release'));
  const downstream = shorten(namedScript('passes', 'none'));
  return { ...script, bridges: (script.bridges ?? []).map((bridge) => ({ ...bridge, script: downstream })) };
}

/** Waits until every pipeline of these projects has succeeded and what was deployed is known. */
async function shipped(gitlab: GitLabControl, names: string[]): Promise<ProjectView[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { projects } = await gitlab.state();
    const ours = projects.filter(({ path }) => names.some((name) => path === `${namespace}/${name}`));
    const pipelines = ours.flatMap((project) => project.pipelines);
    const isDone = pipelines.every(({ status }) => status === 'success');
    if (isDone && ours.every((project) => isLinked(lastToStaging(project)))) return ours;
    const failed = pipelines.find(({ status }) => status === 'failed' || status === 'canceled');
    if (failed) throw new Error(`pipeline ${failed.id} of ${failed.project} is ${failed.status}`);
    if (Date.now() > deadline) throw new Error('the scene was not ready in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const isLinked = (deployment: DeploymentView | undefined) => (deployment?.mergeRequests.length ?? 0) > 0;

function lastToStaging(project: ProjectView): DeploymentView | undefined {
  return project.deployments.findLast(
    ({ environment, status }) => environment === 'staging' && status === 'success',
  );
}

async function whatIsStaged(gitlab: GitLabControl, deployed: ProjectView[]): Promise<StagingScene> {
  const commits = Object.fromEntries(
    deployed.map((project) => [project.path, lastToStaging(project)?.sha ?? '']),
  );
  const { projects } = await gitlab.state();
  const mergeRequests = projects
    .filter(({ path }) => path in commits)
    .flatMap((project) => {
      const iids = lastToStaging(project)?.mergeRequests ?? [];
      return project.mergeRequests.filter(({ iid }) => iids.includes(iid));
    });
  const unlabelled = mergeRequests.find(({ labels }) => !labels.includes(validatedLabel));
  if (!unlabelled) throw new Error('no merge request of the scene is without the label');
  const core = projects.find(({ path }) => path === siteProject);
  const inProduction =
    core?.deployments.findLast(({ environment }) => environment === 'production')?.sha ?? '';
  return { commits, mergeRequests, unlabelled, inProduction };
}
