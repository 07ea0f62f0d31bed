import type { Handler } from '../core/ports.ts';
import type { Deployment, Part } from '../core/release/candidate.ts';
import type { ReleaseEvent } from '../core/release/events.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { later } from './invocation-deps.ts';
import { type ReleaseDeps, recordRelease } from './release-deps.ts';

/** How many of the newest deployments are looked at: more than anyone makes between two looks. */
const looked = 10;
/** A release that nothing has happened to for so long is not watched any more, in ms. */
const watchMs = 14 * 24 * 3_600_000;

/**
 * Looks whether something newer was deployed since the candidate was identified (B8). Webhooks bring the look
 * forward; without them it comes after the poll interval. Key: the release's id.
 */
export function watchRelease(deps: ReleaseDeps): Handler {
  return async ({ key: id }, signal) => {
    const { state } = await deps.store.read(releaseStream, id);
    if (!state) return { next: 'done' };
    if (deps.now().getTime() - Date.parse(state.changedAt) > watchMs) return { next: 'done' };
    for (const part of state.candidate?.parts ?? []) {
      const newer = await newestSince(deps, state, part, signal);
      if (newer) await recordRelease(deps, id, (now) => seen(now, part.project, newer));
    }
    return { next: 'again', at: later(deps.now, deps.catalogue.limits.followPollSeconds * 1_000) };
  };
}

async function newestSince(
  { sources }: ReleaseDeps,
  { environment }: Release,
  part: Part,
  signal: AbortSignal,
): Promise<Deployment | undefined> {
  const found = await sources.codeHost.deployments(part.path, environment, looked, signal);
  return found.find(({ status, id }) => status === 'success' && id > (part.deployment?.id ?? 0));
}

/** Recorded once for each deployment, and only while it is newer than what the present pass is about. */
function seen(now: Release, project: string, deployment: Deployment): ReleaseEvent[] {
  const part = now.candidate?.parts.find((one) => one.project === project);
  if (!part || deployment.id <= (part.deployment?.id ?? 0)) return [];
  if (now.newer.some((one) => one.project === project && one.deployment.id >= deployment.id)) return [];
  return [{ type: 'DeploymentSeen', data: { project, deployment } }];
}
