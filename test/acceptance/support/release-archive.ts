import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { sha256, verifyChain } from '../../../src/adapters/store/hash-chain.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import { decide } from '../../../src/core/release/decide.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { gatesOf } from '../../../src/core/release/plan.ts';
import { replay } from '../../../src/core/release/replay.ts';
import type { Release } from '../../../src/core/release/state.ts';
import { releaseStream } from '../../../src/core/release/stream.ts';
import type { ReleaseTown } from '../../support/release-town.ts';
import { until } from '../../support/until.ts';

/** Every wait here ends as soon as what is awaited is there; the limit is for machines that are very busy. */
export const patienceMs = 100_000;

/** A second pair of eyes on the bot's database: releases as recorded. Give it back with `close`. */
export function releaseArchiveOf(
  town: Pick<ReleaseTown, 'log'> & { settings: Pick<ReleaseTown['settings'], 'databaseUrl'> },
) {
  const pool = createPool(town.settings.databaseUrl ?? '', storeSchema, town.log, { max: 2 });
  const now = () => new Date();
  const store = new EventStore(pool, now, () => undefined);
  const outbox = new Outbox(pool, now, () => undefined);

  const state = async (id: string): Promise<Release> => {
    const snapshot = await store.read(releaseStream, id);
    if (!snapshot.state) throw new Error(`There is no release ${id}`);
    return snapshot.state;
  };
  const standing = async (id: string) => decide(await state(id), now(), sha256);
  /** Waits until a release is as `isSo` says, and gives it. */
  const when = async (
    id: string,
    what: string,
    isSo: (release: Release) => boolean,
    timeoutMs = patienceMs,
  ) => {
    let last: Release | null = null;
    await until(
      `${id}: ${what}`,
      async () => {
        last = (await store.read(releaseStream, id)).state;
        return last !== null && isSo(last);
      },
      timeoutMs,
    );
    if (!last) throw new Error(`There is no release ${id}`);
    return last as Release;
  };
  /** The events as recorded; throws when the chain does not hold. */
  const eventsOf = async (id: string) => {
    const stream = `release/${id}`;
    // Both are of one moment only when nothing was appended between the two reads.
    const { events, head } = await until('a moment without a new event', async () => {
      const before = await store.head(stream);
      const read = { events: await store.history(stream), head: await store.head(stream) };
      return before.seq === read.head.seq ? read : null;
    });
    const broken = verifyChain(
      events.map((event) => ({ ...event, stream })),
      head,
    );
    if (broken) throw new Error(`The history of ${id} does not hold at ${broken.seq}: ${broken.what}`);
    return events;
  };
  /** What does not follow from the recorded events; nothing, if all is well. */
  const mismatches = async (id: string) =>
    replay(
      id,
      (await eventsOf(id)).map(({ seq, type, data, actor, at }) => ({
        ...(releaseStream.parse(type, data) as ReleaseEvent),
        seq,
        actor,
        at,
      })),
      sha256,
    );
  return {
    state,
    standing,
    when,
    store,
    outbox,
    eventsOf,
    mismatches,
    gates: async (id: string) => gatesOf((await state(id)).plan).map(({ gate }) => gate.id),
    close: () => endPool(pool),
  };
}
