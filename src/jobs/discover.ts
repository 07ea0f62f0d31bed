import pMap from 'p-map';
import { actionFacts, actionOfVariables, runIdVariable } from '../core/action.ts';
import { projectByPath } from '../core/catalogue/find.ts';
import { shortId } from '../core/ids.ts';
import type { InvocationEvent } from '../core/invocation/events.ts';
import { changeOf } from '../core/invocation/orders.ts';
import { findTarget, type Invocation } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import { type Handler, OutsideError, type WorkDesk, type WorkOrder } from '../core/ports.ts';
import { type InvocationDeps, later } from './invocation-deps.ts';

/** A pipeline that may have been started in GitLab's own screen, and the one above it where known (A10). */
export interface Sighting {
  path: string;
  pipelineId: number;
  root: { path: string; pipelineId: number } | null;
  /** What a verified webhook said; absent for a sighting in GitLab's lists, where they are read. */
  variables?: Record<string, string>;
}

/** The key of the one standing piece of work that looks for such pipelines. */
const discoverKey = 'started-in-gitlab';

const lookEveryMs = 60_000;
/** How far back the first look goes, and how much two looks overlap, in ms. */
const firstLookMs = 600_000;
const overlapMs = 120_000;
/** A downstream pipeline waits this long for its root to be seen, so that one run becomes one invocation, in ms. */
const orphanMs = 300_000;

/** Orders a closer look at one pipeline, once ever. */
export function sightingOrder(sighting: Sighting): WorkOrder {
  return { kind: 'recognise', key: `${sighting.path}#${sighting.pipelineId}`, payload: sighting, once: true };
}

/** Looks through GitLab for pipelines that no webhook told of. Runs for ever, once a minute. */
export function discover(deps: InvocationDeps & { desk: WorkDesk }): Handler {
  return async ({ memo }, signal) => {
    const startedAt = deps.now();
    const since = typeof memo === 'string' ? new Date(memo) : new Date(startedAt.getTime() - firstLookMs);
    const orders = [...(await belowRoot(deps, since, signal)), ...(await inProjects(deps, since, signal))];
    if (orders.length > 0) await deps.desk.order(orders);
    const next = new Date(startedAt.getTime() - overlapMs).toISOString();
    return { next: 'again', at: later(deps.now, lookEveryMs), memo: next };
  };
}

async function belowRoot(deps: InvocationDeps, since: Date, signal: AbortSignal): Promise<WorkOrder[]> {
  const root = deps.catalogue.gitlab.root;
  if (!root) return [];
  const from = new Date(since.getTime() - orphanMs);
  const found = await visible(deps, root, () => deps.codeHost.pipelinesSince(root, null, from, signal));
  const below = await pMap(
    found,
    async ({ id: pipelineId }) => {
      const downstream = await deps.codeHost.downstreamOf(root, pipelineId, signal);
      return downstream.map((pipeline) => ({ ...pipeline, root: { path: root, pipelineId } }));
    },
    { concurrency: 4, signal },
  );
  return below
    .flat()
    .filter(({ path }) => projectByPath(deps.catalogue, path))
    .map(sightingOrder);
}

async function inProjects(deps: InvocationDeps, since: Date, signal: AbortSignal): Promise<WorkOrder[]> {
  const orphansBefore = new Date(deps.now().getTime() - orphanMs);
  const from = new Date(since.getTime() - orphanMs);
  const found = await pMap(
    deps.catalogue.projects,
    async ({ path, releaseBranch }) => {
      const pipelines = await visible(deps, path, () =>
        deps.codeHost.pipelinesSince(path, releaseBranch, from, signal),
      );
      return pipelines
        .filter(({ source, createdAt }) => source !== 'pipeline' || createdAt < orphansBefore)
        .map(({ id }) => sightingOrder({ path, pipelineId: id, root: null }));
    },
    { concurrency: 4, signal },
  );
  return found.flat();
}

/** A project that GitLab does not show must not keep the bot from looking into the others. */
async function visible<T>(deps: InvocationDeps, path: string, look: () => Promise<T[]>): Promise<T[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof OutsideError) || error.kind !== 'refused') throw error;
    deps.log.warn({ path, said: error.message }, 'GitLab does not show the pipelines of a project');
    return [];
  }
}

/** Reads one sighted pipeline's variables, and follows it when they say what it is. Key: `<path>#<pipeline>`. */
export function recognise(deps: InvocationDeps): Handler {
  return async ({ payload }, signal) => {
    const sighting = payload as Sighting;
    const project = projectByPath(deps.catalogue, sighting.path);
    if (!project) return { next: 'done' };
    const variables =
      sighting.variables ?? (await deps.codeHost.variablesOf(sighting.path, sighting.pipelineId, signal));
    if (!variables) {
      deps.log.warn(
        { ...sighting },
        'The token may not read the variables of a pipeline, so it is not known what it does',
      );
      return { next: 'done' };
    }
    const action = actionOfVariables(variables);
    // A run id means that the bot started it: then it is in its own invocation, or about to be adopted there.
    if (!action || variables[runIdVariable]) return { next: 'done' };
    const above = sighting.root ?? { path: sighting.path, pipelineId: sighting.pipelineId };
    const by = await deps.codeHost.pipelineOrigin(above.path, above.pipelineId, signal);
    const own = await deps.codeHost.pipelineOrigin(sighting.path, sighting.pipelineId, signal);
    const id = shortId(deps.digest, `gitlab/${above.path}/${above.pipelineId}`);
    const triggered = {
      type: actionFacts[action].triggered,
      data: { project: project.id, runId: '', pipelineId: sighting.pipelineId, url: own.url, adopted: true },
    } satisfies InvocationEvent;
    await deps.store.change(invocationStream, id, ({ state }) => {
      const events = [...(state ? [] : opening(action, project.id, above, by, deps.now())), triggered];
      if (state && isKnown(state, project.id, sighting.pipelineId)) return null;
      return changeOf(id, state, events, { actor: `gitlab:${by.user}`, at: deps.now() });
    });
    return { next: 'done' };
  };
}

function opening(
  action: Invocation['action'],
  project: string,
  above: { path: string; pipelineId: number },
  by: { url: string; user: string },
  now: Date,
): InvocationEvent[] {
  const origin = {
    kind: 'gitlab',
    user: by.user,
    project: above.path,
    pipelineId: above.pipelineId,
    url: by.url,
  } as const;
  return [
    { type: 'OrchestrationInputsSubmitted', data: { action, project, confirm: true, origin } },
    { type: 'InvocationConfirmed', data: { confirmedAt: now.toISOString() } },
  ];
}

/** A trigger job that was retried in GitLab gives a newer pipeline, which then counts; an older one is old news. */
function isKnown(state: Invocation, project: string, pipelineId: number): boolean {
  const target = findTarget(state, project);
  return target?.state.at === 'following' && target.state.pipelineId >= pipelineId;
}

/** The order that starts the standing look; giving it again changes nothing. */
export function discoverOrder(now: Date): WorkOrder {
  return { kind: 'discover', key: discoverKey, at: now, once: true };
}
