import type { Handler, WorkDesk } from '../core/ports.ts';
import { promotionKeys } from '../core/promotion/orders.ts';
import { regionState } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import { type RolloutDeps, recordPromotion } from './promotion-deps.ts';

/**
 * Comes when a waiver of a rollout ends: what follows from the time alone is concluded and recorded, such as a GO that
 * may not stand any more (F7). Key: `<promotion>/<end of the waiver>`.
 */
export function lapseRolloutWaiver(deps: Pick<RolloutDeps, 'store' | 'now'> & { desk: WorkDesk }): Handler {
  return async ({ key }) => {
    const [id = '', end = ''] = key.split('/');
    // A worker whose clock is behind must not conclude before the waiver has ended.
    if (deps.now() < new Date(end)) return { next: 'again', at: new Date(end) };
    await recordPromotion(deps, id, () => []);
    const { state } = await deps.store.read(promotionStream, id);
    if (!state) return { next: 'done' };
    // What is shown rests on the time too: these say that it ended even where nothing else follows from it.
    const ended = state.waivers.filter(({ expiresAt }) => expiresAt === end);
    const messages = [
      promotionKeys.parent(id),
      ...ended.map(({ region }) => promotionKeys.rollout(id, region, regionState(state, region).run)),
      ...ended.map(({ seq }) => promotionKeys.notice(id, seq)),
    ];
    await deps.desk.order(
      [...new Set(messages)].map((message) => ({ kind: 'message', key: message, patient: true })),
    );
    return { next: 'done' };
  };
}
