import type { Change, Snapshot, WorkOrder } from '../ports.ts';
import { type WatchKey, watchGroup } from '../rollout/watch.ts';
import { conclusions } from './conclude.ts';
import { openChecks } from './decide.ts';
import type { PromotionEvent } from './events.ts';
import { foldPromotion } from './fold.ts';
import { findRegion } from './plan.ts';
import { type Promotion, regionState } from './state.ts';

/** Keys of the work and the messages of a promotion, and back. Neither an id nor a region holds a slash. */
export const promotionKeys = {
  parent: (id: string) => `promotion/${id}/parent`,
  rollout: (id: string, region: string, run: number) => `promotion/${id}/rollout/${region}/${run}`,
  notice: (id: string, seq: number) => `promotion/${id}/notice/${seq}`,
  region: (id: string, region: string) => `${id}/${region}`,
  check: (id: string, region: string, check: string) => `${id}/${region}/${check}`,
  /** `part` is parent, rollout or notice; `name` the region or the seq; `run` of a rollout. */
  readMessage(key: string): { id: string; part: string; name: string; run: number } {
    const [, id = '', part = '', name = '', run = ''] = key.split('/');
    return { id, part, name, run: Number(run) };
  },
  read(key: string): { id: string; region: string; rest: string } {
    const [id = '', region = '', rest = ''] = key.split('/');
    return { id, region, rest };
  },
};

/** Ids of the promotions of one service begin so; an id of a service has no dot. */
export function promotionPrefix(service: string): string {
  return `${service}.`;
}

/**
 * A change of a promotion with all that follows from it: what is decided at once, and by comparing before and after
 * what to watch, check, tell and write beside the commit.
 */
export function promotionChange(
  id: string,
  { state: before, seq }: Snapshot<Promotion>,
  events: PromotionEvent[],
  by: { actor: string; at: Date },
): Change<PromotionEvent> {
  let number = seq;
  const apply = (state: Promotion | null, event: PromotionEvent): Promotion => {
    number += 1;
    return foldPromotion(id, state, { ...event, seq: number, at: by.at.toISOString(), actor: by.actor });
  };
  const first = events.reduce<Promotion | null>(apply, before);
  if (!first) return { events, actor: by.actor, at: by.at };
  const concluded = conclusions(first, by.at);
  const after = concluded.reduce<Promotion>(apply, first);
  const all = [...events, ...concluded];
  if (all.length === 0) return { events: all, actor: by.actor, at: by.at };
  return {
    events: all,
    actor: by.actor,
    at: by.at,
    ...watchesOf(before, after, by.at),
    work: ordersOf(before, after, by.at),
  };
}

/** A message says what is true when it is written, so one that waits for its turn need not be hurried. */
function message(key: string): WorkOrder {
  return { kind: 'message', key, patient: true };
}

function watchesOf(
  before: Promotion | null,
  after: Promotion,
  at: Date,
): Pick<Change<PromotionEvent>, 'watch' | 'unwatch'> {
  const watch: NonNullable<Change<PromotionEvent>['watch']> = [];
  const unwatch: WatchKey[] = [];
  for (const plan of after.plan.regions) {
    const { region, account, cluster, service } = plan;
    const was = before ? regionState(before, region) : null;
    const is = regionState(after, region);
    const key = { promotion: after.id, region, run: is.run };
    const isOver = was?.phase === 'watching' && (is.phase !== 'watching' || was.run !== is.run);
    if (isOver) unwatch.push({ ...key, run: was.run });
    if (is.phase !== 'watching' || !is.expected || !is.startedAt) continue;
    if (was?.phase === 'watching' && was.run === is.run) continue;
    const place = { account, region, cluster, service };
    // A re-check of what was watched to its end has a deadline of its own.
    const subject = {
      place,
      expected: is.expected,
      rules: after.plan.rules,
      watchedSince: at.toISOString(),
    };
    watch.push({ key, subject, at });
  }
  return { watch, unwatch };
}

function ordersOf(before: Promotion | null, after: Promotion, now: Date): WorkOrder[] {
  const { id } = after;
  const orders: WorkOrder[] = [message(promotionKeys.parent(id))];
  for (const { region } of after.plan.regions) {
    const was = before ? regionState(before, region) : null;
    const is = regionState(after, region);
    if (is === was || is.run === 0) continue;
    orders.push(message(promotionKeys.rollout(id, region, is.run)));
    orders.push({ kind: 'commit-status', key: promotionKeys.region(id, region), patient: true });
    const plan = findRegion(after.plan, region);
    const isNewWatch = is.phase === 'watching' && (was?.phase !== 'watching' || was.run !== is.run);
    if (isNewWatch && plan) orders.push({ kind: 'rollouts', key: watchGroup(plan), crowded: true });
    const isFirstPass = is.verdict?.outcome === 'pass' && was?.verdict?.outcome !== 'pass';
    if (isFirstPass)
      for (const check of openChecks(after, is))
        orders.push({ kind: 'rollout-check', key: promotionKeys.check(id, region, check.id) });
  }
  for (const { seq } of after.notices.slice(before?.notices.length ?? 0))
    orders.push(message(promotionKeys.notice(id, seq)));
  return [...orders, ...waiverOrders(before, after, now)];
}

/** A waiver's notice holds its buttons, which go when it is answered; what only its end changes is concluded then. */
function waiverOrders(before: Promotion | null, after: Promotion, now: Date): WorkOrder[] {
  return after.waivers.flatMap((waiver): WorkOrder[] => {
    const known = before?.waivers.find(({ id }) => id === waiver.id);
    if (!known || (known.confirmed === waiver.confirmed && known.declined === waiver.declined)) return [];
    const told = message(promotionKeys.notice(after.id, waiver.seq));
    const isAhead = Date.parse(waiver.expiresAt) > now.getTime();
    if (!waiver.confirmed || !isAhead) return [told];
    const key = `${after.id}/${waiver.expiresAt}`;
    return [told, { kind: 'rollout-lapse', key, at: new Date(waiver.expiresAt) }];
  });
}
