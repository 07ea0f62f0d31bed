import { describe, expect, test } from 'vitest';
import { desk, leaseMs } from './outbox-desk.ts';

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
