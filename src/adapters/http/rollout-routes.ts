import { problem } from '../../core/problem.ts';
import { fullCommit, promotionId, startRollout } from '../../core/promotion/acts.ts';
import { promotionChange } from '../../core/promotion/orders.ts';
import type { PromotionPlan } from '../../core/promotion/plan.ts';
import { promotionOf, promotionsOf } from '../../core/promotion/read.ts';
import { emptyReport, reportOf } from '../../core/promotion/report.ts';
import { type Promotion, regionState } from '../../core/promotion/state.ts';
import { promotionStream } from '../../core/promotion/stream.ts';
import { refusal } from './bearer.ts';
import { knownRegion } from './known-region.ts';
import { pipelineActor, type RolloutApiDeps } from './rollout-api-deps.ts';
import { type RolloutRequest, readBody, rolloutRequest } from './rollout-requests.ts';
import type { Answer, Route } from './server.ts';

/** An apply began at most so long ago; a pipeline may wait a while for the button that starts it. */
const longestApplyDays = 7;
/** Clocks of runners may be ahead of ours, in ms. */
const clockSkewMs = 5 * 60_000;

/** `POST /api/rollouts` begins a validation, `GET /api/rollouts/{service}/{region}` says how it stands. */
export function rolloutRoutes(deps: RolloutApiDeps): Route[] {
  return [
    {
      method: 'POST',
      path: '/api/rollouts',
      handle: async ({ body }) => {
        const read = readBody(rolloutRequest, body);
        if (!read.ok) return refusal(400, read.problem);
        const known = knownRegion(deps.catalogue, read.value);
        return 'answer' in known ? known.answer : begin(deps, known.plan, read.value);
      },
    },
    {
      method: 'GET',
      path: '/api/rollouts/{service}/{region}',
      handle: async ({ params, query }) => {
        const { service = '', region = '' } = params;
        const commit = query.get('commit');
        if (commit !== null && !fullCommit.test(commit))
          return refusal(400, problem('commit-wrong', { commit }));
        const known = knownRegion(deps.catalogue, { service, region });
        if ('answer' in known) return known.answer;
        const promotion = commit
          ? await promotionOf(deps.store, deps.digest, service, commit)
          : await latestIn(deps, service, region);
        if (!promotion) return { status: 200, body: emptyReport(service, region, commit) };
        return { status: 200, body: await reported(deps, promotion, region) };
      },
    },
  ];
}

/** The same request again begins nothing; another one joins what is being watched (see `startRollout`). */
async function begin(deps: RolloutApiDeps, plan: PromotionPlan, asked: RolloutRequest): Promise<Answer> {
  const { service, region, commit } = asked;
  const id = promotionId(deps.digest, service, commit);
  const at = deps.now();
  let refused: Answer | null = null;
  const { state } = await deps.store.change(promotionStream, id, (now) => {
    const taken = asked.before ?? (now.state && regionState(now.state, region).before);
    const exactly = asked.appliedAt ?? taken?.at;
    const appliedAt = exactly ?? asked.appliedAfter;
    const wrong = appliedAt === undefined ? refusal(400, problem('applied-at-missing')) : late(appliedAt, at);
    refused = wrong;
    if (wrong || appliedAt === undefined) return null;
    const acted = startRollout(now.state, {
      plan,
      commit,
      region,
      channel: deps.catalogue.channels.releases,
      source: `api/${asked.source}`,
      expected: {
        taskDefinition: asked.taskDefinition ?? null,
        digest: asked.digest ?? null,
        appliedAt: new Date(appliedAt).toISOString(),
        ...(asked.before && { before: asked.before }),
      },
      pipeline: asked.pipeline ?? null,
      isExact: exactly !== undefined,
    });
    if ('problem' in acted) {
      refused = refusal(409, acted.problem);
      return null;
    }
    if (acted.events.length === 0) return null;
    return promotionChange(id, now, acted.events, { actor: pipelineActor, at });
  });
  if (refused) return refused;
  if (!state) throw new Error(`The promotion ${id} is not there although it was begun`);
  return { status: 202, body: await reported(deps, state, region) };
}

function late(appliedAt: string, now: Date): Answer | null {
  const agoMs = now.getTime() - Date.parse(appliedAt);
  if (agoMs > -clockSkewMs && agoMs < longestApplyDays * 86_400_000) return null;
  return refusal(400, problem('applied-at-wrong', { at: appliedAt, days: longestApplyDays }));
}

/** The promotion that was deployed to a region last. */
async function latestIn(deps: RolloutApiDeps, service: string, region: string): Promise<Promotion | null> {
  const began = (promotion: Promotion) => regionState(promotion, region).startedAt ?? '';
  const all = await promotionsOf(deps.store, service);
  return all.sort((one, other) => began(other).localeCompare(began(one)))[0] ?? null;
}

async function reported(deps: RolloutApiDeps, promotion: Promotion, region: string) {
  return reportOf(promotion, region, deps.now(), await deps.threadOf(promotion.id));
}
