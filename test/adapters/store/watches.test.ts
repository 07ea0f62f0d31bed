import { describe, expect, test } from 'vitest';
import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { StoreWatches } from '../../../src/adapters/store/watches.ts';
import type { Change } from '../../../src/core/ports.ts';
import type { RolloutSubject, WatchKey } from '../../../src/core/rollout/watch.ts';
import { clock, database, type Noted, noted, notes } from './stored.ts';

const ireland = '-/eu-west-1';

function subjectOf(change: Partial<RolloutSubject['place']> = {}): RolloutSubject {
  return {
    place: { account: null, region: 'eu-west-1', cluster: 'main', service: 'core', ...change },
    expected: {
      commit: 'c'.repeat(40),
      taskDefinition: null,
      digest: null,
      appliedAt: '2026-11-20T09:59:00.000Z',
      before: null,
    },
    rules: {
      soakSeconds: 30,
      deadlineSeconds: 600,
      emptyPasses: false,
      imageTag: '{commit}',
      logs: null,
      migration: null,
    },
    watchedSince: '2026-11-20T10:00:00.000Z',
  };
}

const keyOf = (promotion: string, run = 1): WatchKey => ({ promotion, region: 'eu-west-1', run });

async function watching() {
  const pool = (await database()).pool();
  const time = clock();
  const store = new EventStore(pool, time.now, () => undefined);
  const watches = new StoreWatches(pool);
  const change = (more: Partial<Change<Noted>>) =>
    store.change(notes, 'n', () => ({ events: [noted('x')], actor: 'gonogo', ...more }));
  const watch = (key: WatchKey, subject = subjectOf()) =>
    change({ watch: [{ key, subject, at: time.now() }] });
  return { pool, store, watches, time, change, watch };
}

describe('a watch', () => {
  test('is due from the change that opens it, with its subject and no memo', async () => {
    const { watches, watch, time } = await watching();
    await watch(keyOf('core.a'));
    expect(await watches.due(ireland, time.now())).toEqual([
      { ...keyOf('core.a'), subject: subjectOf(), dueAt: time.now(), memo: null },
    ]);
    expect(await watches.groups()).toEqual([ireland]);
  });

  test('is not there when the change that opens it fails', async () => {
    const { store, watches, time } = await watching();
    const opened = store.change(notes, 'n', () => ({
      events: [noted('x'), { type: 'Noted', data: { note: '\0' } }],
      actor: 'gonogo',
      watch: [{ key: keyOf('core.a'), subject: subjectOf(), at: time.now() }],
    }));
    await expect(opened).rejects.toThrow();
    expect(await watches.groups()).toEqual([]);
  });

  test('goes with the change that closes it, and a note that comes later does not bring it back', async () => {
    const { watches, watch, change, time } = await watching();
    await watch(keyOf('core.a'));
    await watch(keyOf('core.a', 2));
    await change({ unwatch: [keyOf('core.a')] });
    await watches.note([{ key: keyOf('core.a'), dueAt: time.now(), memo: 'late' }]);
    expect((await watches.due(ireland, time.now())).map(({ run }) => run)).toEqual([2]);
  });

  test('that is opened again is due again, for the new subject, and keeps its memo', async () => {
    const { watches, watch, time } = await watching();
    await watch(keyOf('core.a'));
    await watches.note([{ key: keyOf('core.a'), dueAt: new Date('2026-11-20T11:00:00Z'), memo: { n: 7 } }]);
    expect(await watches.due(ireland, time.now())).toEqual([]);
    time.move(1_000);
    await watch(keyOf('core.a'), subjectOf({ service: 'web' }));
    expect(await watches.due(ireland, time.now())).toMatchObject([
      { subject: { place: { service: 'web' } }, dueAt: time.now(), memo: { n: 7 } },
    ]);
  });
});

describe('a group', () => {
  test('has the watches of one account and region, and knows when the next is due', async () => {
    const { watches, watch, time } = await watching();
    await watch(keyOf('core.a'));
    await watch(keyOf('core.b'), subjectOf({ account: 'production' }));
    const soon = new Date(time.now().getTime() + 5_000);
    await watches.note([{ key: keyOf('core.a'), dueAt: soon, memo: null }]);
    expect(await watches.groups()).toEqual([ireland, 'production/eu-west-1']);
    expect(await watches.nextDue(ireland)).toEqual(soon);
    expect(await watches.nextDue('-/us-east-1')).toBeNull();
    expect(await watches.due('production/eu-west-1', time.now())).toMatchObject([{ promotion: 'core.b' }]);
  });

  test('gives what has waited longest first', async () => {
    const { watches, watch, time } = await watching();
    for (const id of ['a', 'b', 'c']) await watch(keyOf(`core.${id}`));
    const at = (ms: number) => new Date(time.now().getTime() + ms);
    await watches.note([
      { key: keyOf('core.a'), dueAt: at(2_000), memo: null },
      { key: keyOf('core.b'), dueAt: at(-2_000), memo: null },
    ]);
    const due = await watches.due(ireland, at(5_000));
    expect(due.map(({ promotion }) => promotion)).toEqual(['core.b', 'core.c', 'core.a']);
    expect((await watches.due(ireland, time.now())).map(({ promotion }) => promotion)).toEqual([
      'core.b',
      'core.c',
    ]);
  });

  test('of 1,000 is opened and noted by one statement each', async () => {
    const { pool, watches, change, time } = await watching();
    const keys = Array.from({ length: 1_000 }, (_, index) => keyOf(`core.${index}`));
    await change({ watch: keys.map((key) => ({ key, subject: subjectOf(), at: time.now() })) });
    const statements: string[] = [];
    const query = pool.query.bind(pool);
    pool.query = ((text: string, values: unknown[]) => {
      statements.push(text);
      return query(text, values);
    }) as typeof pool.query;
    const dueAt = new Date(time.now().getTime() + 10_000);
    await watches.note(keys.map((key, n) => ({ key, dueAt, memo: { n, text: '"quoted", {braced} \\' } })));
    expect(statements).toHaveLength(1);
    expect(await watches.due(ireland, time.now())).toEqual([]);
    const due = await watches.due(ireland, dueAt);
    expect(due).toHaveLength(1_000);
    for (const { promotion, memo } of due)
      expect(memo).toEqual({ n: Number(promotion.split('.')[1]), text: '"quoted", {braced} \\' });
  });
});

describe('the latest streams', () => {
  test('of one beginning are only those, whatever signs it has', async () => {
    const { store } = await watching();
    for (const id of ['a_b.1', 'axb.2', 'a%.3', 'a_b.4', '\\a.5'])
      await store.change(notes, id, () => ({ events: [noted('x')], actor: 'gonogo' }));
    expect((await store.latest('notes', 10, 'a_b.')).sort()).toEqual(['a_b.1', 'a_b.4']);
    expect(await store.latest('notes', 10, 'a%.')).toEqual(['a%.3']);
    expect(await store.latest('notes', 10, '\\a')).toEqual(['\\a.5']);
    expect(await store.latest('notes', 10)).toHaveLength(5);
  });
});
