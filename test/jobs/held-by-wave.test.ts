import { describe, expect, test } from 'vitest';
import { EventStore } from '../../src/adapters/store/event-store.ts';
import { StorePace } from '../../src/adapters/store/pace.ts';
import type { InvocationEvent } from '../../src/core/invocation/events.ts';
import { changeOf, keys } from '../../src/core/invocation/orders.ts';
import { findTarget } from '../../src/core/invocation/state.ts';
import { invocationStream } from '../../src/core/invocation/stream.ts';
import type { CodeHost, Next } from '../../src/core/ports.ts';
import { promotionId, startRollout } from '../../src/core/promotion/acts.ts';
import type { PromotionPlan } from '../../src/core/promotion/plan.ts';
import { actOnPromotion, recordPromotion } from '../../src/jobs/promotion-deps.ts';
import { triggerTarget } from '../../src/jobs/trigger-target.ts';
import { clock, database } from '../adapters/store/stored.ts';
import { observed, ready, retryRequested, stopRequested, triggered } from '../core/invocation/samples.ts';
import { serviceOf, wavesOf } from '../core/invocation/wave-samples.ts';
import { catalogueOf, releases } from '../support/catalogue.ts';
import { keptLog } from '../support/log.ts';
import { commit, digest, failVerdict, verdictOf } from './support/promotions.ts';

const id = 'abcd2345';

/** An invocation of these targets, each in the wave of its place unless told otherwise, with nothing started yet. */
async function fanOut(
  targets: string[],
  { waves = targets.map((name) => [name]), services = [] as PromotionPlan[] } = {},
) {
  const pool = (await database()).pool();
  const time = clock();
  const store = new EventStore(pool, time.now, () => undefined);
  const started: string[] = [];
  const startPipeline: CodeHost['startPipeline'] = async (path) => {
    started.push(path);
    return { outcome: 'done', value: { id: 100 + started.length, url: `https://gitlab.test/${path}` } };
  };
  const reserved: Date[] = [];
  const pace = new StorePace(pool, time.now);
  const limits = { pipelinesPerMinute: 6_000, followPollSeconds: 15, followHours: 24 };
  const deps = {
    store,
    codeHost: { startPipeline } as CodeHost,
    pace: {
      reserve: async (name: string, spacingMs: number) => {
        const slot = await pace.reserve(name, spacingMs);
        reserved.push(slot);
        return slot;
      },
      holdUntil: pace.holdUntil.bind(pace),
    },
    catalogue: catalogueOf(0, { ...wavesOf(waves, services), limits }),
    digest,
    now: time.now,
    log: keptLog(),
    settleMs: 30_000,
  };
  const happens = (...events: InvocationEvent[]) =>
    store.change(invocationStream, id, ({ state }) =>
      changeOf(id, state, events, { actor: 'U0RITA', at: time.now() }),
    );
  await happens(...ready(...targets));
  const stateOf = async () => {
    const { state } = await store.read(invocationStream, id);
    if (!state) throw new Error('There is no invocation');
    return state;
  };
  return {
    deps,
    store,
    time,
    started,
    reserved,
    happens,
    passes: (project: string, pipeline = 1) =>
      happens(triggered(project, pipeline), observed(project, 'passed', pipeline)),
    run: (project: string, memo: unknown = null): Promise<Next> =>
      triggerTarget(deps)(
        { kind: 'trigger', key: keys.target(id, project), payload: null, memo, failures: 0 },
        new AbortController().signal,
      ),
    where: async (project: string) => findTarget(await stateOf(), project)?.state,
    told: async () =>
      (await store.history(`invocation/${id}`)).flatMap(({ type, data }) =>
        type === 'TargetHeld' ? [(data as { waitsFor: string[] }).waitsFor] : [],
      ),
    openTriggers: async () => {
      const { rows } = await pool.query<{ key: string }>(
        "select key from outbox where kind = 'trigger' and finished < wanted order by key",
      );
      return rows.map(({ key }) => keys.readTarget(key).project);
    },
    clear: () => pool.query('update outbox set finished = wanted, memo = null'),
  };
}

describe('a target of the second wave', () => {
  test('is held without a request and without a place in the line, and says for what', async () => {
    const { run, where, started, reserved, time } = await fanOut(['a', 'b']);
    const next = await run('b');
    expect(next).toEqual({
      next: 'again',
      at: new Date(time.now().getTime() + 2_000),
      memo: { heldMs: 2_000 },
    });
    expect(await where('b')).toEqual({ at: 'waiting', waitsFor: ['a has not passed yet'] });
    expect([started, reserved]).toEqual([[], []]);
  });

  test('starts once the first wave has passed, and is held no more', async () => {
    const { run, where, started, passes, told } = await fanOut(['a', 'b']);
    await run('b');
    await passes('a');
    expect(await run('b')).toEqual({ next: 'done' });
    expect(started).toEqual(['group/b']);
    expect(await where('b')).toMatchObject({ at: 'following', pipelineId: 101 });
    expect(await told()).toEqual([['a has not passed yet'], []]);
  });

  test('is held for as long as one failed, and let go by the retry that passes', async () => {
    const { run, happens, passes, where, started, told } = await fanOut(['a', 'b']);
    await happens(triggered('a'), observed('a', 'failed'));
    await run('b');
    expect(await where('b')).toEqual({ at: 'waiting', waitsFor: ['a failed'] });
    await happens(retryRequested('a'));
    await run('b');
    expect(started).toEqual([]);
    await passes('a', 2);
    await run('b');
    expect(started).toEqual(['group/b']);
    expect(await told()).toEqual([['a failed'], ['a has not passed yet'], []]);
  });

  test('tells the same words once, and looks ever more seldom, up to the poll interval', async () => {
    const { run, told, time } = await fanOut(['a', 'b']);
    const waits: number[] = [];
    let memo: unknown = null;
    for (let n = 0; n < 6; n += 1) {
      const next = await run('b', memo);
      if (next.next === 'done') throw new Error('it is not held');
      waits.push((next.at.getTime() - time.now().getTime()) / 1_000);
      memo = next.memo;
    }
    expect(waits).toEqual([2, 4, 8, 15, 15, 15]);
    expect(await told()).toEqual([['a has not passed yet']]);
  });

  test('tells the same words once, whoever is at it too', async () => {
    const { run, told, deps, store } = await fanOut(['a', 'b']);
    // Another worker says it between this one's look and its word.
    const read = store.read.bind(store);
    let others = 1;
    deps.store.read = async (kind, of) => {
      const seen = await read(kind, of);
      if (others-- > 0) await run('b');
      return seen;
    };
    await run('b');
    expect(await told()).toEqual([['a has not passed yet']]);
  });

  test('looks again when one before it ends', async () => {
    const { run, happens, openTriggers, clear } = await fanOut(['a', 'b', 'c'], {
      waves: [['a'], ['b']],
    });
    await happens(triggered('a'));
    await run('b');
    await clear();
    await happens(observed('a', 'running'));
    expect(await openTriggers()).toEqual([]);
    await happens(observed('a', 'passed'));
    expect(await openTriggers()).toEqual(['b']);
  });

  test('that was stopped does not start, whatever passes', async () => {
    const { run, happens, passes, where, started } = await fanOut(['a', 'b']);
    await happens(triggered('a'));
    await run('b');
    await happens(stopRequested());
    await passes('a', 2);
    expect(await run('b')).toEqual({ next: 'done' });
    expect((await where('b'))?.at).toBe('not-started');
    expect(started).toEqual([]);
  });

  test('is let go by a catalogue that has no waves any more', async () => {
    const { run, deps, started } = await fanOut(['a', 'b']);
    await run('b');
    deps.catalogue = { ...deps.catalogue, waves: [] };
    await run('b');
    expect(started).toEqual(['group/b']);
  });

  test('is held when one before it goes on again while it stands in line', async () => {
    const { run, passes, happens, deps, started, where } = await fanOut(['a', 'b']);
    await passes('a');
    const reserve = deps.pace.reserve;
    deps.pace.reserve = async (...line) => {
      await happens(observed('a', 'running'));
      return reserve(...line);
    };
    expect(await run('b')).toMatchObject({ next: 'again' });
    expect([started, (await where('b'))?.at]).toEqual([[], 'waiting']);
    expect(await run('b')).toMatchObject({ next: 'again' });
    expect(await where('b')).toEqual({ at: 'waiting', waitsFor: ['a has not passed yet'] });
  });

  test('that died on the way to its request is asked for, held or not', async () => {
    const { run, passes, happens, deps, started, time } = await fanOut(['a', 'b']);
    const { codeHost } = deps;
    await passes('a');
    deps.codeHost = { startPipeline: () => Promise.reject(new Error('the process died')) } as never;
    await expect(run('b')).rejects.toThrow('died');
    await happens(observed('a', 'failed'));
    deps.codeHost = { ...codeHost, pipelinesSince: async () => [] };
    time.move(deps.settleMs);
    expect(await run('b')).toEqual({ next: 'done' });
    expect(started).toEqual(['group/b']);
  });
});

test('targets of the first wave and of none start at once', async () => {
  const { run, started, told } = await fanOut(['a', 'b', 'c'], { waves: [['a'], ['b']] });
  await run('a');
  await run('c');
  expect(started).toEqual(['group/a', 'group/c']);
  expect(await told()).toEqual([]);
});

describe('a target behind a service with a region in staging', () => {
  const plan = serviceOf('a', ['staging', 'production']);

  /** Passed pipelines, and a rollout of `a` in its region of staging or another. */
  async function behind() {
    const it = await fanOut(['a', 'b'], { services: [plan] });
    const rollout = async (region: string, source: string, sha = commit) => {
      const promotion = promotionId(digest, 'a', sha);
      const appliedAt = it.time.now().toISOString();
      await actOnPromotion(it.deps, promotion, 'gitlab:rita', (state) =>
        startRollout(state, {
          plan,
          commit: sha,
          channel: releases,
          region,
          source,
          expected: { taskDefinition: null, digest: null, appliedAt },
          pipeline: null,
        }),
      );
    };
    const judge = (verdict: ReturnType<typeof verdictOf>, run = 1, sha = commit) =>
      recordPromotion(it.deps, promotionId(digest, 'a', sha), () => [
        { type: 'RolloutJudged', data: { region: 'eu-west-1', run, verdict } },
      ]);
    return { ...it, rollout, judge };
  }

  test('waits until that is GO', async () => {
    const { run, passes, rollout, judge, started, where } = await behind();
    await passes('a');
    const open = { at: 'waiting', waitsFor: ['a in eu-west-1 is not GO yet'] };
    await run('b');
    expect(await where('b')).toEqual(open);
    await rollout('eu-west-1', 'gitlab-deployment/1');
    await run('b');
    expect(await where('b')).toEqual(open);
    await judge(failVerdict());
    await run('b');
    expect(await where('b')).toEqual({ at: 'waiting', waitsFor: ['a in eu-west-1 is NO-GO'] });
    expect(started).toEqual([]);
    await judge(verdictOf());
    await run('b');
    expect(started).toEqual(['group/b']);
  });

  test('is not let go by what was deployed before it was confirmed', async () => {
    const it = await behind();
    it.time.move(-60_000);
    await it.rollout('eu-west-1', 'gitlab-deployment/1');
    await it.judge(verdictOf());
    it.time.move(60_000);
    await it.passes('a');
    await it.run('b');
    expect(it.started).toEqual([]);
    it.time.move(60_000);
    await it.rollout('eu-west-1', 'gitlab-deployment/2');
    await it.judge(verdictOf(), 2);
    await it.run('b');
    expect(it.started).toEqual(['group/b']);
  });

  test('finds its rollout behind promotions that changed later', async () => {
    const it = await behind();
    await it.passes('a');
    it.time.move(1_000);
    await it.rollout('eu-west-1', 'gitlab-deployment/1');
    await it.judge(verdictOf());
    for (const digit of ['1', '2', '3']) {
      it.time.move(1_000);
      await it.rollout('us-east-1', `gitlab-deployment/9${digit}`, digit.repeat(40));
    }
    await it.run('b');
    expect(it.started).toEqual(['group/b']);
  });
});
