import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { regionState, standing } from '../../src/core/promotion/state.ts';
import { until } from '../support/until.ts';
import { patienceMs } from './support/promotion-archive.ts';
import { type PromotionScene, promotionSceneOf, stageOf } from './support/promotion-scene.ts';
import { eu, type PromotionTown, path, service, startPromotionTown, us } from './support/promotion-town.ts';
import { wordsOf } from './support/scene.ts';

/** C1, C5, C7: a deployment in GitLab is validated by itself, once, whatever becomes of the webhooks. */
let town: PromotionTown;
let scene: PromotionScene;

const isKept = (commit: string) =>
  scene.when(commit, eu, 'the state before is kept', ({ before }) => before !== null);
const looks = async () => (await town.forge.requests('GET /deployments')).length;
/** Waits for a look at GitLab after so many. */
const looked = async (before: Promise<number>) => {
  const known = await before;
  await until('another look', async () => (await looks()) > known, patienceMs);
};
const countOf = async (commit: string, type: string) =>
  (await scene.eventsOf(commit)).filter((event) => event.type === type).length;

describe('a deployment that GitLab tells of', () => {
  beforeAll(async () => {
    town = await startPromotionTown();
    scene = promotionSceneOf(stageOf(town));
  });
  afterAll(async () => {
    await scene?.close();
    await town?.stop();
  });

  test('is looked at before, watched, told, decided, and written beside the commit', async () => {
    const held = { status: 200, open: false };
    const commit = await scene.apply({
      script: 'healthy-fast',
      meanwhile: async (sha) => {
        await isKept(sha);
        expect(await scene.gate(us, sha)).toMatchObject(held);
      },
    });
    const state = await scene.decided(commit, eu, 'GO');
    const [opened, taken, started] = await scene.eventsOf(commit);
    expect([opened?.type, taken?.type, started?.type]).toEqual([
      'PromotionOpened',
      'SnapshotTaken',
      'RolloutStarted',
    ]);
    expect(started).toMatchObject({
      actor: 'gitlab:r.engineer',
      data: { region: eu, run: 1, expected: { commit, before: { primary: expect.any(String) } } },
    });
    const { expected, verdict, pipeline } = regionState(state, eu);
    expect(verdict?.deployment).not.toBe(expected?.before?.primary);
    expect(verdict).toMatchObject({ outcome: 'pass', tasks: { running: 2, wanted: 2 } });
    expect(standing(state, eu)).toMatchObject({ advice: 'proceed', holds: [] });

    expect(wordsOf(await scene.parent(commit, /GO in 1 of 2 regions/))).toMatch(/proceed\..*us-east-1/s);
    const told = await scene.reply(commit, /^GO in eu-west-1: /);
    expect(wordsOf(told)).toContain('2 of 2 tasks run');
    expect(JSON.stringify(told.blocks)).toContain(pipeline?.url);
    await scene.reply(commit, /^GO in eu-west-1, provisional/);
    expect(await scene.parents(commit)).toHaveLength(1);
    await expect
      .poll(() => scene.statuses(commit), { timeout: patienceMs })
      .toMatchObject({
        'gonogo/eu-west-1': { state: 'success', description: expect.stringMatching(/^GO: /) },
      });
    expect(await scene.gate(us, commit)).toMatchObject({ status: 200, open: true, holds: [] });
    expect(await town.people.refusals()).toEqual([]);
  });

  test('goes on to the second region, whose GO is the last', async () => {
    const [before] = (await town.forge.state()).projects.flatMap(({ deployments }) => deployments).slice(-1);
    const commit = before?.sha ?? '';
    expect(await scene.apply({ script: 'healthy-fast', region: us, again: true })).toBe(commit);
    await scene.decided(commit, us, 'GO');
    await scene.parent(commit, /GO in every region/);
    await expect
      .poll(async () => Object.values(await scene.statuses(commit)).map(({ state }) => state), {
        timeout: patienceMs,
      })
      .toEqual(['success', 'success']);
  });

  test('starts one run when its hooks come twice, late and in another order', async () => {
    await town.forge.addFault({ kind: 'duplicateWebhook' });
    const made = await scene.begin();
    await scene.change({ script: 'healthy-fast' }, made.sha);
    await town.forge.addFault({ kind: 'lateWebhook', delayMs: 1_500, times: 2 });
    await made.finish();
    await scene.decided(made.sha, eu, 'GO');
    await town.forge.removeFault();
    // All of them again, the first ones last, and some under keys of their own.
    const { deliveries } = await town.forge.webhooks();
    const told = deliveries.filter(
      ({ pipelineId, event }) => pipelineId === made.pipelineId && event === 'Deployment Hook',
    );
    expect(told.length).toBeGreaterThan(2);
    for (const { n } of told.toReversed()) await town.forge.redeliver(n);
    await until(
      'every hook to be read',
      async () => {
        const open = `select 1 from outbox where kind = 'webhook' and finished < wanted`;
        return (await scene.pool.query(open)).rows.length === 0;
      },
      patienceMs,
    );
    const before = looks();
    await scene.ask(`validate ${service} ${eu}`);
    await looked(before);
    expect(await countOf(made.sha, 'RolloutStarted')).toBe(1);
    expect(await countOf(made.sha, 'SnapshotTaken')).toBeLessThan(2);
    expect(await scene.parents(made.sha)).toHaveLength(1);
  });

  test('is not believed when nobody signed it', async () => {
    const project = { path_with_namespace: path };
    const payload = {
      object_kind: 'deployment',
      status: 'success',
      environment: `production/${eu}`,
      project,
    };
    expect(await town.forge.forge({ event: 'Deployment Hook', payload })).toEqual({ status: 401 });
  });

  test('is no rollout when it fails', async () => {
    const before = looks();
    const made = await scene.begin();
    await made.finish('failed');
    await looked(before);
    const known = await scene.state(made.sha);
    expect(known?.regions[eu]?.run ?? 0).toBe(0);
    expect(await scene.apply({ script: 'healthy-fast', again: true })).toBe(made.sha);
    await scene.decided(made.sha, eu, 'GO');
    expect(await countOf(made.sha, 'RolloutStarted')).toBe(1);
  });

  test('again with the same commit is the next run, which shuts the gate again', async () => {
    const commit = await scene.apply({ script: 'healthy-fast' });
    await scene.decided(commit, eu, 'GO');
    await scene.apply({ script: 'crash-no-breaker', again: true });
    await scene.when(commit, eu, 'the next run', ({ run }) => run === 2);
    expect(await scene.gate(us, commit)).toMatchObject({ open: false });
    await scene.decided(commit, eu, 'NO-GO');
    expect(await scene.gate(us, commit)).toMatchObject({ open: false });
    await scene.reply(commit, /deployment 2 of this commit/);
  });
});

describe('a deployment that no webhook tells of', () => {
  let quiet: PromotionTown;
  afterAll(async () => {
    await quiet?.stop();
  });

  test('is found by looking, and goes the same way', async () => {
    quiet = await startPromotionTown({ webhooks: false });
    const own = promotionSceneOf(stageOf(quiet));
    try {
      const commit = await own.apply({
        script: 'healthy-fast',
        meanwhile: (sha) => own.when(sha, eu, 'the state before is kept', ({ before }) => before !== null),
      });
      await own.decided(commit, eu, 'GO');
      await own.parent(commit, /GO in 1 of 2 regions/);
      await expect
        .poll(async () => (await own.statuses(commit))['gonogo/eu-west-1']?.state, { timeout: patienceMs })
        .toBe('success');
      const types = (await own.eventsOf(commit)).map(({ type }) => type);
      expect(types.filter((type) => type === 'RolloutStarted')).toHaveLength(1);
      expect((await quiet.forge.webhooks()).deliveries).toEqual([]);
    } finally {
      await own.close();
    }
  });
});
