import {
  type Exchange,
  HttpError,
  openEventStream,
  type Router,
  readJson,
  sendJson,
} from '../shared/http.ts';
import { readAs } from '../shared/read-as.ts';
import { bodies } from './control-schema.ts';
import { createPipeline } from './creation.ts';
import type { Entities } from './entities.ts';
import type { ReviewEntities } from './entities-review.ts';
import type { Faults } from './faults.ts';
import type { Change, Forge } from './forge.ts';
import type { MergeRequests } from './merge-requests.ts';
import { branchesOf, type Job, type Pipeline, type Project } from './model.ts';
import type { RequestLog } from './request-log.ts';
import type { Runner } from './runner.ts';
import { viewDeployment, viewJob, viewMergeRequest, viewPipeline, viewProject } from './snapshot.ts';
import { isFinished } from './status.ts';
import type { Webhooks } from './webhooks.ts';

/** What the control endpoints steer. */
export interface Machine {
  forge: Forge;
  runner: Runner;
  entities: Entities;
  review: ReviewEntities;
  mergeRequests: MergeRequests;
  faults: Faults;
  webhooks: Webhooks;
  log: RequestLog;
}

const path = (name: string) => `/_control/${name}`;

/** Adds every `/_control` endpoint (see sandbox/README.md) to the router. */
export function addControl(router: Router, machine: Machine): void {
  addReading(router, machine);
  addWorld(router, machine);
  addActs(router, machine);
  addFaults(router, machine);
  addWebhooks(router, machine);
}

function addReading(router: Router, { forge, entities, faults, webhooks, log }: Machine): void {
  router.add('GET', path('state'), ({ response }) =>
    sendJson(response, 200, {
      url: entities.base,
      timeScale: forge.timeScale,
      settings: forge.settings,
      projects: forge.projects.map((project) => viewProject(project, entities, forge)),
      faults: faults.list(),
      webhook: webhooks.status(),
    }),
  );
  router.add('GET', path('pipelines'), ({ response, url }) => {
    const wanted = url.searchParams.get('project');
    const projects = wanted === null ? forge.projects : [projectNamed(forge, wanted)];
    const pipelines = projects.flatMap((project) => project.pipelines);
    sendJson(response, 200, { pipelines: pipelines.map((pipeline) => viewPipeline(pipeline, entities)) });
  });
  router.add('GET', path('requests'), ({ response, url }) =>
    sendJson(response, 200, { requests: log.list(url.searchParams.get('route') ?? undefined) }),
  );
  router.add('GET', path('changes'), async ({ response }) => {
    const stream = openEventStream(response);
    const stop = forge.subscribe((change) => stream.send(changeView(change, entities)));
    await stream.closed;
    stop();
  });
}

function changeView(change: Change, entities: Entities) {
  if (change.kind === 'pipeline')
    return { kind: 'pipeline', from: change.from, pipeline: viewPipeline(change.pipeline, entities) };
  if (change.kind === 'job')
    return {
      kind: 'job',
      project: change.job.pipeline.project.spec.path,
      pipelineId: change.job.pipeline.id,
      job: viewJob(change.job),
    };
  if (change.kind === 'deployment') {
    const { project, environment, status } = viewDeployment(change.deployment);
    return { kind: 'deployment', project, environment, status };
  }
  if (change.kind === 'merge_request') {
    const { action, mergeRequest } = change;
    return { kind: 'merge_request', action, mergeRequest: viewMergeRequest(mergeRequest, entities) };
  }
  return change;
}

function addWorld(router: Router, { forge, entities }: Machine): void {
  router.add('POST', path('world'), async ({ request, response }) => {
    const { projects = [], ...settings } = readAs(bodies.world, await readJson(request));
    Object.assign(forge.settings, settings);
    const changed = projects.map((spec) => forge.putProject(spec));
    sendJson(response, 200, { projects: changed.map((project) => viewProject(project, entities, forge)) });
  });
}

/** GitLab's own screen and its buttons. */
function addActs(router: Router, { forge, runner, entities }: Machine): void {
  const answer = (exchange: Exchange, pipeline: Pipeline) =>
    sendJson(exchange.response, 200, viewPipeline(pipeline, entities));
  router.add('POST', path('act/run-pipeline'), async ({ request, response }) => {
    const wish = readAs(bodies.runPipeline, await readJson(request));
    const project = projectNamed(forge, wish.project);
    const made = createPipeline(forge, {
      project,
      ref: wish.ref ?? branchesOf(project)[0] ?? 'main',
      variables: (wish.variables ?? []).map((v) => ({ ...v, variable_type: 'env_var' as const })),
      inputs: wish.inputs ?? {},
      user: forge.user(wish.user ?? 'r.engineer'),
      level: 40,
      source: 'web',
    });
    if ('refused' in made) throw new HttpError(400, made.refused.join('; '));
    runner.start(made.pipeline);
    sendJson(response, 201, viewPipeline(made.pipeline, entities));
  });
  router.add('POST', path('act/finish'), async (exchange) => {
    const wish = readAs(bodies.finish, await readJson(exchange.request));
    const pipeline = pipelineNumbered(forge, wish);
    runner.finish(pipeline, wish.status);
    answer(exchange, pipeline);
  });
  router.add('POST', path('act/cancel'), async (exchange) => {
    const pipeline = pipelineNumbered(forge, readAs(bodies.pipeline, await readJson(exchange.request)));
    runner.cancel(pipeline);
    answer(exchange, pipeline);
  });
  router.add('POST', path('act/retry'), async (exchange) => {
    const pipeline = pipelineNumbered(forge, readAs(bodies.pipeline, await readJson(exchange.request)));
    runner.retry(pipeline);
    answer(exchange, pipeline);
  });
  router.add('POST', path('act/retry-job'), async (exchange) => {
    const job = jobNumbered(forge, readAs(bodies.job, await readJson(exchange.request)));
    if (job.retried || !isFinished(job.status))
      throw new HttpError(409, `job ${job.id} can't be retried now`);
    runner.retryJob(job);
    answer(exchange, job.pipeline);
  });
  router.add('POST', path('act/play-job'), async (exchange) => {
    const job = jobNumbered(forge, readAs(bodies.job, await readJson(exchange.request)));
    if (job.status !== 'manual') throw new HttpError(409, `job ${job.id} is ${job.status}, not manual`);
    runner.play(job);
    answer(exchange, job.pipeline);
  });
}

function addFaults(router: Router, { faults }: Machine): void {
  router.add('POST', path('faults'), async ({ request, response }) =>
    sendJson(response, 201, faults.add(readAs(bodies.fault, await readJson(request)))),
  );
  router.add('GET', path('faults'), ({ response }) => sendJson(response, 200, { faults: faults.list() }));
  router.add('DELETE', path('faults'), ({ response }) =>
    sendJson(response, 200, { removed: faults.remove() }),
  );
  router.add('DELETE', path('faults/:id'), ({ response, params }) => {
    const removed = faults.remove(Number(params['id']));
    if (removed === 0) throw new HttpError(404, `no fault ${params['id']}`);
    sendJson(response, 200, { removed });
  });
}

function addWebhooks(router: Router, { webhooks }: Machine): void {
  router.add('GET', path('webhooks'), ({ response }) =>
    sendJson(response, 200, { hook: webhooks.status(), deliveries: webhooks.deliveries() }),
  );
  router.add('POST', path('webhook'), async ({ request, response }) => {
    const { url, ...rest } = readAs(bodies.hook, await readJson(request));
    webhooks.configure(url === null ? undefined : { url, ...rest });
    sendJson(response, 200, webhooks.status());
  });
  router.add('POST', path('webhook/redeliver'), async ({ request, response }) => {
    const { n } = readAs(bodies.redeliver, await readJson(request));
    const delivery = await webhooks.redeliver(n);
    if (!delivery) throw new HttpError(404, `no webhook ${n} was sent`);
    sendJson(response, 200, delivery);
  });
  router.add('POST', path('webhook/forge'), async ({ request, response }) => {
    const { event, payload, headers = {} } = readAs(bodies.forge, await readJson(request));
    sendJson(response, 200, { status: await webhooks.forge(event, payload, headers) });
  });
}

export function projectNamed(forge: Forge, name: string): Project {
  const found = forge.findProject(name) ?? forge.projects.find((p) => p.spec.path.endsWith(`/${name}`));
  if (!found) throw new HttpError(404, `no project ${name}`);
  return found;
}

function pipelineNumbered(forge: Forge, at: { project: string; pipelineId: number }): Pipeline {
  const found = projectNamed(forge, at.project).pipelines.find((pipeline) => pipeline.id === at.pipelineId);
  if (!found) throw new HttpError(404, `no pipeline ${at.pipelineId} in ${at.project}`);
  return found;
}

function jobNumbered(forge: Forge, at: { project: string; jobId: number }): Job {
  const jobs = projectNamed(forge, at.project).pipelines.flatMap((pipeline) => pipeline.jobs);
  const found = jobs.find((job) => job.id === at.jobId);
  if (!found) throw new HttpError(404, `no job ${at.jobId} in ${at.project}`);
  return found;
}
