import { isDeepStrictEqual } from 'node:util';
import { findTarget, type Invocation, type Target, wordOf } from '../core/invocation/state.ts';
import { type Earlier, earlierThan, waitsFor } from '../core/invocation/waves.ts';
import type { Next, Store } from '../core/ports.ts';
import { promotionPrefix } from '../core/promotion/orders.ts';
import type { Promotion } from '../core/promotion/state.ts';
import { promotionStream } from '../core/promotion/stream.ts';
import { type InvocationDeps, later, record } from './invocation-deps.ts';

/** The part of a trigger's note to itself while its target is held. */
export interface HeldMemo {
  /** How long it was put off the last time, in ms. */
  heldMs?: number;
}

/** What a target waits for in this state, in words; empty when its wave lets it start. */
export type WaitsFor = (state: Invocation) => string[];

/** How soon it is looked again after the words changed, in ms; from there on ever later, up to the poll interval. */
const firstMs = 2_000;
/** So many promotions of a service are read at most; all of them changed since the invocation was confirmed. */
const mostPromotions = 50;

/** What holds a target of a later wave (C6), with the rollouts as the store has them now. */
export async function waitsForOf(
  { store, catalogue, now }: Pick<InvocationDeps, 'store' | 'catalogue' | 'now'>,
  state: Invocation,
  project: string,
): Promise<WaitsFor> {
  const earlier = earlierThan(catalogue, state, project);
  const promotions = new Map<string, Promotion[]>();
  // One service after another: many targets may be held, and must leave connections to the others.
  for (const service of servicesToAsk(state, earlier))
    promotions.set(service, await changedSince(store, service, state.requestedAt));
  const at = now();
  return (seen) => waitsFor(seen, earlier, promotions, at);
}

/** Before its pipeline has passed, nothing is asked about what it brings. */
function servicesToAsk(state: Invocation, earlier: readonly Earlier[]): Set<string> {
  const passed = earlier.filter(({ project }) => {
    const target = findTarget(state, project);
    return target && wordOf(target) === 'passed';
  });
  return new Set(passed.flatMap(({ rollouts }) => rollouts.map(({ service }) => service)));
}

async function changedSince(store: Store, service: string, since: string): Promise<Promotion[]> {
  const found: Promotion[] = [];
  for (const id of await store.latest(promotionStream.name, mostPromotions, promotionPrefix(service))) {
    const { state } = await store.read(promotionStream, id);
    if (!state || state.changedAt < since) break;
    found.push(state);
  }
  return found;
}

/**
 * Keeps a target back while its wave says so, and tells what it waits for whenever the words change; null when it
 * may start. Nothing of the pace is taken for it, and a place in the line that it had is given up.
 */
export async function heldByWave(
  deps: InvocationDeps,
  state: Invocation,
  target: Target,
  waits: WaitsFor,
  memo: HeldMemo,
): Promise<Next | null> {
  const seen = waits(state);
  const isNews = !isDeepStrictEqual(seen, toldOf(target));
  if (isNews) await tell(deps, state.id, target, waits);
  if (seen.length === 0) return null;
  const pollMs = deps.catalogue.limits.followPollSeconds * 1_000;
  const heldMs = Math.min(pollMs, isNews ? firstMs : (memo.heldMs ?? firstMs / 2) * 2);
  return { next: 'again', at: later(deps.now, heldMs), memo: { heldMs } satisfies HeldMemo };
}

async function tell(deps: InvocationDeps, id: string, target: Target, waits: WaitsFor): Promise<void> {
  const { project, attempt } = target;
  await record(deps, id, (state) => {
    const now = findTarget(state, project);
    if (now?.state.at !== 'waiting' || now.attempt !== attempt) return [];
    const words = waits(state);
    if (isDeepStrictEqual(words, toldOf(now))) return [];
    return [{ type: 'TargetHeld', data: { project, waitsFor: words } }];
  });
}

function toldOf({ state }: Target): readonly string[] {
  return state.at === 'waiting' ? (state.waitsFor ?? []) : [];
}
