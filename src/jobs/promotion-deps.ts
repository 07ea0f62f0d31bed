import type { RolloutSources } from '../checks/rollout/look.ts';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Digest } from '../core/ids.ts';
import type { Clock, Deliveries, Logger, Snapshot, Store, Watches } from '../core/ports.ts';
import type { Acted } from '../core/promotion/acts.ts';
import type { PromotionEvent } from '../core/promotion/events.ts';
import { promotionChange } from '../core/promotion/orders.ts';
import type { Promotion } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import type { SecretFinder, Sources } from '../core/sources.ts';

/** What the jobs of a promotion work with. */
export interface RolloutDeps {
  store: Store;
  watches: Watches;
  /** What is read of AWS to judge a rollout. */
  aws: RolloutSources;
  sources: Sources;
  deliveries: Deliveries;
  /** The address of a message in Slack; null when it is not known. */
  permalink(place: { channel: string; ts: string }, signal: AbortSignal): Promise<string | null>;
  catalogue: Catalogue;
  secrets: SecretFinder;
  digest: Digest;
  now: Clock;
  log: Logger;
  /** How long a service may still be at a request that it did not answer, in ms. */
  settleMs: number;
}

/** The bot itself, as the actor of what no person did. */
export const botActor = 'gonogo';

/**
 * Records what the bot observed about a promotion, with all that follows from it. `decide` sees the state as it is at
 * that moment and answers with nothing when what it wanted to record no longer fits, so that running a job twice
 * records once.
 */
export async function recordPromotion(
  deps: Pick<RolloutDeps, 'store' | 'now'>,
  id: string,
  decide: (state: Promotion) => PromotionEvent[],
): Promise<Snapshot<Promotion>> {
  return deps.store.change(promotionStream, id, (snapshot) => {
    if (!snapshot.state) throw new Error(`There is no promotion ${id}`);
    const change = promotionChange(id, snapshot, decide(snapshot.state), { actor: botActor, at: deps.now() });
    return change.events.length > 0 ? change : null;
  });
}

/** The same for what may open the promotion. A problem is the answer, and nothing is recorded then. */
export async function actOnPromotion(
  deps: Pick<RolloutDeps, 'store' | 'now'>,
  id: string,
  actor: string,
  act: (state: Promotion | null) => Acted,
): Promise<Acted> {
  let acted: Acted = { events: [] };
  await deps.store.change(promotionStream, id, (snapshot) => {
    acted = act(snapshot.state);
    if ('problem' in acted || acted.events.length === 0) return null;
    return promotionChange(id, snapshot, acted.events, { actor, at: deps.now() });
  });
  return acted;
}
