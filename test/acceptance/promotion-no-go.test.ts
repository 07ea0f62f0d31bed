import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proposeWaiver } from '../../src/core/promotion/acts.ts';
import { regionState, standing } from '../../src/core/promotion/state.ts';
import { promotionButtons } from '../../src/views/promotion-ids.ts';
import { rolloutWaiverIds } from '../../src/views/rollout-waiver-modal.ts';
import { ada, nora, releases, rita } from '../support/catalogue.ts';
import { patienceMs } from './support/promotion-archive.ts';
import { type PromotionScene, promotionSceneOf, stageOf } from './support/promotion-scene.ts';
import { eu, owners, type PromotionTown, startPromotionTown, us } from './support/promotion-town.ts';
import { wordsOf } from './support/scene.ts';

/** C7, F7: a deployment whose tasks crash, from the first sight of it to a waiver that ends. */
let town: PromotionTown;
let scene: PromotionScene;
let commit = '';

beforeAll(async () => {
  town = await startPromotionTown();
  scene = promotionSceneOf(stageOf(town));
  commit = await scene.apply({ script: 'crash-no-breaker' });
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

const noGo = () => scene.reply(commit, /^NO-GO in eu-west-1: [\s\S]*Stopped tasks/);
const press = async (actionId: string, user = rita) => {
  const { ts } = await scene.replyWith(commit, actionId);
  return town.people.press({ user, channel: releases, ts, actionId });
};
const isUsHeld = async (why: RegExp) => {
  const { open, holds } = await scene.gate(us, commit);
  expect([open, holds[0]?.why]).toEqual([false, expect.stringMatching(why)]);
};

describe('a deployment whose tasks crash', () => {
  test('is NO-GO, told with reason, exit code, last lines and what to do', async () => {
    const state = await scene.decided(commit, eu, 'NO-GO');
    expect(regionState(state, eu).verdict).toMatchObject({ outcome: 'fail', row: 8 });
    const said = wordsOf(await noGo());
    expect(said).toContain('Essential container in task exited');
    expect(said).toContain('exit code 1');
    expect(said).toContain('ConfigurationError: TARIFF_SERVICE_URL is not set');
    expect(said).toMatch(/\*Next:\* (alert|delegate)\./);
    expect(said).toContain('Hand over to Manage team');
    await scene.parent(commit, /NO-GO in eu-west-1/);
    await expect
      .poll(async () => (await scene.statuses(commit))['gonogo/eu-west-1'], { timeout: patienceMs })
      .toMatchObject({ state: 'failed', description: expect.stringMatching(/^NO-GO: /) });
    await isUsHeld(/NO-GO/);
  });

  test('is handed over once, by who has the role, and the owner is called with the evidence', async () => {
    await press(promotionButtons.handOver, nora);
    expect(await scene.whispered(nora, /release-engineer/)).not.toBe('');
    expect(regionState((await scene.state(commit)) ?? never(), eu).handedOver).toBeNull();

    const { ts } = await scene.replyWith(commit, promotionButtons.handOver);
    const button = { channel: releases, ts, actionId: promotionButtons.handOver };
    await town.people.press({ user: rita, ...button, times: 2 });
    const told = await scene.reply(commit, /^Manage team takes over eu-west-1/);
    expect(JSON.stringify(told.blocks)).toContain(`<!subteam^${owners}>`);
    expect(wordsOf(told)).toContain('exit code 1');
    await scene.parent(commit, /Manage team has it/);
    const events = await scene.eventsOf(commit);
    expect(events.filter(({ type }) => type === 'HandedOver')).toHaveLength(1);
    await isUsHeld(/NO-GO/);
  });

  test('is let through by two people, not by one', async () => {
    await press(promotionButtons.askWaiver);
    const { reason, hours } = rolloutWaiverIds;
    await town.people.until(rita, ({ views }) => views.at(-1) ?? undefined, { timeoutMs: patienceMs });
    await town.people.type({
      ...{ user: rita, blockId: reason.block, actionId: reason.element },
      value: 'The setting comes within the hour.',
    });
    await town.people.choose({ user: rita, blockId: hours.block, actionId: hours.element, values: ['1'] });
    await town.people.submit({ user: rita });
    await scene.reply(commit, /^Waiver asked for/);
    await isUsHeld(/NO-GO/);

    await press(promotionButtons.confirmWaiver, rita);
    await scene.whispered(rita, /second|another|yourself|own/i);
    await press(promotionButtons.confirmWaiver, nora);
    await scene.whispered(nora, /release-engineer/);
    await isUsHeld(/NO-GO/);

    await press(promotionButtons.confirmWaiver, ada);
    await scene.decided(commit, eu, 'GO');
    await scene.parent(commit, (words) => /Waived/.test(words) && /The setting comes/.test(words));
    await scene.reply(commit, /^Waived/);
    expect(await scene.gate(us, commit)).toMatchObject({ open: true });
    await expect
      .poll(async () => (await scene.statuses(commit))['gonogo/eu-west-1'], { timeout: patienceMs })
      .toMatchObject({ state: 'success', description: expect.stringContaining('Waived') });
    expect(await town.people.refusals()).toEqual([]);
  });
});

describe('a waiver that ends', () => {
  test('takes the GO back by itself, and shuts the gate', async () => {
    commit = await scene.apply({ script: 'crash-no-breaker' });
    await scene.decided(commit, eu, 'NO-GO');
    // People cannot ask for less than an hour; the rest of its way is the real one.
    const expiresAt = new Date(Date.now() + 15_000).toISOString();
    const state = (await scene.state(commit)) ?? never();
    const [hold] = standing(state, eu)?.holds ?? [];
    const asked = proposeWaiver(
      state,
      { waiver: 'short', region: eu, run: 1, blocker: hold?.blocker ?? '', reason: 'Just now.', expiresAt },
      new Date(),
    );
    await scene.record(
      commit,
      'bf-manage-core',
      new Date(),
      'events' in asked ? asked.events : never(),
      rita,
    );
    await press(promotionButtons.confirmWaiver, ada);
    await scene.decided(commit, eu, 'GO');
    const back = await scene.decided(commit, eu, 'NO-GO');
    expect(regionState(back, eu).decisions.map(({ decision }) => decision)).toEqual(['NO-GO', 'GO', 'NO-GO']);
    expect(Date.parse(standing(back, eu)?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    await isUsHeld(/NO-GO/);
    await scene.reply(commit, /^GO in eu-west-1 taken back/);
    await scene.parent(commit, (words) => /NO-GO in eu-west-1/.test(words) && !/Waived/.test(words));
    await expect
      .poll(async () => (await scene.statuses(commit))['gonogo/eu-west-1']?.state, { timeout: patienceMs })
      .toBe('failed');
    expect(await town.people.refusals()).toEqual([]);
  });
});

function never(): never {
  throw new Error('There is no promotion, or no waiver could be asked for');
}
