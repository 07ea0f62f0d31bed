import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dispatcher } from '../../src/adapters/queue/dispatcher.ts';
import { JobQueue } from '../../src/adapters/queue/job-queue.ts';
import { Outbox } from '../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../src/adapters/store/pool.ts';
import type { Handler, WorkKind } from '../../src/core/ports.ts';
import { concurrency } from '../../src/jobs/index.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/log.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce, untilAllIsDone } from './support/ending.ts';
import { hasRedisServer, onRedis, startBreakableRedis } from './support/servers.ts';
import { startFaultTown } from './support/town.ts';

/**
 * The queue on Redis: on the one that REDIS_URL names, in a database of it that nobody uses, or on one of the
 * test's own. In CI a missing REDIS_URL is a failure; elsewhere a machine without any Redis skips this, visibly.
 */
const redisUrl = process.env['REDIS_URL'];
const inCi = process.env['CI'] === 'true';
const without = !inCi && redisUrl === undefined && !(await hasRedisServer());

describe.skipIf(without)('the queue on Redis', () => {
  let redis: { url: string; close(): Promise<void> };
  beforeAll(async () => {
    if (inCi && redisUrl === undefined) throw new Error('REDIS_URL is not set: CI must bring a Redis');
    redis =
      redisUrl === undefined ? await startBreakableRedis({ keeps: false }) : await unusedPartOf(redisUrl);
  });
  afterAll(() => redis?.close());

  test('a deploy of 16 projects goes from command to finished thread', async () => {
    const database = await freshDatabase();
    const places = { databaseUrl: database.url, redisUrl: redis.url };
    const town = await startFaultTown({ projects: 16, workers: 2, pipelinesPerMinute: 600, ...places });
    try {
      await town.deployAll();
      await untilAllIsDone(town, 120_000);
      await expectExactlyOnce(town);
    } finally {
      await town.stop();
      await database.drop();
    }
  });

  test('work that is put off is not done before its time', async () => {
    await withWork(redis.url, async ({ outbox, done }) => {
      const at = new Date(Date.now() + 1_000);
      await outbox.order([{ kind: 'recognise', key: 'later', at }]);
      expect((await done('later')).getTime()).toBeGreaterThanOrEqual(at.getTime());
    });
  });

  test('a nudge brings work forward that was put off for an hour', async () => {
    await withWork(redis.url, async ({ outbox, done, queued }) => {
      await outbox.order([{ kind: 'recognise', key: 'hastened', at: new Date(Date.now() + 3_600_000) }]);
      await queued('hastened');
      await outbox.order([{ kind: 'recognise', key: 'hastened' }]);
      await done('hastened');
    });
  });

  test('work that the queue lost is found again in the store', async () => {
    await withWork(redis.url, async ({ outbox, done, queued }) => {
      await outbox.order([{ kind: 'recognise', key: 'lost', at: new Date(Date.now() + 1_500) }]);
      await queued('lost');
      await onRedis(redis.url, (client) => client.flushdb());
      await done('lost');
    });
  });
});

/** A dispatcher with its queue on Redis and its rows in a database of its own; its work only notes the time. */
async function withWork(
  url: string,
  play: (desk: {
    outbox: Outbox;
    /** When the work of this key was done, once it is. */
    done(key: string): Promise<Date>;
    /** Resolves when the queue has the work. */
    queued(key: string): Promise<unknown>;
  }) => Promise<void>,
): Promise<void> {
  const database = await freshDatabase();
  const log = keptLog();
  const pool = createPool(database.url, storeSchema, log);
  const queue = new JobQueue({ redisUrl: url, pool, log, lockMs: 3_000 });
  const now = () => new Date();
  const doneAt = new Map<string, Date>();
  const note: Handler = async ({ key }) => {
    doneAt.set(key, now());
    return { next: 'done' };
  };
  const handlers = Object.fromEntries(Object.keys(concurrency).map((kind) => [kind, note])) as Record<
    WorkKind,
    Handler
  >;
  const outbox = new Outbox(pool, now, () => dispatcher.relay());
  const dispatcher = new Dispatcher({ outbox, queue, handlers, concurrency, now, log, leaseMs: 3_000 });
  dispatcher.start();
  try {
    await play({
      outbox,
      done: (key) => until(`${key} to be done`, () => doneAt.get(key), 30_000),
      queued: (key) =>
        until(`${key} to be queued`, async () => {
          const sql = 'select 1 from outbox where key = $1 and queued_at is not null';
          return (await pool.query(sql, [key])).rowCount === 1;
        }),
    });
  } finally {
    await dispatcher.stop(1_000);
    await queue.close();
    await endPool(pool);
    await database.drop();
  }
}

/** A numbered database of a shared Redis that holds nothing, emptied again at the end. */
async function unusedPartOf(url: string): Promise<{ url: string; close(): Promise<void> }> {
  for (let number = 15; number > 0; number -= 1) {
    const part = new URL(url);
    part.pathname = `/${number}`;
    const found = part.toString();
    if ((await onRedis(found, (client) => client.dbsize())) > 0) continue;
    return { url: found, close: () => onRedis(found, async (client) => void (await client.flushdb())) };
  }
  throw new Error(`Every numbered database of ${url} but the first is in use`);
}
