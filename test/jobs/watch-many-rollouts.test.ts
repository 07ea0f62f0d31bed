import { describe, expect, test } from 'vitest';
import { promotionStream } from '../../src/core/promotion/stream.ts';
import { at, crashed, nothing, rolling, task } from '../checks/rollout/support.ts';
import { releases } from '../support/catalogue.ts';
import { commit, first } from './support/promotions.ts';
import { minutes, watching } from './support/watching.ts';

describe('many at once', () => {
  test('are looked at in one look, and noted by one statement', async () => {
    const { look, startMany, asked, shown, pool, watches, time } = await watching(at(31));
    shown.now = rolling();
    await startMany(40);
    const notes: string[] = [];
    const query = pool.query.bind(pool);
    pool.query = ((text: string, values: unknown[]) => {
      if (text.startsWith('update watch')) notes.push(text);
      return query(text, values);
    }) as typeof pool.query;
    await look();
    expect(asked.map((questions) => questions.length)).toEqual([40]);
    expect(notes).toHaveLength(1);
    const dueAt = new Date(time.now().getTime() + 5_000);
    expect((await watches()).every((watch) => watch.dueAt.getTime() === dueAt.getTime())).toBe(true);
  });

  test('that were never looked at join eighty at a time, and starve nobody', async () => {
    const { look, start, startMany, asked, shown, time } = await watching(at(31));
    shown.now = rolling();
    await start();
    await look();
    await startMany(110);
    time.move(5_000);
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() - 5_000) });
    expect(asked.at(-1)).toHaveLength(81);
    expect(asked.at(-1)?.filter(({ deployment: one }) => one !== null)).toHaveLength(1);
    await look();
    expect(asked.at(-1)).toHaveLength(30);
  });

  test('that take longer than their interval are looked at less often, and it is said', async () => {
    const { look, start, shown, region, watches, lines, time } = await watching(at(31));
    shown.now = rolling([task(1)]);
    shown.tookMs = 12_000;
    await start();
    const began = time.now().getTime();
    await look();
    expect((await watches()).map(({ dueAt }) => dueAt.getTime() - began)).toEqual([15_000]);
    expect((await region()).verdict?.evidence).toContainEqual(
      expect.objectContaining({
        label: 'Looked at',
        value: 'every 15 s: 1 rollouts are watched here at once',
      }),
    );
    expect(lines.map(({ message }) => message)).toContain(
      'Rollouts are looked at less often: one look takes long',
    );
  });

  test('that come due while a look is under way are looked at with it, but for those that passed', async () => {
    const { look, start, startMany, asked, shown, time } = await watching();
    await start();
    await look();
    shown.now = rolling();
    // The one that passed is due again in 11 s.
    time.move(5 * minutes - 11_000);
    shown.tookMs = 6_000;
    await startMany(2);
    await look();
    expect(asked.at(-1)).toHaveLength(2);
    // A third one is due now, those two in 3 s, and the one that passed in 4 s.
    time.move(1_000);
    await startMany(3);
    await look();
    expect(asked.at(-1)).toHaveLength(3);
  });

  test('of which it takes long to record what is said are looked at less often too', async () => {
    const { look, start, shown, region, watches, time, deps } = await watching(at(31));
    shown.now = rolling();
    await start();
    const change = deps.store.change.bind(deps.store);
    deps.store.change = (async (...of: Parameters<typeof change>) => {
      time.move(7_000);
      return change(...of);
    }) as typeof change;
    const dueAfter = async () => {
      for (const { dueAt } of await watches()) time.move(Math.max(0, dueAt.getTime() - time.now().getTime()));
      const began = time.now().getTime();
      await look();
      return (await watches()).map(({ dueAt }) => dueAt.getTime() - began);
    };
    expect(await dueAfter()).toEqual([10_000]);
    shown.now = rolling([crashed(1)]);
    expect(await dueAfter()).toEqual([10_000]);
    expect((await region()).verdict?.evidence).toContainEqual(
      expect.objectContaining({ value: 'every 10 s: 1 rollouts are watched here at once' }),
    );
    // It says the same, so nothing is recorded: the next look knows that.
    await dueAfter();
    expect(await dueAfter()).toEqual([5_000]);
  });

  test('that took long do not slow down a single one that comes later', async () => {
    const { look, start, startMany, asked, shown, watches, pool, time } = await watching();
    shown.now = rolling();
    shown.tookMs = 20_000;
    await startMany(20);
    await look();
    await pool.query("update watch set due_at = due_at + interval '5 minutes'");
    shown.tookMs = 0;
    await start();
    await look();
    expect(asked.at(-1)).toHaveLength(1);
    const [first] = await watches();
    expect(first?.dueAt).toEqual(new Date(time.now().getTime() + 5_000));
  });

  test('of which none is left have no say in how often the next one is looked at', async () => {
    const { look, start, startMany, shown, watches, time } = await watching();
    shown.now = nothing;
    shown.tookMs = 20_000;
    await startMany(1);
    expect(await look()).toEqual({ next: 'done' });
    shown.now = rolling();
    shown.tookMs = 0;
    await start();
    await look();
    expect((await watches()).map(({ dueAt }) => dueAt)).toEqual([new Date(time.now().getTime() + 5_000)]);
  });

  test('of which one cannot be recorded go on without it', async () => {
    const { look, start, region, watches, lines, store, time, state } = await watching();
    await start();
    const [watch] = await watches();
    if (!watch) throw new Error('not watched');
    const { subject } = watch;
    const key = { promotion: 'core.nobody', region: first, run: 1 };
    const { plan } = await state();
    await store.change(promotionStream, 'core.other', () => ({
      events: [{ type: 'PromotionOpened' as const, data: { commit, plan, channel: releases } }],
      actor: 'x',
      watch: [{ key, subject, at: time.now() }],
    }));
    expect((await look()).next).toBe('again');
    expect((await region()).verdict?.outcome).toBe('pass');
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    const [broken] = await watches();
    expect(broken).toMatchObject({ promotion: 'core.nobody' });
    expect(broken?.dueAt.getTime()).toBe(time.now().getTime() + 30_000);
  });
});
