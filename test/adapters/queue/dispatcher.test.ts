import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backoffMs, Dispatcher } from '../../../src/adapters/queue/dispatcher.ts';
import { JobQueue } from '../../../src/adapters/queue/job-queue.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { createPool, endPool, storeSchema } from '../../../src/adapters/store/pool.ts';
import type { Handler, Work, WorkKind, WorkOrder } from '../../../src/core/ports.ts';
import { freshDatabase } from '../../support/database.ts';
import { keptLog } from '../../support/log.ts';
import { until } from '../../support/until.ts';

/** The whole suite runs on PostgreSQL, and on Redis where there is one: in CI there must be. */
const given = process.env['REDIS_URL'];
/** A database of Redis that nothing else in this repository uses: it is emptied. */
const redisUrl = given === undefined ? null : new URL('/13', given).toString();
const backends: [name: string, redisUrl: string | null][] = [
  ['PostgreSQL', null],
  ...(redisUrl === null ? [] : [['Redis', redisUrl] as [string, string]]),
];

test.skipIf(redisUrl === null && !process.env['CI'])(
  'Redis is there to run this suite on (REDIS_URL)',
  () => {
    expect(redisUrl).not.toBeNull();
  },
);

const key = (index: number) => `k${index}`;
const orders = (count: number, more: Partial<WorkOrder> = {}): WorkOrder[] =>
  Array.from({ length: count }, (_, index) => ({ kind: 'trigger', key: key(index), ...more }));

/** A store and a queue of one test; `worker` starts a dispatcher that stands for a process. */
async function house(redis: string | null) {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  if (redis) {
    const client = new Redis(redis);
    await client.flushdb();
    client.disconnect();
  }
  const log = keptLog();
  const pool = createPool(url, storeSchema, log, { max: 10 });
  onTestFinished(() => endPool(pool));
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const workers: Dispatcher[] = [];
  const outbox = new Outbox(pool, now, () => {
    for (const worker of workers) worker.relay();
  });
  const worker = (handler: Handler, { leaseMs = 5_000, atOnce = 2 } = {}) => {
    const queuePool = createPool(url, 'bullmq', log, { max: 10 });
    const queue = new JobQueue({ redisUrl: redis, pool: queuePool, log, lockMs: leaseMs });
    // Only one kind of work is ordered here, so only that one has workers.
    const handlers = { trigger: handler } as Record<WorkKind, Handler>;
    const concurrency = { trigger: atOnce } as Record<WorkKind, number>;
    const dispatcher = new Dispatcher({ outbox, queue, handlers, concurrency, now, log, leaseMs });
    dispatcher.start();
    workers.push(dispatcher);
    let stopped: Promise<void> | null = null;
    const stop = (graceMs = 2_000) => {
      stopped ??= dispatcher.stop(graceMs).then(async () => {
        workers.splice(workers.indexOf(dispatcher), 1);
        await queue.close();
        await endPool(queuePool);
      });
      return stopped;
    };
    onTestFinished(() => stop(0));
    return { dispatcher, stop };
  };
  const allDone = () =>
    until('no work is open', async () => Object.keys(await outbox.openCounts()).length === 0);
  const emptyQueue = async () => {
    if (redis) {
      const client = new Redis(redis);
      await client.flushdb();
      client.disconnect();
      return;
    }
    const { rows } = await pool.query<{ name: string }>(
      "select quote_ident(table_name) as name from information_schema.columns where table_schema = 'bullmq' and table_name like '%job%' and column_name = 'id'",
    );
    for (const { name } of rows) await pool.query(`truncate bullmq.${name} cascade`);
  };
  const hurry = (ms: number) => {
    ahead += ms;
  };
  return { pool, outbox, log, worker, allDone, emptyQueue, hurry };
}

/** A handler that keeps what it was given. */
function keeping(handle: (work: Work, signal: AbortSignal) => ReturnType<Handler>) {
  const seen: Work[] = [];
  const handler: Handler = (work, signal) => {
    seen.push(work);
    return handle(work, signal);
  };
  return { seen, handler };
}

/** A handler’s long wait, which it leaves when it is told to. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });

describe.each(backends)('work on %s', (_, redis) => {
  test('that is ordered is done once, with its payload', async () => {
    const { outbox, worker, allDone } = await house(redis);
    const { seen, handler } = keeping(async () => ({ next: 'done' }));
    worker(handler);
    await outbox.order([{ kind: 'trigger', key: 'k', payload: { a: 1 } }]);
    await allDone();
    expect(seen).toMatchObject([{ kind: 'trigger', key: 'k', payload: { a: 1 }, memo: null, failures: 0 }]);
  });

  test('that was ordered before anyone worked is found at the start', async () => {
    const { outbox, worker, allDone } = await house(redis);
    await outbox.order(orders(3));
    const { seen, handler } = keeping(async () => ({ next: 'done' }));
    worker(handler);
    await allDone();
    expect(seen.map((work) => work.key).sort()).toEqual(orders(3).map((order) => order.key));
  });

  test('that asks to be taken up again is, with its memo', async () => {
    const { outbox, worker, allDone } = await house(redis);
    const { seen, handler } = keeping(async ({ memo }) => {
      const round = Number(memo ?? 0);
      return round < 3 ? { next: 'again', at: new Date(), memo: round + 1 } : { next: 'done' };
    });
    worker(handler);
    await outbox.order(orders(1));
    await allDone();
    expect(seen.map(({ memo }) => memo)).toEqual([null, 1, 2, 3]);
  });

  test('that fails stays open and is tried again', async () => {
    const { outbox, worker, allDone, log } = await house(redis);
    const { seen, handler } = keeping(async ({ failures }) => {
      if (failures < 1) throw new Error('GitLab is asleep');
      return { next: 'done' };
    });
    worker(handler);
    await outbox.order(orders(1));
    await until('the failure is noted', () =>
      log.lines.find(({ message }) => message.startsWith('Work failed')),
    );
    expect(await outbox.openCounts()).toEqual({ trigger: 1 });
    await allDone();
    expect(seen.map(({ failures }) => failures)).toEqual([0, 1]);
  });

  test('of fifty pieces and two processes is done once each', async () => {
    const { outbox, worker, allDone } = await house(redis);
    const { seen, handler } = keeping(async () => ({ next: 'done' }));
    worker(handler, { atOnce: 5 });
    worker(handler, { atOnce: 5 });
    await outbox.order(orders(50));
    await allDone();
    expect(seen.map((work) => work.key).sort()).toEqual(
      orders(50)
        .map((order) => order.key)
        .sort(),
    );
  });

  test('that the queue lost is found again in the store', async () => {
    const { outbox, worker, allDone, emptyQueue, hurry } = await house(redis);
    const { seen, handler } = keeping(async () => ({ next: 'done' }));
    const { dispatcher } = worker(handler);
    await outbox.order(orders(5, { at: new Date(Date.now() + 3_600_000) }));
    await until('the queue has all', async () => (await outbox.unqueued(10)).length === 0);
    await emptyQueue();
    expect(seen).toEqual([]);
    hurry(3_600_000 + 60_000);
    dispatcher.relay();
    await allDone();
    expect(seen.map((work) => work.key).sort()).toEqual(orders(5).map((order) => order.key));
  });

  test('that waits for its time is brought forward by a nudge', async () => {
    const { outbox, worker, allDone } = await house(redis);
    const { seen, handler } = keeping(async () => ({ next: 'done' }));
    worker(handler);
    await outbox.order(orders(1, { at: new Date(Date.now() + 3_600_000) }));
    await until('the queue has it', async () => (await outbox.unqueued(10)).length === 0);
    expect(seen).toEqual([]);
    await outbox.order(orders(1));
    await allDone();
    expect(seen).toHaveLength(1);
  });

  test('that is nudged while it is in hand is done once more', async () => {
    const { outbox, worker, allDone } = await house(redis);
    const gate = Promise.withResolvers<void>();
    const { seen, handler } = keeping(async () => {
      await gate.promise;
      return { next: 'done' };
    });
    worker(handler);
    await outbox.order(orders(1));
    await until('it is in hand', () => seen.length === 1);
    await outbox.order(orders(1));
    gate.resolve();
    await allDone();
    expect(seen).toHaveLength(2);
  });

  test('whose lease is lost is told to leave, and cannot undo what the other does', async () => {
    const { pool, outbox, worker } = await house(redis);
    const left = Promise.withResolvers<unknown>();
    const { seen, handler } = keeping(async (_work, signal) => {
      await untilAborted(signal).catch((reason: unknown) => left.resolve(reason));
      return { next: 'done' };
    });
    const { stop } = worker(handler, { leaseMs: 300 });
    await outbox.order(orders(1));
    await until('it is in hand', () => seen.length === 1);
    await pool.query("update outbox set lease_owner = 'another', lease_until = now() + interval '1 hour'");
    expect(await left.promise).toMatchObject({ message: 'Another worker has this work' });
    await stop();
    expect(await outbox.openCounts()).toEqual({ trigger: 1 });
    const { rows } = await pool.query('select lease_owner, failures from outbox');
    expect(rows).toEqual([{ lease_owner: 'another', failures: 0 }]);
  });

  test('that takes longer than its lease keeps it', async () => {
    const { pool, outbox, worker, allDone } = await house(redis);
    const gate = Promise.withResolvers<void>();
    const { seen, handler } = keeping(async () => {
      await gate.promise;
      return { next: 'done' };
    });
    const leaseUntil = async () =>
      (await pool.query<{ lease_until: Date }>('select lease_until from outbox')).rows[0]?.lease_until;
    worker(handler, { leaseMs: 300 });
    worker(handler, { leaseMs: 300 });
    await outbox.order(orders(1));
    const first = await until('it is leased', leaseUntil);
    await until(
      'it was renewed past its first end',
      async () => ((await leaseUntil()) ?? 0) > new Date(first.getTime() + 400),
    );
    gate.resolve();
    await allDone();
    expect(seen).toHaveLength(1);
  });
});

describe.each(backends)('a stop on %s', (_, redis) => {
  test('lets what is in hand finish, and takes nothing new', async () => {
    const { outbox, worker, log } = await house(redis);
    const gate = Promise.withResolvers<void>();
    const { seen, handler } = keeping(async () => {
      await gate.promise;
      return { next: 'done' };
    });
    const { stop } = worker(handler, { atOnce: 1 });
    await outbox.order(orders(4));
    await until('one is in hand', () => seen.length === 1);
    const stopped = stop(30_000);
    gate.resolve();
    await stopped;
    expect(seen.length).toBeLessThan(4);
    expect(await outbox.openCounts()).toEqual({ trigger: 4 - seen.length });
    expect(log.lines.filter(({ message }) => message.startsWith('Work failed'))).toEqual([]);
  });

  test('gives back what does not finish in time, for another process to do', async () => {
    const { pool, outbox, worker, allDone } = await house(redis);
    const first = keeping((_work, signal) => untilAborted(signal));
    const { stop } = worker(first.handler, { atOnce: 2 });
    await outbox.order(orders(5));
    await until('two are in hand', () => first.seen.length === 2);
    await stop(0);
    expect(await outbox.openCounts()).toEqual({ trigger: 5 });
    const { rows } = await pool.query('select 1 from outbox where lease_until is not null');
    expect(rows).toEqual([]);
    const second = keeping(async () => ({ next: 'done' }));
    worker(second.handler, { atOnce: 5 });
    await allDone();
    expect(second.seen.map((work) => work.key).sort()).toEqual(orders(5).map((order) => order.key));
  });
});

test.each([
  [0, 500],
  [1, 1_000],
  [2, 2_000],
  [5, 16_000],
  [6, 30_000],
  [10, 30_000],
  [1_000_000, 30_000],
])('after %i failures the next try comes in %i ms', (failures, ms) => {
  expect(backoffMs(failures)).toBe(ms);
});
