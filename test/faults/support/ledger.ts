import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { type ChainBreak, verifyChain } from '../../../src/adapters/store/hash-chain.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import type { Invocation } from '../../../src/core/invocation/state.ts';
import { invocationStream } from '../../../src/core/invocation/stream.ts';
import { keptLog } from '../../support/log.ts';

/** What the store holds, read beside the running bot and never through it. */
export function openLedger(databaseUrl: string) {
  const pool = createPool(databaseUrl, storeSchema, keptLog(), { max: 2 });
  const now = () => new Date();
  const nothing = () => undefined;
  const outbox = new Outbox(pool, now, nothing);
  // A store of its own each time: its cache would hide what was lost from the tables.
  const store = () => new EventStore(pool, now, nothing);
  return {
    /** Ids of all invocations, the newest first. */
    invocations: () => store().latest(invocationStream.name, 100),
    async invocation(id: string): Promise<Invocation> {
      const { state } = await store().read(invocationStream, id);
      if (!state) throw new Error(`The store has no invocation ${id}`);
      return state;
    },
    /** The types of all events of an invocation, counted. */
    async eventCounts(id: string): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const { type } of await store().history(`invocation/${id}`))
        counts[type] = (counts[type] ?? 0) + 1;
      return counts;
    },
    /** Where the hash chain of an invocation is broken; null when it is whole. */
    async chainBreak(id: string): Promise<ChainBreak | null> {
      const stream = `invocation/${id}`;
      const events = await store().history(stream);
      return verifyChain(
        events.map((event) => ({ ...event, stream })),
        await store().head(stream),
      );
    },
    /** Open work by kind, without the standing look through GitLab. */
    async openWork(): Promise<Record<string, number>> {
      const { discover: _, ...rest } = await outbox.openCounts();
      return rest;
    },
    /** How many projects some invocation holds. */
    async claims(): Promise<number> {
      const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from claim');
      return rows[0]?.count ?? 0;
    },
    /** The open rows with their last error: what to read when a run does not end. */
    async whatIsOpen(): Promise<string> {
      const { rows } = await pool.query(
        `select kind, key, run_at, lease_until, queued_at, failures, last_error, memo from outbox
           where finished < wanted order by run_at limit 20`,
      );
      return rows.map((row) => JSON.stringify(row)).join('\n');
    },
    close: () => endPool(pool),
  };
}
