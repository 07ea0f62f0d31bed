import { describe, expect, test } from 'vitest';
import { StoreDeliveries } from '../../../src/adapters/store/deliveries.ts';
import { StorePace } from '../../../src/adapters/store/pace.ts';
import { clock, database } from './stored.ts';

async function paces(count: number) {
  const { pool } = await database();
  const time = clock();
  const all = Array.from({ length: count }, () => new StorePace(pool(), time.now));
  const [pace] = all;
  if (!pace) throw new Error('no pace');
  const ms = (at: Date) => at.getTime() - Date.parse('2026-11-20T10:00:00.000Z');
  return { pace, all, time, ms, later: (add: number) => new Date(time.now().getTime() + add) };
}

describe('the pace', () => {
  test('lets the first go at once and the next a space later', async () => {
    const { pace, ms } = await paces(1);
    expect(ms(await pace.reserve('line', 3_000))).toBe(0);
    expect(ms(await pace.reserve('line', 3_000))).toBe(3_000);
  });

  test('of 100 at once in two processes is exactly even, none twice', async () => {
    const { all, ms } = await paces(2);
    const slots = await Promise.all(
      Array.from({ length: 100 }, (_, index) => all[index % 2]?.reserve('line', 3_000)),
    );
    const sorted = slots.map((slot) => (slot ? ms(slot) : -1)).sort((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: 100 }, (_, index) => index * 3_000));
  });

  test('of 20 in a minute never lets more than 20 into any minute', async () => {
    const { pace, time, ms } = await paces(1);
    const slots: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      slots.push(ms(await pace.reserve('line', 3_000)));
      time.move(index % 7 === 0 ? 11_000 : 500);
    }
    for (const from of slots)
      expect(slots.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(20);
  });

  test('does not save up what nobody used', async () => {
    const { pace, time, ms } = await paces(1);
    await pace.reserve('line', 3_000);
    time.move(60_000);
    expect(ms(await pace.reserve('line', 3_000))).toBe(60_000);
    expect(ms(await pace.reserve('line', 3_000))).toBe(63_000);
  });

  test('of one line leaves another alone', async () => {
    const { pace, ms } = await paces(1);
    await pace.reserve('line', 3_000);
    expect(ms(await pace.reserve('other', 3_000))).toBe(0);
  });

  test('holds a line until the other side’s time, before anyone used it too', async () => {
    const { pace, later, ms } = await paces(1);
    await pace.holdUntil('line', later(10_000));
    expect(ms(await pace.reserve('line', 3_000))).toBe(10_000);
    expect(ms(await pace.reserve('line', 3_000))).toBe(13_000);
  });

  test('is never shortened by a hold', async () => {
    const { pace, later, ms } = await paces(1);
    await pace.holdUntil('line', later(10_000));
    await pace.holdUntil('line', later(1_000));
    expect(ms(await pace.reserve('line', 3_000))).toBe(10_000);
  });

  test('of a line whose spacing is no whole number of ms keeps its average', async () => {
    const { pace, ms } = await paces(1);
    let last = 0;
    for (let index = 0; index < 8; index += 1) last = ms(await pace.reserve('line', 60_000 / 7));
    expect(Math.abs(last - 60_000)).toBeLessThanOrEqual(1);
  });
});

describe('a delivery', () => {
  const intended = { channel: 'C0', ts: null, digest: null, intendedAt: clock().now(), writtenAt: null };
  const done = { channel: 'C0', ts: '1.000001', digest: 'd', intendedAt: null, writtenAt: clock().now() };

  async function desks() {
    const { pool } = await database();
    return { here: new StoreDeliveries(pool()), there: new StoreDeliveries(pool()) };
  }

  test('is unknown before, and then what was last put', async () => {
    const { here, there } = await desks();
    expect(await here.get('k')).toBeNull();
    expect(await here.put('k', intended, null)).toBe(true);
    expect(await there.get('k')).toEqual(intended);
    expect(await there.put('k', done, intended)).toBe(true);
    expect(await here.get('k')).toEqual(done);
    expect(await here.get('K')).toBeNull();
  });

  test('that somebody else set out to post, or posted, stays theirs', async () => {
    const { here, there } = await desks();
    await here.put('k', intended, null);
    const later = { ...intended, intendedAt: new Date(intended.intendedAt.getTime() + 1) };
    expect(await there.put('k', later, null)).toBe(false);
    expect(await there.put('k', later, { ...intended, ts: '9.9' })).toBe(false);
    await here.put('k', done, intended);
    expect(await there.put('k', later, intended)).toBe(false);
    expect(await there.get('k')).toEqual(done);
  });

  test('that twenty set out to post at once belongs to one', async () => {
    const { here, there } = await desks();
    const attempts = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? here : there).put(
        'k',
        { ...intended, intendedAt: new Date(intended.intendedAt.getTime() + index) },
        null,
      ),
    );
    expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
  });
});
