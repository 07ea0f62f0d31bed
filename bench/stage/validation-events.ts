import { EventStore } from '../../src/adapters/store/event-store.ts';
import { Outbox } from '../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../src/adapters/store/pool.ts';
import { gatesOf } from '../../src/core/release/plan.ts';
import { gateState, type Release } from '../../src/core/release/state.ts';
import { releaseStream } from '../../src/core/release/stream.ts';
import type { Stage } from './process.ts';

/** What the bot recorded, read beside it from its database. */
export function openRecords(stage: Stage, database: string) {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const pool = createPool(database, storeSchema, log, { max: 2 });
  stage.defer(() => endPool(pool));
  const now = () => new Date();
  const store = new EventStore(pool, now, quiet);
  const outbox = new Outbox(pool, now, quiet);
  return {
    /** When the last gate of these releases was found (ms since 1970); null while one is still open. */
    lastFinding: async (ids: readonly string[]): Promise<number | null> => {
      const states = await Promise.all(ids.map(async (id) => (await store.read(releaseStream, id)).state));
      const times = states.flatMap((state) => (state ? findingTimes(state) : [null]));
      return times.includes(null) ? null : Math.max(...times.map(Number));
    },
    /** Whether nothing is left to do but the standing looks. */
    isIdle: async (): Promise<boolean> => {
      const { watch: _, discover: __, ...open } = await outbox.openCounts();
      return Object.keys(open).length === 0;
    },
  };
}

function findingTimes(state: Release): (number | null)[] {
  if (!state.candidate) return [null];
  return gatesOf(state.plan).map(({ gate }) => {
    const { phase, finding } = gateState(state, gate.id);
    return phase === 'done' && finding ? Date.parse(finding.at) : null;
  });
}
