import { z } from 'zod';
import { runIdVariable } from '../core/action.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { projectByPath } from '../core/catalogue/find.ts';
import { keys } from '../core/invocation/orders.ts';
import type { Handler, WorkDesk, WorkOrder } from '../core/ports.ts';
import type { PromotionPlan } from '../core/promotion/plan.ts';
import { releaseStream } from '../core/release/stream.ts';
import { sightingOrder } from './discover.ts';
import type { InvocationDeps } from './invocation-deps.ts';
import { newsOf } from './rollout-news.ts';

/** What is read of GitLab's Pipeline Hook; it is a hint to look, never the truth itself. */
const pipelineHook = z.object({
  object_kind: z.literal('pipeline'),
  object_attributes: z.object({
    id: z.number().int(),
    ref: z.string().nullish(),
    status: z.string().nullish(),
    variables: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
  }),
  project: z.object({ path_with_namespace: z.string() }),
  source_pipeline: z
    .object({ pipeline_id: z.number().int(), project: z.object({ path_with_namespace: z.string() }) })
    .nullish(),
});

/** What is read of GitLab's Deployment Hook: that there is something to look at. */
const deploymentHook = z.object({
  object_kind: z.literal('deployment'),
  environment: z.string(),
  project: z.object({ path_with_namespace: z.string() }),
});

/** Releases that may still be affected by a deployment: the latest ones. */
const watchedReleases = 5;

/**
 * Turns a webhook into looks: at the target whose pipeline it tells of, at a pipeline that the bot did not start,
 * and at the releases and rollouts whose environment got a deployment. Key: GitLab's Idempotency-Key, so that a
 * redelivery is the same piece of work.
 */
export function readWebhook(deps: InvocationDeps & { desk: WorkDesk }): Handler {
  return async ({ payload, key }) => {
    const pipeline = pipelineHook.safeParse(payload);
    const deployment = deploymentHook.safeParse(payload);
    if (!pipeline.success && !deployment.success)
      deps.log.debug({ key }, 'A webhook that tells of no pipeline and no deployment was ignored');
    const orders = [
      ...(pipeline.success ? await ordersOf(deps, pipeline.data) : []),
      ...(pipeline.success ? looksAfterPipeline(deps, pipeline.data) : []),
      ...(deployment.success ? await looksAtReleases(deps, deployment.data) : []),
      ...(deployment.success ? looksAtRollouts(deps, deployment.data) : []),
    ];
    if (orders.length > 0) await deps.desk.order(orders);
    return { next: 'done' };
  };
}

async function ordersOf(deps: InvocationDeps, hook: z.infer<typeof pipelineHook>): Promise<WorkOrder[]> {
  const project = projectByPath(deps.catalogue, hook.project.path_with_namespace);
  if (!project) return [];
  const orders: WorkOrder[] = [];
  const holder = await deps.store.holderOf(project.id);
  const id = holder?.split('/')[1];
  if (id) orders.push({ kind: 'follow', key: keys.target(id, project.id) });
  const { id: pipelineId, ref, variables } = hook.object_attributes;
  const isOurs = (variables ?? []).some(({ key }) => key === runIdVariable);
  if (!isOurs && ref === project.releaseBranch) {
    const said = variables && {
      variables: Object.fromEntries(variables.map(({ key, value }) => [key, value])),
    };
    orders.push(sightingOrder({ path: project.path, pipelineId, root: rootOf(hook), ...said }));
  }
  return orders;
}

async function looksAtReleases(
  { store, catalogue }: InvocationDeps,
  { environment, project }: z.infer<typeof deploymentHook>,
): Promise<WorkOrder[]> {
  const known = projectByPath(catalogue, project.path_with_namespace);
  const isWatched = catalogue.phases.some(
    (phase) => phase.environment === environment && known && phase.projects.includes(known.id),
  );
  if (!isWatched) return [];
  const ids = await store.latest(releaseStream.name, watchedReleases);
  return ids.map((key) => ({ kind: 'watch', key }));
}

/** A deployment to the environment of a service's region is looked at closer. */
function looksAtRollouts(
  { catalogue, now }: InvocationDeps,
  { environment, project }: z.infer<typeof deploymentHook>,
): WorkOrder[] {
  return servicesOf(catalogue, project.path_with_namespace).flatMap((plan) =>
    newsOf(plan, now(), environment),
  );
}

/** Of a pipeline only its beginning and its end may be news of an apply: GitLab tells each of its steps. */
function looksAfterPipeline(
  { catalogue, now }: InvocationDeps,
  { project, object_attributes: { status } }: z.infer<typeof pipelineHook>,
): WorkOrder[] {
  if (status !== 'running' && status !== 'success') return [];
  return servicesOf(catalogue, project.path_with_namespace).flatMap((plan) => newsOf(plan, now()));
}

function servicesOf(catalogue: Catalogue, path: string): PromotionPlan[] {
  return catalogue.services.filter((plan) => plan.path.toLowerCase() === path.toLowerCase());
}

function rootOf({ source_pipeline }: z.infer<typeof pipelineHook>) {
  if (!source_pipeline) return null;
  return { path: source_pipeline.project.path_with_namespace, pipelineId: source_pipeline.pipeline_id };
}
