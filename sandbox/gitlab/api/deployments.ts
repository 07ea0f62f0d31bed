import { ApiError, notFound, type Params } from '../grape.ts';
import type { Deployment, Environment } from '../model.ts';
import { pageParams, paginate } from '../paging.ts';
import { type ApiRoute, type Call, numberIn, ok, readableBuilds } from './context.ts';
import { pageOf } from './merge-requests.ts';

const statuses = ['created', 'running', 'success', 'failed', 'canceled', 'skipped', 'blocked'] as const;
const columns = ['id', 'iid', 'created_at', 'updated_at', 'finished_at'] as const;
const ended = ['success', 'failed', 'canceled'];

/** Reads the filters and refuses the pairs that GitLab finds too costly. */
function wantedOf(params: Params) {
  const want = {
    environment: params.string('environment'),
    status: params.oneOf('status', statuses),
    column: params.oneOf('order_by', columns),
    direction: params.oneOf('sort', ['asc', 'desc'] as const) ?? 'asc',
    updatedAfter: params.date('updated_after'),
    updatedBefore: params.date('updated_before'),
    finishedAfter: params.date('finished_after'),
    finishedBefore: params.date('finished_before'),
  };
  params.check();
  const byUpdated = want.updatedAfter !== undefined || want.updatedBefore !== undefined;
  const byFinished = want.finishedAfter !== undefined || want.finishedBefore !== undefined;
  const refusals: [boolean, string][] = [
    [byUpdated && byFinished, 'Both `updated_at` filter and `finished_at` filter can not be specified'],
    [byUpdated && want.column !== 'updated_at', '`updated_at` filter requires `updated_at` sort'],
    [byFinished && want.column !== 'finished_at', '`finished_at` filter requires `finished_at` sort.'],
    [
      want.column === 'finished_at' && !byFinished && !ended.includes(want.status ?? ''),
      '`finished_at` sort requires `finished_at` filter or a filter with at least one of the finished statuses.',
    ],
    [
      byFinished && want.status !== 'success',
      '`finished_at` filter must be combined with `success` status filter.',
    ],
  ];
  const refusal = refusals.find(([holds]) => holds);
  if (refusal) throw new ApiError(400, { message: `400 Bad request - ${refusal[1]}` });
  return want;
}

function sortKey(deployment: Deployment, column: (typeof columns)[number] | undefined): number {
  if (column === 'updated_at') return deployment.updatedAt.getTime();
  if (column === 'finished_at') return deployment.finishedAt?.getTime() ?? 0;
  return deployment.id;
}

/** Ascending by id unless asked otherwise (facts: trap 6). */
function listDeployments(call: Call) {
  const project = readableBuilds(call);
  const want = wantedOf(call.params);
  const at = pageParams(call.params);
  call.params.check();
  const sign = want.direction === 'asc' ? 1 : -1;
  const found = call.api.forge.deployments
    .filter((d) => d.job.pipeline.project === project)
    .filter((d) => want.environment === undefined || d.environment === want.environment)
    .filter((d) => want.status === undefined || d.status === want.status)
    .filter((d) => within(d.updatedAt, want.updatedAfter, want.updatedBefore))
    .filter((d) => within(d.finishedAt, want.finishedAfter, want.finishedBefore))
    .sort((a, b) => sign * (sortKey(a, want.column) - sortKey(b, want.column) || a.id - b.id));
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((deployment) => call.api.entities.deployment(deployment)),
    page.headers,
  );
}

function within(date: Date | null, after: Date | undefined, before: Date | undefined): boolean {
  if (after === undefined && before === undefined) return true;
  return date !== null && (!after || date >= after) && (!before || date <= before);
}

function deploymentOf(call: Call): Deployment {
  const project = readableBuilds(call);
  const id = numberIn(call, 'deployment_id');
  const found = call.api.forge.deployments.find(
    (deployment) => deployment.id === id && deployment.job.pipeline.project === project,
  );
  if (!found) throw notFound();
  return found;
}

/** Exactly what it shipped; empty until GitLab has looked, a moment after the deployment succeeded. */
function shippedBy(call: Call) {
  return pageOf(call, deploymentOf(call).mergeRequests);
}

function listEnvironments(call: Call) {
  const project = readableBuilds(call);
  const name = call.params.string('name');
  const search = call.params.string('search');
  const states = call.params.oneOf('states', ['stopped', 'stopping', 'available'] as const);
  if (name !== undefined && search !== undefined) call.params.fault('name, search are mutually exclusive');
  const at = pageParams(call.params);
  call.params.check();
  if (search !== undefined && search.length < 3)
    throw new ApiError(400, { message: '400 Bad request - Search query is less than 3 characters' });
  const found = call.api.forge
    .environmentsOf(project)
    .filter((environment) => name === undefined || environment.name === name)
    .filter((environment) => environment.name.includes(search ?? ''))
    .filter(() => states === undefined || states === 'available')
    .sort((a, b) => a.name.localeCompare(b.name));
  const page = paginate(found, at, call.url);
  return ok(
    page.items.map((environment) => environmentJson(call, environment)),
    page.headers,
  );
}

function environmentJson(call: Call, environment: Environment) {
  return {
    ...call.api.entities.environmentBasic(environment),
    description: null,
    state: 'available',
    tier: environment.tier,
    auto_stop_at: null,
    auto_stop_setting: 'always',
    kubernetes_namespace: null,
    flux_resource_path: null,
    cluster_agent: null,
  };
}

/** A single one has its last successful deployment too. */
function getEnvironment(call: Call) {
  const project = readableBuilds(call);
  const id = numberIn(call, 'environment_id');
  const found = call.api.forge.environmentsOf(project).find((environment) => environment.id === id);
  if (!found) throw notFound('Environment');
  const last = call.api.forge.deployments
    .filter((d) => d.job.pipeline.project === project && d.environment === found.name)
    .filter((d) => d.status === 'success')
    .at(-1);
  return ok({
    ...environmentJson(call, found),
    last_deployment: last ? call.api.entities.deployment(last) : null,
  });
}

/** Deployments, what they shipped, and the environments that they went to. */
export const deploymentRoutes: ApiRoute[] = [
  { method: 'GET', path: '/projects/:id/deployments', handle: listDeployments },
  {
    method: 'GET',
    path: '/projects/:id/deployments/:deployment_id',
    handle: (call) =>
      ok({
        ...call.api.entities.deployment(deploymentOf(call)),
        pending_approval_count: 0,
        approvals: [],
        approval_summary: { rules: [] },
      }),
  },
  { method: 'GET', path: '/projects/:id/deployments/:deployment_id/merge_requests', handle: shippedBy },
  { method: 'GET', path: '/projects/:id/environments', handle: listEnvironments },
  { method: 'GET', path: '/projects/:id/environments/:environment_id', handle: getEnvironment },
];
