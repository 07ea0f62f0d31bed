import type { Invocation } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import type { MessageBody } from '../core/ports.ts';
import { problem } from '../core/problem.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import { decide } from '../core/release/decide.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import {
  invocationAnswer,
  problemAnswer,
  releaseAnswer,
  statusAnswer,
  type Validation,
} from '../views/answers.ts';
import { promotionAnswer } from '../views/promotion-answers.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { findService, latestPromotions, shownOf } from './promotion-acts.ts';
import { looked } from './promotion-command.ts';
import { latestReleases } from './release-acts.ts';

const shownInvocations = 8;
const shownReleases = 4;
const shownPromotions = 4;

/** `/release status`: the latest of all, or one invocation or release by its id. */
export async function statusOf(deps: EdgeDeps, id: string | null): Promise<MessageBody> {
  try {
    return id === null ? await latest(deps) : await one(deps, id);
  } catch (error) {
    deps.log.error({ err: error }, 'The status could not be read');
    return problemAnswer(problem('status-unavailable'));
  }
}

async function latest(deps: EdgeDeps): Promise<MessageBody> {
  return statusAnswer(
    await latestInvocations(deps, shownInvocations),
    await validations(deps, shownReleases),
    { promotions: await latestPromotions(deps, shownPromotions), now: deps.now() },
  );
}

async function one(deps: EdgeDeps, id: string): Promise<MessageBody> {
  const plan = findService(deps, id);
  if (plan) {
    const shown = await looked(deps, plan);
    return 'problem' in shown ? problemAnswer(shown.problem) : shown.done;
  }
  const invocation = await deps.store.read(invocationStream, id);
  if (invocation.state) return invocationAnswer(invocation.state, deps.catalogue.limits);
  const release = await deps.store.read(releaseStream, id);
  if (release.state) return releaseAnswer(validationOf(deps, release.state), deps.now());
  const promotion = await deps.store.read(promotionStream, id);
  return promotion.state
    ? promotionAnswer(await shownOf(deps, promotion.state), deps.now())
    : problemAnswer(problem('invocation-unknown', { id }));
}

/** The latest invocations, the one that changed last first. */
export async function latestInvocations({ store }: EdgeDeps, limit: number): Promise<Invocation[]> {
  const ids = await store.latest(invocationStream.name, limit);
  const snapshots = await Promise.all(ids.map((id) => store.read(invocationStream, id)));
  return snapshots.flatMap(({ state }) => (state ? [state] : []));
}

/** The latest releases with where they stand. */
export async function validations(deps: EdgeDeps, limit: number): Promise<Validation[]> {
  const releases = await latestReleases(deps, limit);
  return releases.map((release) => validationOf(deps, release));
}

function validationOf({ now, digest }: EdgeDeps, release: Release): Validation {
  return { release, standing: decide(release, now(), digest) };
}
