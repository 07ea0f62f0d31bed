import { OutsideError } from '../../core/ports.ts';
import { promotionId, takeSnapshot } from '../../core/promotion/acts.ts';
import { promotionChange } from '../../core/promotion/orders.ts';
import { reportVersion, type SnapshotReport } from '../../core/promotion/report.ts';
import { regionState } from '../../core/promotion/state.ts';
import { promotionStream } from '../../core/promotion/stream.ts';
import { refusal } from './bearer.ts';
import { knownRegion } from './known-region.ts';
import { pipelineActor, type RolloutApiDeps } from './rollout-api-deps.ts';
import { readBody, snapshotRequest } from './rollout-requests.ts';
import type { Answer, Route } from './server.ts';

/** How long ECS may take for one snapshot, in ms; whoever asks waits for it. */
const lookMs = 30_000;

/** `POST /api/snapshots`: what runs now, before the apply, is looked at and kept for the next rollout of the commit. */
export function snapshotRoute(deps: RolloutApiDeps): Route {
  return {
    method: 'POST',
    path: '/api/snapshots',
    handle: async ({ body }) => {
      const read = readBody(snapshotRequest, body);
      if (!read.ok) return refusal(400, read.problem);
      const { service, region, commit, source } = read.value;
      const known = knownRegion(deps.catalogue, read.value);
      if ('answer' in known) return known.answer;
      const { plan } = known;
      try {
        const before = await deps.rollouts.snapshot(known.place, AbortSignal.timeout(lookMs));
        const id = promotionId(deps.digest, service, commit);
        let refused: Answer | null = null;
        const { state } = await deps.store.change(promotionStream, id, (now) => {
          const channel = deps.catalogue.channels.releases;
          const acted = takeSnapshot(now.state, {
            plan,
            commit,
            region,
            channel,
            source: `api/${source}`,
            before,
          });
          refused = 'problem' in acted ? refusal(409, acted.problem) : null;
          if ('problem' in acted || acted.events.length === 0) return null;
          return promotionChange(id, now, acted.events, { actor: pipelineActor, at: deps.now() });
        });
        // The same request again is answered with what was kept, not with what may run by now.
        const kept = (state && regionState(state, region).before) ?? before;
        const report: SnapshotReport = { version: reportVersion, service, region, commit, before: kept };
        return refused ?? { status: 201, body: report };
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        deps.log.warn({ err: error, service, region }, 'A snapshot could not be taken');
        return refusal(503, error.problem);
      }
    },
  };
}
