import { describe, expect, test } from 'vitest';
import { type LeasedWork, Outbox } from '../../../src/adapters/store/outbox.ts';
import { clock, database } from './stored.ts';

const row = { kind: 'message', key: 'm' } as const;

async function desk() {
  const { pool } = await database();
  const time = clock();
  const outbox = new Outbox(pool(), time.now, () => {});
  const ask = () => outbox.order([{ ...row, patient: true }]);
  const lease = async (wanted: number): Promise<LeasedWork> => {
    const leased = await outbox.lease({ ...row, wanted: String(wanted) }, 'a', 10_000);
    if (!leased || 'at' in leased) throw new Error(`not leased: ${JSON.stringify(leased)}`);
    return leased.work;
  };
  const later = (ms: number) => new Date(time.now().getTime() + ms);
  return { outbox, time, ask, lease, later };
}

describe('a patient order', () => {
  test('opens work that is not known', async () => {
    const { outbox, ask } = await desk();
    await ask();
    expect(await outbox.unqueued(10)).toMatchObject([{ ...row, wanted: '1' }]);
  });

  test('leaves work that is still to come at its time, with its job', async () => {
    const { outbox, time, ask, lease, later } = await desk();
    await ask();
    await outbox.markQueued(...(await outbox.unqueued(10)));
    await outbox.postpone(await lease(1), later(5_000), { slot: 1 });
    await ask();
    expect(await outbox.unqueued(10)).toEqual([]);
    time.move(5_000);
    expect((await lease(1)).memo).toEqual({ slot: 1 });
  });

  test('keeps work open that is in hand: it may have looked before this', async () => {
    const { outbox, ask, lease } = await desk();
    await ask();
    const work = await lease(1);
    await ask();
    await outbox.finish(work);
    expect(await outbox.unqueued(10)).toMatchObject([{ ...row, wanted: '3' }]);
  });

  test('opens work again that was done', async () => {
    const { outbox, ask, lease } = await desk();
    await ask();
    await outbox.finish(await lease(1));
    await ask();
    expect(await outbox.openCounts()).toEqual({ message: 1 });
  });

  test('brings work forward that failed', async () => {
    const { outbox, ask, lease, later } = await desk();
    await ask();
    await outbox.fail(await lease(1), 'no', later(30_000));
    await ask();
    expect((await lease(2)).failures).toBe(0);
  });
});

test('orders of every way for the same and other rows go together in one transaction', async () => {
  const { outbox } = await desk();
  await outbox.order([
    { ...row, patient: true },
    { kind: 'follow', key: 'f' },
    { kind: 'follow', key: 'f' },
  ]);
  await outbox.order([
    { kind: 'recognise', key: 'r', payload: { a: 1 }, once: true },
    { ...row, patient: true },
    { kind: 'follow', key: 'f', payload: { b: 2 } },
  ]);
  const rows = await outbox.unqueued(10);
  expect(rows.map(({ kind, wanted }) => `${kind} ${wanted}`).sort()).toEqual([
    'follow 3',
    'message 1',
    'recognise 1',
  ]);
});
