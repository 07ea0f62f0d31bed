import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { sha256, verifyChain } from '../../../src/adapters/store/hash-chain.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import { promotionId } from '../../../src/core/promotion/acts.ts';
import type { PromotionEvent } from '../../../src/core/promotion/events.ts';
import { promotionChange } from '../../../src/core/promotion/orders.ts';
import {
  type Promotion,
  type RegionState,
  regionState,
  standing,
} from '../../../src/core/promotion/state.ts';
import { promotionStream } from '../../../src/core/promotion/stream.ts';
import { keptLog } from '../../support/log.ts';
import { until } from '../../support/until.ts';

/** Every wait ends as soon as what is awaited is there; the limit is for machines that are very busy. */
export const patienceMs = 120_000;

/** A second pair of eyes on the bot's database: promotions as recorded. Give it back with `close`. */
export function promotionArchiveOf(databaseUrl: string, service: string) {
  const pool = createPool(databaseUrl, storeSchema, keptLog(), { max: 3 });
  const now = () => new Date();
  const store = new EventStore(pool, now, () => undefined);
  const outbox = new Outbox(pool, now, () => undefined);
  const idOf = (commit: string, of = service) => promotionId(sha256, of, commit);

  const state = async (commit: string, of = service): Promise<Promotion | null> =>
    (await store.read(promotionStream, idOf(commit, of))).state;
  /** Waits until a region of a promotion is as `isSo` says, and gives the promotion. */
  const when = async (
    commit: string,
    region: string,
    what: string,
    isSo: (region: RegionState, promotion: Promotion) => boolean,
  ): Promise<Promotion> => {
    let last: Promotion | null = null;
    return until(
      `${region}: ${what}`,
      async () => {
        last = await state(commit);
        return last && isSo(regionState(last, region), last) ? last : null;
      },
      patienceMs,
    ).catch((cause: unknown) => {
      throw new Error(`${region}, in vain: ${what}\n${JSON.stringify(last)}`, { cause });
    });
  };
  return {
    pool,
    store,
    idOf,
    state,
    when,
    /** Waits until this decision stands in a region. */
    decided: (commit: string, region: string, decision: string) =>
      when(commit, region, decision, (_, one) => standing(one, region)?.decision === decision),
    /** The events as recorded; throws when the chain does not hold. */
    eventsOf: async (commit: string, of = service) => {
      const stream = `promotion/${idOf(commit, of)}`;
      const { events, head } = await until('a moment without a new event', async () => {
        const before = await store.head(stream);
        const read = { events: await store.history(stream), head: await store.head(stream) };
        return before.seq === read.head.seq ? read : null;
      });
      const broken = verifyChain(
        events.map((event) => ({ ...event, stream })),
        head,
      );
      if (broken) throw new Error(`${stream} does not hold at ${broken.seq}: ${broken.what}`);
      return events.map(({ type, data, actor, at }) => ({
        ...(promotionStream.parse(type, data) as PromotionEvent),
        actor,
        at,
      }));
    },
    /** Records what a watch or people would have, at a moment of one's own, with all that follows from it. */
    record: (commit: string, of: string, at: Date, events: PromotionEvent[], actor = 'gonogo') =>
      store.change(promotionStream, idOf(commit, of), (before) =>
        promotionChange(idOf(commit, of), before, events, { actor, at }),
      ),
    /** Makes the next look at one account and region due now: a re-check minutes away is not waited for. */
    hasten: async (group: string) => {
      await pool.query('update watch set due_at = now() where watch_group = $1', [group]);
      await outbox.order([{ kind: 'rollouts', key: group }]);
    },
    close: () => endPool(pool),
  };
}

export type PromotionArchive = ReturnType<typeof promotionArchiveOf>;
