import { createPipeline } from '../creation.ts';
import { botUser } from '../forge.ts';
import { ApiError, forbidden, type Params } from '../grape.ts';
import {
  botLevel,
  branchesOf,
  type Job,
  latestJobs,
  mayWrite,
  type Pipeline,
  type Variable,
} from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { isFinished, pipelineStatuses } from '../status.ts';
import { type ApiRoute, type Call, created, ok, pipelineOf, projectOf, readableBuilds } from './context.ts';

const sources = [
  'unknown',
  'push',
  'web',
  'trigger',
  'schedule',
  'api',
  'external',
  'pipeline',
  'chat',
  'webide',
  'merge_request_event',
  'external_pull_request_event',
  'parent_pipeline',
  'ondemand_dast_scan',
  'ondemand_dast_validation',
  'security_orchestration_policy',
  'container_registry_push',
] as const; // prettier-ignore
const scopes = ['running', 'pending', 'finished', 'branches', 'tags'] as const;
const columns = ['id', 'status', 'ref', 'updated_at', 'user_id'] as const;

/** Reads `variables: [{key, value, variable_type?}]`. */
function variableFrom(item: Params): Variable {
  const key = item.required('key');
  const value = item.required('value');
  const variable_type = item.oneOf('variable_type', ['env_var', 'file'] as const) ?? 'env_var';
  return { key, value, variable_type };
}

function postPipeline(call: Call) {
  const { api, params } = call;
  const ref = params.required('ref');
  const variables = params.objects('variables', variableFrom);
  const inputs = params.object('inputs');
  params.check();
  const project = projectOf(call);
  const level = botLevel(project);
  if (level < 30 || project.spec.archived || project.spec.buildsAccess === 'disabled') throw forbidden();
  const wrong = variables.find((variable) => !/^[a-zA-Z0-9_]+$/.test(variable.key));
  if (wrong)
    throw new ApiError(400, {
      message: { 'variables.key': ["can contain only letters, digits and '_'."] },
    });
  api.limits.pipelineCreation();
  const made = createPipeline(api.forge, {
    project,
    ref,
    variables,
    inputs,
    user: botUser,
    level,
    source: 'api',
  });
  if ('refused' in made) throw new ApiError(400, { message: { base: made.refused } });
  api.runner.start(made.pipeline);
  return created(api.entities.pipeline(made.pipeline));
}

function listPipelines(call: Call) {
  const { api, params, url } = call;
  const project = readableBuilds(call);
  const want = {
    ref: params.string('ref'),
    sha: params.string('sha'),
    username: params.string('username'),
    status: params.oneOf('status', pipelineStatuses),
    source: params.oneOf('source', sources),
    scope: params.oneOf('scope', scopes),
    createdAfter: params.date('created_after'),
    createdBefore: params.date('created_before'),
    updatedAfter: params.date('updated_after'),
    updatedBefore: params.date('updated_before'),
  };
  const column = params.oneOf('order_by', columns) ?? 'id';
  const direction = params.oneOf('sort', ['asc', 'desc'] as const) ?? 'desc';
  const at = pageParams(params);
  params.check();
  const found = project.pipelines
    .filter((p) => want.ref === undefined || p.ref === want.ref)
    .filter((p) => want.sha === undefined || p.sha === want.sha)
    .filter((p) => want.username === undefined || p.user.username === want.username)
    .filter((p) => want.status === undefined || p.status === want.status)
    .filter((p) => want.source === undefined || p.source === want.source)
    .filter((p) => inScope(p, want.scope))
    .filter((p) => want.createdAfter === undefined || p.createdAt > want.createdAfter)
    .filter((p) => want.createdBefore === undefined || p.createdAt < want.createdBefore)
    .filter((p) => want.updatedAfter === undefined || p.updatedAt > want.updatedAfter)
    .filter((p) => want.updatedBefore === undefined || p.updatedAt < want.updatedBefore)
    .sort((a, b) => (direction === 'asc' ? 1 : -1) * (compare(a, b, column) || a.id - b.id));
  const page = paginate(found, at, url);
  return ok(
    page.items.map((pipeline) => ({ ...api.entities.pipelineBasic(pipeline), name: null })),
    page.headers,
  );
}

function inScope(pipeline: Pipeline, scope: (typeof scopes)[number] | undefined): boolean {
  if (scope === 'running' || scope === 'pending') return pipeline.status === scope;
  if (scope === 'finished') return isFinished(pipeline.status) && pipeline.status !== 'skipped';
  return scope !== 'tags';
}

function compare(a: Pipeline, b: Pipeline, column: (typeof columns)[number]): number {
  if (column === 'status') return a.status.localeCompare(b.status);
  if (column === 'ref') return a.ref.localeCompare(b.ref);
  if (column === 'updated_at') return a.updatedAt.getTime() - b.updatedAt.getTime();
  if (column === 'user_id') return a.user.id - b.user.id;
  return a.id - b.id;
}

/** 403, not 404, where there is no pipeline (facts: trap 5). */
function latestPipeline(call: Call) {
  const project = readableBuilds(call);
  const ref = call.params.string('ref') ?? branchesOf(project)[0];
  call.params.check();
  const latest = project.pipelines.filter((pipeline) => pipeline.ref === ref).at(-1);
  if (!latest) throw forbidden();
  return ok({ ...call.api.entities.pipeline(latest), name: null });
}

/** Maintainers read the variables of any pipeline, a developer only those of a pipeline of its own. */
function pipelineVariables(call: Call) {
  const pipeline = pipelineOf(call);
  const level = botLevel(pipeline.project);
  const own = pipeline.user === botUser && level >= 30 && mayWrite(pipeline.project, pipeline.ref, level);
  if (level < 40 && !own) throw forbidden();
  return ok(
    pipeline.variables.map((variable) => ({
      variable_type: variable.variable_type,
      key: variable.key,
      value: variable.value,
      raw: false,
    })),
  );
}

function listJobs(kind: Job['plan']['kind']) {
  return (call: Call) => {
    const pipeline = pipelineOf(call);
    const wanted = call.params.manyOf('scope', pipelineStatuses);
    const withRetried = kind === 'job' && call.params.boolean('include_retried') === true;
    const at = pageParams(call.params);
    call.params.check();
    const found = (withRetried ? pipeline.jobs : latestJobs(pipeline))
      .filter((job) => job.plan.kind === kind)
      .filter((job) => wanted.length === 0 || wanted.includes(job.status))
      .sort((a, b) => b.id - a.id);
    const page = paginate(found, at, call.url);
    return ok(
      page.items.map((job) => call.api.entities.job(job)),
      page.headers,
    );
  };
}

function writable(call: Call): Pipeline {
  const pipeline = pipelineOf(call);
  if (!mayWrite(pipeline.project, pipeline.ref, botLevel(pipeline.project))) throw forbidden();
  if (pipeline.project.spec.archived) throw forbidden();
  return pipeline;
}

/** Pipelines: create, list, read, cancel, retry. */
export const pipelineRoutes: ApiRoute[] = [
  { method: 'POST', path: '/projects/:id/pipeline', handle: postPipeline },
  { method: 'GET', path: '/projects/:id/pipelines', handle: listPipelines },
  { method: 'GET', path: '/projects/:id/pipelines/latest', handle: latestPipeline },
  {
    method: 'GET',
    path: '/projects/:id/pipelines/:pipeline_id',
    handle: (call) => ok({ ...call.api.entities.pipeline(pipelineOf(call)), name: null }),
  },
  { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id/variables', handle: pipelineVariables },
  { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id/jobs', handle: listJobs('job') },
  { method: 'GET', path: '/projects/:id/pipelines/:pipeline_id/bridges', handle: listJobs('bridge') },
  {
    method: 'POST',
    path: '/projects/:id/pipelines/:pipeline_id/cancel',
    handle: (call) => {
      const pipeline = writable(call);
      call.api.runner.cancel(pipeline);
      return ok(call.api.entities.pipeline(pipeline));
    },
  },
  {
    method: 'POST',
    path: '/projects/:id/pipelines/:pipeline_id/retry',
    handle: (call) => {
      const pipeline = writable(call);
      call.api.runner.retry(pipeline);
      return created(call.api.entities.pipeline(pipeline));
    },
  },
];
