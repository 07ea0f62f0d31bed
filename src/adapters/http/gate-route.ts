import { problem } from '../../core/problem.ts';
import { fullCommit } from '../../core/promotion/acts.ts';
import { regionGate } from '../../core/promotion/gate.ts';
import { gateReportOf } from '../../core/promotion/gate-report.ts';
import { gateView } from '../../core/promotion/read.ts';
import { refusal } from './bearer.ts';
import { knownRegion } from './known-region.ts';
import type { RolloutApiDeps } from './rollout-api-deps.ts';
import type { Route } from './server.ts';

/** The word that a question comes with, and is answered with. */
const askedWord = /^[\w-]{1,64}$/;

/**
 * `GET /api/gates/{service}/{region}?commit=…&asked=…`: may this commit be deployed to the region now? Computed from
 * the store at each request, never kept.
 */
export function gateRoute(deps: RolloutApiDeps): Route {
  return {
    method: 'GET',
    path: '/api/gates/{service}/{region}',
    handle: async ({ params, query }) => {
      const { service = '', region = '' } = params;
      const commit = query.get('commit') ?? '';
      const asked = query.get('asked') ?? '';
      if (!fullCommit.test(commit)) return refusal(400, problem('commit-wrong', { commit }));
      if (!askedWord.test(asked))
        return refusal(400, problem('request-wrong', { said: 'asked is missing or no plain word' }));
      const known = knownRegion(deps.catalogue, { service, region });
      if ('answer' in known) return known.answer;
      const question = { service, region, commit };
      const gate = regionGate(await gateView(deps, question), question, deps.now());
      return { status: 200, body: gateReportOf({ ...question, asked }, gate) };
    },
  };
}
