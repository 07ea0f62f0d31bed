import { describe, expect, test } from 'vitest';
import { Outbox, writeOrders } from '../../../src/adapters/store/outbox.ts';
import { until } from '../../support/until.ts';
import { desk, leaseMs } from './outbox-desk.ts';
import { clock, database } from './stored.ts';

describe('a lease', () => {
  test('gives the work with its payload, to one alone', async () => {
    const { order, attempt, lease } = await desk();
    await order({ payload: { a: 1 } });
    expect(await lease()).toMatchObject({
      kind: 'trigger',
      key: 'k',
      payload: { a: 1 },
      memo: null,
      failures: 0,
    });
    expect(await attempt('b')).toBeNull();
  });

  test('asked for by twenty at once is given to one', async () => {
    const { order, attempt } = await desk();
    await order();
    const leases = await Promise.all(Array.from({ length: 20 }, (_, index) => attempt(`w${index}`)));
    expect(leases.filter((lease) => lease && 'work' in lease)).toHaveLength(1);
  });

  test('that ended is taken over, and the first owner can neither renew nor finish', async () => {
    const { outbox, time, order, lease } = await desk();
    await order();
    const first = await lease('a');
    time.move(leaseMs);
    const second = await lease('b');
    expect(await outbox.renew(first, leaseMs)).toBe(false);
    expect(await outbox.finish(first)).toBeNull();
    expect(await outbox.postpone(first, time.now(), 'x')).toBeNull();
    expect(await outbox.fail(first, 'x', time.now())).toBeNull();
    expect(await outbox.openCounts()).toEqual({ trigger: 1 });
    expect(await outbox.renew(second, leaseMs)).toBe(true);
    expect(await outbox.finish(second)).toBeNull();
    expect(await outbox.openCounts()).toEqual({});
  });

  test('that is renewed lasts', async () => {
    const { outbox, time, order, attempt, lease } = await desk();
    await order();
    const work = await lease();
    time.move(leaseMs - 1);
    expect(await outbox.renew(work, leaseMs)).toBe(true);
    time.move(leaseMs - 1);
    expect(await attempt('b')).toBeNull();
    time.move(1);
    expect(await attempt('b')).not.toBeNull();
  });

  test('is not given before the time, nor for what nobody ordered, nor for what is done', async () => {
    const { outbox, time, order, attempt, lease, later } = await desk();
    expect(await attempt()).toBeNull();
    await order({ at: later(5_000) });
    expect(await attempt()).toEqual({ at: later(5_000) });
    time.move(5_000);
    await outbox.finish(await lease());
    expect(await attempt()).toBeNull();
  });

  test('is not given for an outdated nudge: a newer one has its own job', async () => {
    const { order, attempt } = await desk();
    await order();
    await order({ payload: 'news' });
    expect(await attempt('a', 1)).toBeNull();
    expect(await attempt('a', 2)).not.toBeNull();
  });
});

describe('a nudge', () => {
  test('while the work is in hand keeps it open', async () => {
    const { outbox, order, lease } = await desk();
    await order();
    const work = await lease();
    await order();
    for (const row of await outbox.unqueued(10)) await outbox.markQueued(row);
    await outbox.finish(work);
    expect(await outbox.openCounts()).toEqual({ trigger: 1 });
    // Its job found the row in other hands and went away, so it is handed to the queue again.
    expect(await outbox.unqueued(10)).toHaveLength(1);
    await outbox.finish(await lease());
    expect(await outbox.openCounts()).toEqual({});
  });

  test('while the work is in hand is given a job of its own afterwards: the one it had may be going just then', async () => {
    const { outbox, order, attempt, lease } = await desk();
    await order();
    const work = await lease();
    await order();
    const [before] = await outbox.unqueued(10);
    await outbox.finish(work);
    const [after] = await outbox.unqueued(10);
    expect(after?.wanted).not.toBe(before?.wanted);
    expect(await attempt('late', Number(before?.wanted))).toBeNull();
    expect(await attempt('b', Number(after?.wanted))).not.toBeNull();
    // A job that was added just before is not taken for the one that is needed.
    if (before) await outbox.markQueued(before);
    expect(await outbox.unqueued(10)).toHaveLength(1);
  });

  test('while the work is in hand comes before its postponement', async () => {
    const { outbox, time, order, lease, later } = await desk();
    await order();
    const work = await lease();
    await order();
    expect(await outbox.postpone(work, later(60_000), { note: 1 })).toBeNull();
    expect(await outbox.unqueued(10)).toMatchObject([{ runAt: time.now() }]);
    expect((await lease()).memo).toEqual({ note: 1 });
  });

  test('while the work is in hand comes before its next try', async () => {
    const { outbox, order, lease, later } = await desk();
    await order();
    const work = await lease();
    await order();
    expect(await outbox.fail(work, 'no', later(60_000))).toBeNull();
    expect((await lease()).failures).toBe(1);
  });

  test('brings forward what was put off, and keeps payload and memo', async () => {
    const { outbox, order, lease, later } = await desk();
    await order({ payload: 'p' });
    await outbox.postpone(await lease(), later(60_000), 'm');
    await order();
    expect(await lease()).toMatchObject({ payload: 'p', memo: 'm' });
  });

  test('in a crowd leaves work that comes no later anyway its job, however often', async () => {
    const { outbox, time, order, attempt } = await desk();
    await order();
    await outbox.markQueued(...(await outbox.unqueued(10)));
    for (let n = 0; n < 20; n += 1) {
      time.move(1);
      await order({ crowded: true });
    }
    expect(await outbox.unqueued(10)).toEqual([]);
    expect(await attempt('a', 1)).toMatchObject({ work: { wanted: '1' } });
  });

  test('in a crowd, for later, leaves work that comes sooner at its time, and one for sooner brings it forward', async () => {
    const { outbox, order, lease, later } = await desk();
    await order();
    await outbox.postpone(await lease(), later(5_000), null);
    await order({ crowded: true, at: later(9_000) });
    expect(await outbox.dueAt('trigger', 'k')).toEqual(later(5_000));
    await order({ crowded: true, at: later(1_000) });
    expect(await outbox.dueAt('trigger', 'k')).toEqual(later(1_000));
  });

  test('that changes nothing still waits for whoever takes the work on, who then sees what came with it', async () => {
    const { pool } = await database();
    const [both, time] = [pool(), clock()];
    const outbox = new Outbox(both, time.now, () => undefined);
    await outbox.order([{ kind: 'trigger', key: 'k' }]);
    const client = await both.connect();
    try {
      await client.query('begin');
      await writeOrders(client, [{ kind: 'trigger', key: 'k', crowded: true }], time.now());
      const leased = outbox.lease({ kind: 'trigger', key: 'k', wanted: '1' }, 'a', leaseMs);
      const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await until('the lease waits for the order', async () => (await both.query(waits)).rowCount === 1);
      await client.query('commit');
      expect(await leased).toMatchObject({ work: { wanted: '1' } });
    } finally {
      client.release();
    }
  });

  test('brings its own payload', async () => {
    const { order, lease } = await desk();
    await order({ payload: 'old' });
    await order({ payload: 'new' });
    expect((await lease()).payload).toBe('new');
  });

  test.each([true, false])(
    'of work that is to be done once changes nothing (done before: %s)',
    async (done) => {
      const { outbox, order, lease } = await desk();
      await order({ once: true, payload: 1 });
      if (done) await outbox.finish(await lease());
      await order({ once: true, payload: 2 });
      expect(await outbox.openCounts()).toEqual(done ? {} : { trigger: 1 });
      if (!done) expect((await lease()).payload).toBe(1);
    },
  );

  test('of many at once in any order does not deadlock', async () => {
    const { outbox } = await desk();
    const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
    const orders = keys.map((key) => ({ kind: 'message' as const, key }));
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => outbox.order(index % 2 ? orders : orders.toReversed())),
    );
    expect(await outbox.openCounts()).toEqual({ message: 30 });
  });

  test('tells the relay', async () => {
    const { told, order } = await desk();
    await order();
    expect(told).toEqual(['work']);
  });
});
