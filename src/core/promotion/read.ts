import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Digest } from '../ids.ts';
import type { Store } from '../ports.ts';
import { promotionId } from './acts.ts';
import type { GateView } from './gate.ts';
import { promotionPrefix } from './orders.ts';
import type { Promotion } from './state.ts';
import { promotionStream } from './stream.ts';

/** So many of a service's latest promotions are read; what changed before them says nothing about now. */
const latestPromotions = 20;

/** The promotions of a service, the one that changed last first. Throws what the store throws. */
export async function promotionsOf(
  store: Store,
  service: string,
  limit = latestPromotions,
): Promise<Promotion[]> {
  const ids = await store.latest(promotionStream.name, limit, promotionPrefix(service));
  const read = await Promise.all(ids.map((id) => store.read(promotionStream, id)));
  return read.flatMap(({ state }) => state ?? []);
}

/** The promotion of one commit; null when there is none. */
export async function promotionOf(
  store: Store,
  digest: Digest,
  service: string,
  commit: string,
): Promise<Promotion | null> {
  return (await store.read(promotionStream, promotionId(digest, service, commit))).state;
}

/**
 * What the gate of one commit of a service has to know, read from the store now: the promotions of the service and
 * of every service in an earlier wave. The commit's own promotion is always among them, however long ago it changed.
 */
export async function gateView(
  { store, catalogue, digest }: { store: Store; catalogue: Catalogue; digest: Digest },
  { service, commit }: { service: string; commit: string },
): Promise<GateView> {
  const { waves, services: plans } = catalogue;
  const own = waves.findIndex(({ services }) => services.includes(service));
  const earlier = waves.slice(0, Math.max(0, own)).flatMap(({ services }) => services);
  const known = new Map<string, Promotion[]>();
  // One service after another: a gate is asked often, and must leave connections to the others.
  for (const name of new Set([service, ...earlier])) known.set(name, await promotionsOf(store, name));
  const mine = known.get(service) ?? [];
  if (!mine.some((promotion) => promotion.commit === commit)) {
    const old = await promotionOf(store, digest, service, commit);
    if (old) known.set(service, [...mine, old]);
  }
  return { plans, waves, promotions: (name) => known.get(name) ?? [] };
}
