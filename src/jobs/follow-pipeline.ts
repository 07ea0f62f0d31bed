import { isDeepStrictEqual } from 'node:util';
import { findProject } from '../core/catalogue/find.ts';
import type { InvocationEvent, Observed } from '../core/invocation/events.ts';
import { keys } from '../core/invocation/orders.ts';
import { findTarget } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import { judgePipeline, type PipelineTree } from '../core/pipeline.ts';
import { type Handler, type Next, OutsideError } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { type InvocationDeps, later, record } from './invocation-deps.ts';

/** A pipeline that rests until a person goes on is looked at this many times less often. */
const restingFactor = 4;

/**
 * Looks at one target's pipeline, with everything downstream of it, until it has ended. Webhooks bring the
 * next look forward; without them it comes after the poll interval. Key: `<invocation>/<project>`.
 */
export function followPipeline(deps: InvocationDeps): Handler {
  return async ({ key }, signal) => {
    const { id, project } = keys.readTarget(key);
    const { state } = await deps.store.read(invocationStream, id);
    const target = state && findTarget(state, project);
    if (target?.state.at !== 'following') return { next: 'done' };
    const { pipelineId, since, observed: before } = target.state;
    const path = target.path || findProject(deps.catalogue, project)?.path;
    if (!path) return lose(deps, key, problem('catalogue-lacks', { project }));
    const { followHours, followPollSeconds } = deps.catalogue.limits;
    if (deps.now().getTime() - Date.parse(since) > followHours * 3_600_000)
      return lose(deps, key, problem('pipeline-lost', { hours: followHours }));
    try {
      const seen = observe(await deps.codeHost.pipelineTree(path, pipelineId, signal));
      if (!isDeepStrictEqual(seen, before)) await recordSeen(deps, key, seen);
      return nextLook(deps, seen, followPollSeconds * 1_000);
    } catch (error) {
      return unread(deps, key, error);
    }
  };
}

function observe(tree: PipelineTree): Observed {
  const { outcome, detail, url } = judgePipeline(tree);
  const downstream = allBelow(tree).map(({ project, id, status, url: page }) => ({
    project,
    pipelineId: id,
    status,
    url: page,
  }));
  return {
    pipelineId: tree.id,
    url: tree.url,
    status: tree.status,
    outcome,
    detail,
    lookAt: url,
    downstream,
  };
}

function allBelow(tree: PipelineTree): PipelineTree[] {
  return tree.downstream.flatMap(({ pipeline }) => (pipeline ? [pipeline, ...allBelow(pipeline)] : []));
}

function nextLook(deps: InvocationDeps, seen: Observed, pollMs: number): Next {
  if (seen.outcome === 'running') return { next: 'again', at: later(deps.now, pollMs) };
  if (seen.outcome === 'manual') return { next: 'again', at: later(deps.now, pollMs * restingFactor) };
  return { next: 'done' };
}

async function recordSeen(deps: InvocationDeps, key: string, seen: Observed): Promise<void> {
  const { id, project } = keys.readTarget(key);
  await record(deps, id, (state) => {
    const now = findTarget(state, project)?.state;
    const fits =
      now?.at === 'following' && now.pipelineId === seen.pipelineId && !isDeepStrictEqual(now.observed, seen);
    return fits
      ? [{ type: 'PipelineObserved', data: { project, observed: seen } } satisfies InvocationEvent]
      : [];
  });
}

async function lose(deps: InvocationDeps, key: string, reason: Problem): Promise<Next> {
  const { id, project } = keys.readTarget(key);
  const { code, what, why, todo } = reason;
  await record(deps, id, (state) =>
    findTarget(state, project)?.state.at === 'following'
      ? [{ type: 'PipelineLostSight', data: { project, problem: { code, what, why, todo } } }]
      : [],
  );
  return { next: 'done' };
}

/** GitLab could not be read: wait when it asks for that, say so when the pipeline is gone, try again otherwise. */
async function unread(deps: InvocationDeps, key: string, error: unknown): Promise<Next> {
  if (!(error instanceof OutsideError)) throw error;
  if (error.kind === 'busy' && error.retryAfterMs !== null)
    return { next: 'again', at: later(deps.now, error.retryAfterMs) };
  if (error.kind === 'refused' && error.problem.code !== 'gitlab-token-refused')
    return lose(deps, key, problem('pipeline-gone', { said: error.problem.why }));
  throw error;
}
