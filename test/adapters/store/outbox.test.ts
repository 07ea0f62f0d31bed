import { describe, expect, test } from 'vitest';
import { type LeasedWork, Outbox, writeOrders } from '../../../src/adapters/store/outbox.ts';
import { until } from '../../support/until.ts';
import { clock, database } from './stored.ts';

const leaseMs = 10_000;

async function desk() {
  const { pool } = await database();
  const [both, time] = [pool(), clock()];
  const told: string[] = [];
  const outbox = new Outbox(both, time.now, () => told.push('work'));
  const order = (more: { once?: boolean; crowded?: boolean; payload?: unknown; at?: Date } = {}) =>
    outbox.order([{ kind: 'trigger', key: 'k', ...more }]);
  const newest = async (): Promise<string> => {
    const { rows } = await both.query<{ wanted: string }>(`select wanted from outbox where kind = 'trigger'`);
    return rows[0]?.wanted ?? '1';
  };
  /** Tries to take on the newest nudge, or the one given. */
  const attempt = async (owner = 'a', nudge?: number) =>
    outbox.lease({ kind: 'trigger', key: 'k', wanted: String(nudge ?? (await newest())) }, owner, leaseMs);
  const lease = async (owner = 'a'): Promise<LeasedWork> => {
    const leased = await attempt(owner);
    if (!leased || 'at' in leased) throw new Error(`not leased: ${JSON.stringify(leased)}`);
    return leased.work;
  };
  const later = (ms: number) => new Date(time.now().getTime() + ms);
  return { outbox, time, told, order, attempt, lease, later };
}

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

describe('work that', () => {
  test('is open says when it goes on; what is done or unknown does not', async () => {
    const { outbox, order, lease, later } = await desk();
    expect(await outbox.dueAt('trigger', 'k')).toBeNull();
    await order({ at: later(0) });
    await outbox.postpone(await lease(), later(7_000), null);
    expect(await outbox.dueAt('trigger', 'k')).toEqual(later(7_000));
    await order();
    await outbox.finish(await lease());
    expect(await outbox.dueAt('trigger', 'k')).toBeNull();
  });

  test('is postponed comes back with its memo, and forgets its failures', async () => {
    const { outbox, time, order, lease, later } = await desk();
    await order();
    await outbox.fail(await lease(), 'no', time.now());
    const again = await lease();
    expect(again.failures).toBe(1);
    expect(await outbox.postpone(again, later(1_000), { request: 2 })).toEqual(later(1_000));
    time.move(1_000);
    expect(await lease()).toMatchObject({ memo: { request: 2 }, failures: 0 });
  });

  test('fails stays open however often, with its memo', async () => {
    const { outbox, time, order, lease, later } = await desk();
    await order();
    await outbox.postpone(await lease(), time.now(), 'm');
    for (let failures = 0; failures < 30; failures += 1) {
      const work = await lease();
      expect(work).toMatchObject({ failures, memo: 'm' });
      expect(await outbox.fail(work, 'no', later(100))).toEqual(later(100));
      time.move(100);
    }
    expect(await outbox.openCounts()).toEqual({ trigger: 1 });
  });

  test('is done forgets its memo', async () => {
    const { outbox, time, order, lease } = await desk();
    await order();
    await outbox.postpone(await lease(), time.now(), 'm');
    await outbox.finish(await lease());
    await order();
    expect((await lease()).memo).toBeNull();
  });

  test('the queue does not have is told, the oldest first, until it is noted', async () => {
    const { outbox, order, later } = await desk();
    await outbox.order([{ kind: 'message', key: 'm', at: later(5) }]);
    await order();
    const rows = await outbox.unqueued(10);
    expect(rows.map(({ key }) => key)).toEqual(['k', 'm']);
    expect(await outbox.unqueued(1)).toHaveLength(1);
    for (const row of rows) await outbox.markQueued(row);
    expect(await outbox.unqueued(10)).toEqual([]);
    await order({ payload: 'news' });
    expect((await outbox.unqueued(10)).map(({ key }) => key)).toEqual(['k']);
  });

  test('was nudged after it was read is not noted as queued', async () => {
    const { outbox, time, order } = await desk();
    await order();
    const [row] = await outbox.unqueued(10);
    time.move(1);
    await order({ payload: 'news' });
    if (row) await outbox.markQueued(row);
    expect(await outbox.unqueued(10)).toHaveLength(1);
  });

  test('is late and in nobody’s hands is overdue', async () => {
    const { outbox, time, order, lease } = await desk();
    const overdue = async () => (await outbox.overdue(new Date(time.now().getTime() - 5_000), 10)).length;
    await order();
    expect(await overdue()).toBe(0);
    time.move(5_001);
    expect(await overdue()).toBe(1);
    const work = await lease();
    expect(await overdue()).toBe(0);
    time.move(leaseMs + 5_001);
    expect(await overdue()).toBe(1);
    await outbox.finish(work);
    expect(await overdue()).toBe(0);
  });

  test('is overdue behind no line of another kind', async () => {
    const { outbox, time, order } = await desk();
    const line = Array.from({ length: 3 }, (_, i) => ({ kind: 'message' as const, key: `m${i}` }));
    await outbox.order(line);
    time.move(1);
    await order();
    time.move(5_001);
    const overdue = await outbox.overdue(new Date(time.now().getTime() - 5_000), 2);
    expect(overdue.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
      'message m0',
      'message m1',
      'trigger k',
    ]);
  });

  test('is finished is swept after its time, open work never', async () => {
    const { outbox, time, order, lease } = await desk();
    await order({ once: true });
    await outbox.finish(await lease());
    await outbox.order([{ kind: 'message', key: 'open' }]);
    await outbox.sweep(time.now());
    await order({ once: true });
    expect(await outbox.openCounts()).toEqual({ message: 1 });
    time.move(1);
    await outbox.sweep(time.now());
    await order({ once: true });
    expect(await outbox.openCounts()).toEqual({ message: 1, trigger: 1 });
  });
});
