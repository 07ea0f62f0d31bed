import { describe, expect, test } from 'vitest';
import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { verifyChain } from '../../../src/adapters/store/hash-chain.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { ClaimRefused } from '../../../src/core/ports.ts';
import { clock, database, noted, notes } from './stored.ts';

async function stores(count = 1) {
  const { pool } = await database();
  const time = clock();
  const told: number[] = [];
  const pools = Array.from({ length: count }, () => pool());
  const all = pools.map((one) => new EventStore(one, time.now, () => told.push(told.length)));
  const [store, ...others] = all;
  const [first] = pools;
  if (!store || !first) throw new Error('no store');
  return { store, others, pool: first, time, told, outbox: new Outbox(first, time.now, () => undefined) };
}

const note =
  (text: string, more: object = {}) =>
  () => ({ events: [noted(text)], actor: 'U0RITA', ...more });

async function chainOf(store: EventStore, stream: string) {
  const events = await store.history(stream);
  return verifyChain(
    events.map((event) => ({ ...event, stream })),
    await store.head(stream),
  );
}

describe('a stream', () => {
  test('that nobody wrote to is empty', async () => {
    const { store } = await stores();
    expect(await store.read(notes, 'n')).toEqual({ state: null, seq: 0 });
    expect(await store.history('notes/n')).toEqual([]);
    expect(await store.head('notes/n')).toEqual({ seq: 0, hash: '0'.repeat(64) });
  });

  test('keeps what was appended, in order, with who and when', async () => {
    const { store, time } = await stores();
    await store.change(notes, 'n', note('a'));
    time.move(1_000);
    const after = await store.change(notes, 'n', () => ({
      events: [noted('b'), noted('c')],
      actor: 'gonogo',
    }));
    expect(after).toEqual({ state: ['a', 'b', 'c'], seq: 3 });
    expect(await store.read(notes, 'n')).toEqual(after);
    expect(await store.history('notes/n')).toMatchObject([
      { seq: 1, type: 'Noted', data: { note: 'a' }, actor: 'U0RITA', at: '2026-11-20T10:00:00.000Z' },
      { seq: 2, data: { note: 'b' }, actor: 'gonogo', at: '2026-11-20T10:00:01.000Z' },
      { seq: 3, data: { note: 'c' } },
    ]);
  });

  test('is not touched by a decision of null', async () => {
    const { store, told } = await stores();
    expect(await store.change(notes, 'n', () => null)).toEqual({ state: null, seq: 0 });
    expect(await store.latest('notes', 10)).toEqual([]);
    expect(told).toEqual([]);
  });

  test('loses nothing under 50 changes at once, and each decides on the state as it is then', async () => {
    const { store, others } = await stores(2);
    const everyone = [store, ...others];
    const seen: number[] = [];
    const changes = Array.from({ length: 50 }, (_, index) =>
      (everyone[index % 2] ?? store).change(notes, 'n', ({ state, seq }) => {
        expect(state ?? []).toHaveLength(seq);
        seen.push(seq);
        return { events: [noted(String(index))], actor: 'x' };
      }),
    );
    await Promise.all(changes);
    const { state, seq } = await store.read(notes, 'n');
    expect(seq).toBe(50);
    expect(state?.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(await chainOf(store, 'notes/n')).toBeNull();
  });

  test('is seen by another process as soon as it is written', async () => {
    const { store, others } = await stores(2);
    const [other] = others;
    await store.change(notes, 'n', note('a'));
    expect(await other?.read(notes, 'n')).toEqual({ state: ['a'], seq: 1 });
    await other?.change(notes, 'n', note('b'));
    await store.change(notes, 'n', ({ state }) => ({
      events: [noted(`after ${state?.at(-1)}`)],
      actor: 'x',
    }));
    expect(await other?.read(notes, 'n')).toEqual({ state: ['a', 'b', 'after b'], seq: 3 });
  });

  test.each(['a decision', 'a claim', 'an event'])(
    'keeps no trace of %s that fails, in memory neither',
    async (what) => {
      const { store, outbox } = await stores();
      await store.change(notes, 'other', note('x', { claim: ['web'] }));
      await store.change(notes, 'n', note('a'));
      const failing = {
        'a decision': () => {
          throw new Error('no');
        },
        'a claim': note('b', { claim: ['web'], work: [{ kind: 'trigger', key: 'k' }] }),
        'an event': () => ({
          events: [noted('b'), { ...noted('c'), type: null as unknown as 'Noted' }],
          actor: 'x',
          claim: ['core'],
          work: [{ kind: 'trigger' as const, key: 'k' }],
        }),
      }[what];
      if (!failing) throw new Error('no such case');
      await expect(store.change(notes, 'n', failing)).rejects.toThrow();
      expect(await store.read(notes, 'n')).toEqual({ state: ['a'], seq: 1 });
      expect(await outbox.openCounts()).toEqual({});
      expect(await store.holderOf('core')).toBeNull();
      expect(await store.change(notes, 'n', note('d'))).toEqual({ state: ['a', 'd'], seq: 2 });
      expect(await chainOf(store, 'notes/n')).toBeNull();
    },
  );

  test('that holds an event nobody knows is an error and no guess', async () => {
    const { store, others } = await stores(2);
    await store.change(notes, 'n', () => ({
      events: [{ ...noted('a'), type: 'Odd' as 'Noted' }],
      actor: 'x',
    }));
    await expect(others[0]?.read(notes, 'n')).rejects.toThrow('no event "Odd"');
    await expect(others[0]?.change(notes, 'n', note('b'))).rejects.toThrow('no event "Odd"');
  });

  test('that changed last comes first', async () => {
    const { store, time } = await stores();
    for (const id of ['a', 'b', 'c', 'a']) {
      time.move(1);
      await store.change(notes, id, note('x'));
    }
    await store.change({ ...notes, name: 'other' }, 'z', note('x'));
    expect(await store.latest('notes', 10)).toEqual(['a', 'c', 'b']);
    expect(await store.latest('notes', 2)).toEqual(['a', 'c']);
  });

  test('tells the relay only after a commit that ordered work', async () => {
    const { store, told, outbox } = await stores();
    await store.change(notes, 'n', note('a'));
    expect(told).toHaveLength(0);
    await store.change(notes, 'n', note('b', { work: [{ kind: 'trigger', key: 'k' }] }));
    expect(told).toHaveLength(1);
    expect(await outbox.openCounts()).toEqual({ trigger: 1 });
  });
});

describe('a claim', () => {
  test('is refused while another stream has it, with all that are held', async () => {
    const { store } = await stores();
    await store.change(notes, 'first', note('a', { claim: ['web', 'core', 'api'] }));
    const second = store.change(notes, 'second', note('b', { claim: ['core', 'web', 'free'] }));
    await expect(second).rejects.toThrow(ClaimRefused);
    await expect(second).rejects.toMatchObject({
      held: [
        { project: 'core', stream: 'notes/first' },
        { project: 'web', stream: 'notes/first' },
      ],
    });
    expect(await store.holderOf('free')).toBeNull();
  });

  test('that is let go can be taken, and only its holder can let it go', async () => {
    const { store } = await stores();
    await store.change(notes, 'first', note('a', { claim: ['web'] }));
    await store.change(notes, 'second', note('b', { release: ['web'] }));
    expect(await store.holderOf('web')).toBe('notes/first');
    await store.change(notes, 'first', note('c', { release: ['web'] }));
    expect(await store.holderOf('web')).toBeNull();
    await store.change(notes, 'second', note('d', { claim: ['web'] }));
    expect(await store.holderOf('web')).toBe('notes/second');
  });

  test('of what one has already is no fault', async () => {
    const { store } = await stores();
    await store.change(notes, 'n', note('a', { claim: ['web'] }));
    expect(await store.change(notes, 'n', note('b', { claim: ['web'] }))).toMatchObject({ seq: 2 });
  });

  test('where it is free takes the free ones and is never refused', async () => {
    const { store } = await stores();
    await store.change(notes, 'first', note('a', { claim: ['web'] }));
    await store.change(notes, 'second', note('b', { claimIfFree: ['web', 'core'] }));
    expect(await store.holderOf('web')).toBe('notes/first');
    expect(await store.holderOf('core')).toBe('notes/second');
  });

  test('of the same projects by twenty at once is won by one, and nobody waits for ever', async () => {
    const { store, others } = await stores(2);
    const everyone = [store, ...others];
    const projects = ['a', 'b', 'c', 'd', 'e'];
    const attempts = Array.from({ length: 20 }, (_, index) =>
      (everyone[index % 2] ?? store).change(
        notes,
        `n${index}`,
        note('x', { claim: index % 2 === 0 ? projects : projects.toReversed() }),
      ),
    );
    const ended = await Promise.allSettled(attempts);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const end of ended) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(ClaimRefused);
    expect(new Set(await Promise.all(projects.map((project) => store.holderOf(project)))).size).toBe(1);
  });
});

describe('an event', () => {
  test.each(["update event set actor = 'someone'", 'delete from event', 'truncate event'])(
    'cannot be changed afterwards: %s',
    async (sql) => {
      const { store, pool } = await stores();
      await store.change(notes, 'n', note('a'));
      await expect(pool.query(sql)).rejects.toThrow('events are append-only');
      expect(await store.history('notes/n')).toHaveLength(1);
    },
  );

  test.each<[string, string, string]>([
    ['changed data', `update event set data = '{"note":"z"}' where seq = 2`, 'event 2 was changed'],
    ['a changed actor', "update event set actor = 'U0EVIL' where seq = 2", 'event 2 was changed'],
    ['a changed type', "update event set type = 'Other' where seq = 2", 'event 2 was changed'],
    ['a changed time', "update event set at = at + interval '1 ms' where seq = 2", 'event 2 was changed'],
    ['a changed hash', "update event set hash = repeat('f', 64) where seq = 2", 'event 2 was changed'],
    ['a removed first event', 'delete from event where seq = 1', 'event 1 is missing'],
    ['a removed event', 'delete from event where seq = 2', 'event 2 is missing'],
    ['a cut-off end', 'delete from event where seq = 3', 'events after 2 are missing'],
    ['all removed', 'delete from event', 'events after 0 are missing'],
    [
      'an inserted event at the end',
      `insert into event select stream, 4, type, data, actor, at, hash, repeat('a', 64) from event where seq = 3`,
      'event 4 was changed',
    ],
    [
      'a removed event with the rest moved up',
      'delete from event where seq = 2; update event set seq = 2 where seq = 3',
      'event 2 does not follow',
    ],
    [
      'events that changed places',
      'update event set seq = 9 where seq = 1; update event set seq = 1 where seq = 2; update event set seq = 2 where seq = 9',
      'event 1 does not follow',
    ],
    [
      'an event of another stream',
      `update event e set data = o.data, hash = o.hash, prev_hash = o.prev_hash from event o where o.stream = 'notes/other' and o.seq = e.seq and e.seq = 1 and e.stream = 'notes/n'`,
      'event 1 was changed',
    ],
  ])('chain shows %s (F4)', async (_, sql, found) => {
    const { store, pool } = await stores();
    for (const text of ['a', 'b', 'c']) await store.change(notes, 'n', note(text));
    await store.change(notes, 'other', note('other'));
    expect(await chainOf(store, 'notes/n')).toBeNull();
    await pool.query(
      `alter table event disable trigger user; ${sql.replaceAll(' where seq', " where stream = 'notes/n' and seq")}`,
    );
    expect((await chainOf(store, 'notes/n'))?.what).toContain(found);
  });

  test('chain does not depend on the order of keys, which PostgreSQL does not keep', async () => {
    const { store } = await stores();
    const data = { note: 'ä "x" \\ 🎉', zz: 1.5, a: { long: true, b: [] } };
    await store.change(notes, 'n', () => ({ events: [{ type: 'Noted', data } as never], actor: 'x' }));
    expect((await store.history('notes/n'))[0]?.data).toEqual(data);
    expect(await chainOf(store, 'notes/n')).toBeNull();
  });
});
