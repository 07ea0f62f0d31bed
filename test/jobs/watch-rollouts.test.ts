import { describe, expect, test } from 'vitest';
import { OutsideError } from '../../src/core/ports.ts';
import { problem } from '../../src/core/problem.ts';
import { promotionId, startRollout } from '../../src/core/promotion/acts.ts';
import { promotionStream } from '../../src/core/promotion/stream.ts';
import type { Observation } from '../../src/core/rollout/observation.ts';
import type { RolloutQuestion } from '../../src/core/rollout/sources.ts';
import { actOnPromotion, type RolloutDeps } from '../../src/jobs/promotion-deps.ts';
import { watchRollouts } from '../../src/jobs/watch-rollouts.ts';
import { at, container, crashed, deployment, observed, rolling, task } from '../checks/rollout/support.ts';
import { releases } from '../support/catalogue.ts';
import type { keptLog } from '../support/log.ts';
import { commit, digest, first, promotions } from './support/promotions.ts';

const group = `-/${first}`;
const appliedAt = at(0);
const minutes = 60_000;

/** Rollouts that are watched, in an AWS that shows what it is told. */
async function watching(begin = at(60)) {
  const shown: { now: Observation | OutsideError; tookMs: number } = { now: observed(), tookMs: 0 };
  const asked: RolloutQuestion[][] = [];
  const aws: RolloutDeps['aws'] = {
    rollouts: {
      observe: async (_, questions) => {
        asked.push([...questions]);
        it.time.move(shown.tookMs);
        return questions.map(() =>
          shown.now instanceof OutsideError ? { error: shown.now } : { observation: shown.now },
        );
      },
      snapshot: () => Promise.reject(new Error('not asked')),
    },
    taskLogs: { read: async () => ({ kind: 'drained', url: 'https://console.example/logs' }) },
  };
  const it = await promotions({ aws, at: begin });
  const watch = watchRollouts(it.deps);
  const look = () => it.run(watch, group);
  /** Starts `count` promotions of other commits, all at once. */
  const startMany = async (count: number) => {
    const shas = Array.from({ length: count }, (_, n) => n.toString(16).padStart(40, '0'));
    await Promise.all(
      shas.map((sha) =>
        actOnPromotion(it.deps, promotionId(digest, 'core', sha), 'gitlab:rita', (state) =>
          startRollout(state, {
            plan: it.plan,
            commit: sha,
            channel: releases,
            region: first,
            source: 'gitlab-deployment/1',
            expected: { taskDefinition: null, digest: null, appliedAt },
            pipeline: null,
          }),
        ),
      ),
    );
  };
  const start = () => it.start({ expected: { taskDefinition: null, digest: null, appliedAt } });
  const judged = async () => (await it.events()).filter((type) => type === 'RolloutJudged').length;
  const watches = () => it.deps.watches.due(group, new Date('2100-01-01'));
  const lines = (it.deps.log as ReturnType<typeof keptLog>).lines;
  return { ...it, shown, asked, look, start, startMany, judged, watches, lines };
}

describe('a watched rollout', () => {
  test('passes, is looked at again 5 and 15 minutes later, and then no more', async () => {
    const { look, start, region, time, asked } = await watching();
    await start();
    const passedAt = time.now().getTime();
    expect(await look()).toEqual({ next: 'again', at: new Date(passedAt + 5 * minutes) });
    expect(await region()).toMatchObject({ phase: 'watching', verdict: { outcome: 'pass' }, marks: [] });
    time.move(5 * minutes);
    expect(await look()).toEqual({ next: 'again', at: new Date(passedAt + 15 * minutes) });
    time.move(10 * minutes);
    expect(await look()).toEqual({ next: 'done' });
    expect(await region()).toMatchObject({ phase: 'ended', marks: [5, 15] });
    expect(asked).toHaveLength(3);
  });

  test('that waits is looked at every 5 s, after a minute every 10 s', async () => {
    const { look, start, time, shown } = await watching(at(31));
    shown.now = rolling();
    await start();
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() + 5_000) });
    time.move(60_000);
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() + 10_000) });
  });

  test('that says the same at every look is recorded once, and costs no change and no search for secrets', async () => {
    const { look, start, time, shown, judged, deps } = await watching(at(31));
    shown.now = rolling();
    let searched = 0;
    const { remove } = deps.secrets;
    deps.secrets.remove = (text) => {
      searched += 1;
      return remove(text);
    };
    await start();
    await look();
    expect(searched).toBeGreaterThan(0);
    searched = 0;
    let changes = 0;
    const change = deps.store.change.bind(deps.store);
    deps.store.change = ((...of: Parameters<typeof change>) => {
      changes += 1;
      return change(...of);
    }) as typeof change;
    for (let n = 0; n < 3; n += 1) {
      time.move(5_000);
      await look();
    }
    expect([await judged(), changes, searched]).toEqual([1, 0, 0]);
  });

  test('that fails ends, with its NO-GO', async () => {
    const { look, start, shown, region } = await watching();
    shown.now = rolling([crashed(1), crashed(2)]);
    await start();
    expect(await look()).toEqual({ next: 'done' });
    expect(await region()).toMatchObject({ phase: 'ended', decisions: [{ decision: 'NO-GO' }] });
  });

  test('that AWS does not answer for after its pass keeps its GO for a minute', async () => {
    const { look, start, shown, region, time } = await watching();
    await start();
    await look();
    time.move(5 * minutes);
    const well = shown.now;
    shown.now = new OutsideError('unreachable', problem('aws-unread', { said: 'away' }), { cause: null });
    await look();
    time.move(20_000);
    await look();
    expect((await region()).decisions.map(({ decision }) => decision)).toEqual(['GO']);
    shown.now = well;
    time.move(20_000);
    await look();
    expect((await region()).marks).toEqual([5]);
    shown.now = new OutsideError('unreachable', problem('aws-unread', { said: 'away' }), { cause: null });
    time.move(10 * minutes);
    await look();
    expect((await region()).decisions.map(({ decision }) => decision)).toEqual(['GO']);
    time.move(60_000);
    await look();
    expect((await region()).decisions.at(-1)?.decision).toBe('INCONCLUSIVE');
  });
});

describe('a re-check', () => {
  test('of what was watched to its end is one look', async () => {
    const { look, start, record, shown, region, watches } = await watching();
    shown.now = rolling([crashed(1), crashed(2)]);
    await start();
    await look();
    await record(() => [{ type: 'RecheckRequested', data: { region: first, run: 1 } }]);
    expect(await watches()).toHaveLength(1);
    expect(await look()).toEqual({ next: 'done' });
    expect((await region()).phase).toBe('ended');
  });
});

describe('a crash', () => {
  test('after the event and before the note records nothing twice', async () => {
    const { look, start, deps, judged, shown } = await watching(at(31));
    shown.now = rolling();
    await start();
    const { watches } = deps;
    const dying = { ...deps, watches: { ...bound(watches), note: () => Promise.reject(new Error('died')) } };
    await expect(
      watchRollouts(dying)(
        { kind: 'rollouts', key: group, payload: null, memo: null, failures: 0 },
        new AbortController().signal,
      ),
    ).rejects.toThrow('died');
    expect(await judged()).toBe(1);
    await look();
    expect(await judged()).toBe(1);
  });

  test('that loses the memo makes the verdict no greener', async () => {
    const { look, start, pool, judged, time, region } = await watching();
    await start();
    await look();
    await pool.query('update watch set memo = null, due_at = $1', [time.now()]);
    await look();
    expect(await judged()).toBe(1);
    expect((await region()).marks).toEqual([]);
  });

  test('of a worker that lost the work to another notes nothing', async () => {
    const { start, deps, watches } = await watching();
    await start();
    const lost = new AbortController();
    const observe = deps.aws.rollouts.observe.bind(deps.aws.rollouts);
    deps.aws.rollouts.observe = async (...of) => {
      const looks = await observe(...of);
      lost.abort(new Error('lost'));
      return looks;
    };
    const work = { kind: 'rollouts', key: group, payload: null, memo: null, failures: 0 } as const;
    await expect(watchRollouts(deps)(work, lost.signal)).rejects.toThrow('lost');
    expect(await watches()).toMatchObject([{ memo: null }]);
  });
});

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

  test('that were never looked at join forty at a time, and starve nobody', async () => {
    const { look, start, startMany, asked, shown, time } = await watching(at(31));
    shown.now = rolling();
    await start();
    await look();
    await startMany(70);
    time.move(5_000);
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() - 5_000) });
    expect(asked.at(-1)).toHaveLength(41);
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

test('a group that nobody watches is done', async () => {
  const { look, asked } = await watching();
  expect(await look()).toEqual({ next: 'done' });
  expect(asked).toEqual([]);
});

test('an image of another commit never passes', async () => {
  const { look, start, shown, region } = await watching();
  const image = `registry.example/core:${'0'.repeat(40)}`;
  const other = [
    task(1, { containers: [container({ image })] }),
    task(2, { containers: [container({ image })] }),
  ];
  const observation = observed({ deployments: [deployment()], tasks: other });
  if (observation.kind === 'service')
    for (const one of observation.definitions[0]?.containers ?? []) one.image = image;
  shown.now = observation;
  await start();
  await look();
  expect((await region()).verdict?.outcome).not.toBe('pass');
});

function bound<T extends object>(of: T): T {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(of)) as (keyof T)[];
  const methods = names.map((name) => {
    const method = of[name];
    return [name, typeof method === 'function' ? method.bind(of) : method];
  });
  return Object.fromEntries(methods) as T;
}
