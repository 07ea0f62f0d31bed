import { HttpError, type Router, readJson, sendJson } from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { type Machine, projectNamed } from './control.ts';
import { addAge } from './control-age.ts';
import { bodies } from './control-schema.ts';
import { createPipeline } from './creation.ts';
import { branchesOf, type Job, type MergeRequest, type Project } from './model.ts';
import { viewDeployment, viewMergeRequest } from './snapshot.ts';

const anyone = 'r.engineer';

/** Adds the control endpoints of merge requests, pushes and deployments (see sandbox/README.md). */
export function addReviewControl(router: Router, machine: Machine): void {
  addMergeRequests(router, machine);
  addDelivery(router, machine);
  addAge(router, machine.forge);
}

function addMergeRequests(router: Router, { forge, entities, mergeRequests }: Machine): void {
  const found = (at: { project: string; iid: number }): MergeRequest => {
    const mergeRequest = mergeRequests.find(projectNamed(forge, at.project), at.iid);
    if (!mergeRequest) throw new HttpError(404, `no merge request !${at.iid} in ${at.project}`);
    return mergeRequest;
  };
  router.add('POST', '/_control/act/merge-request', async ({ request, response }) => {
    const wish = readAs(bodies.mergeRequest, await readJson(request));
    const { author, paths = [], newPaths = [], state = 'merged', ...rest } = wish;
    const by = forge.user(author ?? anyone);
    const made = mergeRequests.open({
      ...rest,
      project: projectNamed(forge, wish.project),
      author: by,
      changes: [
        ...newPaths.map((path) => ({ path, kind: 'new' as const })),
        ...paths.map((path) => ({ path, kind: 'changed' as const })),
      ],
    });
    if (state === 'merged') mergeRequests.merge(made, by);
    if (state === 'closed') mergeRequests.close(made, by);
    sendJson(response, 201, viewMergeRequest(made, entities));
  });
  router.add('POST', '/_control/act/merge', async ({ request, response }) => {
    const wish = readAs(bodies.merge, await readJson(request));
    const mergeRequest = found(wish);
    if (mergeRequest.state !== 'opened')
      throw new HttpError(409, `!${wish.iid} is ${mergeRequest.state}, not opened`);
    mergeRequests.merge(mergeRequest, forge.user(wish.user ?? anyone));
    sendJson(response, 200, viewMergeRequest(mergeRequest, entities));
  });
  router.add('POST', '/_control/act/label', async ({ request, response }) => {
    const { add = [], remove = [], ...wish } = readAs(bodies.label, await readJson(request));
    const mergeRequest = found(wish);
    const labels = [...mergeRequest.labels, ...add].filter((label) => !remove.includes(label));
    mergeRequests.edit(mergeRequest, { labels }, forge.user(wish.user ?? anyone));
    sendJson(response, 200, viewMergeRequest(mergeRequest, entities));
  });
}

function addDelivery(router: Router, machine: Machine): void {
  const { forge, runner } = machine;
  router.add('POST', '/_control/act/push', async ({ request, response }) => {
    const wish = readAs(bodies.push, await readJson(request));
    const project = projectNamed(forge, wish.project);
    const ref = branchIn(project, wish.ref);
    const commit = forge.history.push(project, ref, wish.title, forge.user(wish.user ?? anyone));
    sendJson(response, 201, { sha: commit.id });
  });
  router.add('POST', '/_control/act/pick', async ({ request, response }) => {
    const { project: name, iid, onto } = readAs(bodies.pick, await readJson(request));
    const project = projectNamed(forge, name);
    pick(machine, project, branchIn(project, onto), [iid]);
    const picked = machine.mergeRequests.find(project, iid);
    sendJson(response, 200, picked && viewMergeRequest(picked, machine.entities));
  });
  router.add('POST', '/_control/act/deploy', async ({ request, response }) => {
    const wish = readAs(bodies.deploy, await readJson(request));
    const project = projectNamed(forge, wish.project);
    const usual = branchesOf(project).includes('release') ? 'release' : branchesOf(project)[0];
    const ref = branchIn(project, wish.ref ?? usual ?? 'main');
    const user = forge.user(wish.user ?? anyone);
    pick(machine, project, ref, wish.mergeRequests ?? []);
    const environment = wish.environment ?? 'staging';
    const made = createPipeline(forge, {
      project,
      ref,
      variables: [],
      inputs: {},
      user,
      level: 40,
      source: 'push',
      script: { steps: [], jobs: [{ name: `deploy-${environment}`, stage: 'deploy', environment }] },
    });
    if ('refused' in made) throw new HttpError(409, made.refused.join('; '));
    const job = made.pipeline.jobs[0];
    if (!job) throw new HttpError(500, 'the pipeline has no job');
    forge.setPipeline(made.pipeline, 'running');
    forge.setJob(job, 'running');
    if (wish.status !== 'running') runner.finish(made.pipeline, wish.status ?? 'success');
    sendJson(response, 201, viewDeployment(deploymentOf(machine, job)));
  });
}

function branchIn(project: Project, ref: string): string {
  if (!branchesOf(project).includes(ref))
    throw new HttpError(404, `no branch ${ref} in ${project.spec.path}`);
  return ref;
}

/** Brings the given merge requests, and no others, to the branch. */
function pick({ forge, mergeRequests }: Machine, project: Project, ref: string, iids: number[]): void {
  for (const iid of iids) {
    const mergeRequest = mergeRequests.find(project, iid);
    if (!mergeRequest?.mergeCommitSha)
      throw new HttpError(409, `there is no merged !${iid} in ${project.spec.path}`);
    mergeRequests.pick(mergeRequest, ref, forge.user(anyone));
  }
}

function deploymentOf({ forge }: Machine, job: Job) {
  const found = forge.deployments.find((deployment) => deployment.job === job);
  if (!found) throw new HttpError(500, 'the job made no deployment');
  return found;
}
