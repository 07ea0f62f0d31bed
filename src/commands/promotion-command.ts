import type { MessageBody } from '../core/ports.ts';
import { problem } from '../core/problem.ts';
import { requestRecheck } from '../core/promotion/acts.ts';
import type { PromotionPlan } from '../core/promotion/plan.ts';
import { regionState } from '../core/promotion/state.ts';
import { problemAnswer } from '../views/answers.ts';
import { askedAnswer, noPromotionAnswer, promotionAnswer } from '../views/promotion-answers.ts';
import { plain } from '../views/text.ts';
import type { EdgeDeps } from './edge-deps.ts';
import {
  actOnPromotion,
  currentPromotion,
  findService,
  promotionIn,
  shownOf,
  unlessUnreadable,
} from './promotion-acts.ts';
import { lacks, type Outcome } from './release-acts.ts';

export interface AskedDeployment {
  service: string;
  /** Null: only look. */
  region: string | null;
}

/**
 * `/release validate <service> [region]` (C1): shows the deployment that is under way or was the last. With a region
 * it asks GitLab for what was deployed there, and has what was watched to its end looked at again. Nothing here
 * deploys anything or opens a gate: that is computed from what is found.
 */
export async function deploymentAnswer(
  deps: EdgeDeps,
  { service, region }: AskedDeployment,
  user: string,
): Promise<MessageBody> {
  const plan = findService(deps, service);
  if (!plan) return problemAnswer(problem('service-unknown', { service, nearest: null }));
  const refused = await lacks(deps, region === null ? 'tester' : 'release-engineer', user);
  if (refused) return problemAnswer(refused);
  const answered = await unlessUnreadable(deps, service, () =>
    region === null ? looked(deps, plan) : validated(deps, plan, region, user),
  );
  return 'problem' in answered ? problemAnswer(answered.problem) : answered.done;
}

/** The deployment of a service that is under way or was the last; for the status, too. */
export async function looked(deps: EdgeDeps, plan: PromotionPlan): Promise<Outcome<MessageBody>> {
  const found = await currentPromotion(deps, plan.service);
  if (!found) return { done: noPromotionAnswer(plan) };
  return { done: promotionAnswer(await shownOf(deps, found), deps.now()) };
}

async function validated(
  deps: EdgeDeps,
  plan: PromotionPlan,
  region: string,
  user: string,
): Promise<Outcome<MessageBody>> {
  const key = `${plan.service}/${region}`;
  // Who asks means what runs there now, however long ago it was deployed.
  const payload = { askedAt: deps.now().toISOString() };
  await deps.desk.order([{ kind: 'rollout-news', key, payload }]);
  const found = await promotionIn(deps, plan.service, region);
  if (!found) return { done: askedAnswer(plan, region, deps.catalogue.channels.releases) };
  const wasWatched = regionState(found, region).phase === 'watching';
  const done = await actOnPromotion(deps, found.id, user, (state) => requestRecheck(state, region));
  if ('problem' in done) return done;
  const name = plain(region, 40);
  const note = wasWatched ? `:mag: ${name} is being watched already.` : `:mag: ${name} is looked at again.`;
  return { done: promotionAnswer(await shownOf(deps, done.done), deps.now(), note) };
}
