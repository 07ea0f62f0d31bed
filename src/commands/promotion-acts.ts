import { problem } from '../core/problem.ts';
import type { Acted } from '../core/promotion/acts.ts';
import { nextGate } from '../core/promotion/next-gate.ts';
import { promotionChange, promotionKeys } from '../core/promotion/orders.ts';
import type { PromotionPlan } from '../core/promotion/plan.ts';
import { gateView, promotionsOf } from '../core/promotion/read.ts';
import { type Promotion, regionState } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import type { PromotionShown } from '../views/promotion-answers.ts';
import type { EdgeDeps } from './edge-deps.ts';
import type { Outcome } from './release-acts.ts';

/** What people read and do of the deployments of a service. */

export function findService({ catalogue }: EdgeDeps, service: string): PromotionPlan | undefined {
  return catalogue.services.find((one) => one.service === service);
}

/** A store that does not answer is told to the person; the log has the cause. */
export async function unlessUnreadable<T>(
  deps: EdgeDeps,
  about: string,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    deps.log.error({ err: error, promotion: about }, 'A promotion could not be read or changed');
    return { problem: problem('promotion-unread') };
  }
}

export async function readPromotion(deps: EdgeDeps, id: string): Promise<Outcome<Promotion>> {
  return unlessUnreadable(deps, id, async () => {
    const { state } = await deps.store.read(promotionStream, id);
    return state ? { done: state } : { problem: problem('promotion-unknown', { id }) };
  });
}

/**
 * Records what a person does with a promotion. `act` decides on the state as it is then and may be asked again; no
 * events mean that it was done already. Gives the state afterwards.
 */
export async function actOnPromotion(
  deps: EdgeDeps,
  id: string,
  user: string,
  act: (state: Promotion, now: Date) => Acted,
): Promise<Outcome<Promotion>> {
  return unlessUnreadable(deps, id, async () => {
    const decided: { last: Acted } = { last: { problem: problem('promotion-unknown', { id }) } };
    const { state } = await deps.store.change(promotionStream, id, (snapshot) => {
      if (!snapshot.state) return null;
      const at = deps.now();
      const acted = act(snapshot.state, at);
      decided.last = acted;
      if ('problem' in acted || acted.events.length === 0) return null;
      return promotionChange(id, snapshot, acted.events, { actor: user, at });
    });
    if ('problem' in decided.last) return decided.last;
    return state ? { done: state } : { problem: problem('promotion-unknown', { id }) };
  });
}

/** The promotion of a service that is under way, otherwise the one that changed last; null when there is none. */
export async function currentPromotion(deps: EdgeDeps, service: string): Promise<Promotion | null> {
  const known = await promotionsOf(deps.store, service);
  const isWatched = ({ regions }: Promotion) =>
    Object.values(regions).some(({ phase }) => phase === 'watching');
  return known.find(isWatched) ?? known[0] ?? null;
}

/** The promotion whose rollout began last in a region: what should be running there; null when there is none. */
export async function promotionIn(
  deps: EdgeDeps,
  service: string,
  region: string,
): Promise<Promotion | null> {
  const startedAt = (one: Promotion) => regionState(one, region).startedAt ?? '';
  const started = (await promotionsOf(deps.store, service)).filter((one) => startedAt(one) !== '');
  return started.toSorted((one, other) => (startedAt(one) < startedAt(other) ? 1 : -1))[0] ?? null;
}

/** The latest promotions of all services, the one that changed last first. */
export async function latestPromotions({ store, catalogue }: EdgeDeps, limit: number): Promise<Promotion[]> {
  if (catalogue.services.length === 0) return [];
  const ids = await store.latest(promotionStream.name, limit);
  const snapshots = await Promise.all(ids.map((id) => store.read(promotionStream, id)));
  return snapshots.flatMap(({ state }) => (state ? [state] : []));
}

/** A promotion with its gate, as its message shows it, and the address of its thread. */
export async function shownOf(deps: EdgeDeps, promotion: Promotion): Promise<PromotionShown> {
  const view = await gateView(deps, { service: promotion.plan.service, commit: promotion.commit });
  return { promotion, gate: nextGate(view, promotion, deps.now()), thread: await threadOf(deps, promotion) };
}

/** Null while the message is not posted, and where Slack does not say. */
async function threadOf({ deliveries, permalink }: EdgeDeps, { id }: Promotion): Promise<string | null> {
  const delivery = await deliveries.get(promotionKeys.parent(id));
  return delivery?.ts ? permalink({ channel: delivery.channel, ts: delivery.ts }) : null;
}
