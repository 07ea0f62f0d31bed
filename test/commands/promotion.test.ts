import { describe, expect, test } from 'vitest';
import { commit, failed, id, otherCommit } from '../core/promotion/samples.ts';
import { ada, nora, releases, rita, tess } from '../support/catalogue.ts';
import { eu, promotionStage } from './promotion-stage.ts';
import { wordsOf } from './release-stage.ts';

const value = `${id}/${eu}/1`;

describe('/release validate with a service', () => {
  test('shows a tester the deployment that is under way, with a link to its thread', async () => {
    const it = await promotionStage();
    await it.start();
    const parent = `promotion/${id}/parent`;
    const posted = { channel: releases, ts: '17.0', digest: null, intendedAt: null, writtenAt: null };
    await it.deliveries.put(parent, posted, null);
    await it.type(tess, 'validate core');
    const said = wordsOf(await it.heard(tess, 'Watching eu-west-1'));
    expect(said).toContain(commit.slice(0, 8));
    expect(said).toContain(`https://slack.test/archives/${releases}/p17.0`);
    expect(said).not.toContain('"button"');
    expect(await it.ordered('rollout-news')).toEqual([]);
  });

  test('prefers what is watched to what changed last, and what changed last otherwise', async () => {
    const it = await promotionStage();
    await it.start();
    it.time.move(60_000);
    await it.start(1, 'core.zzzzzzzz', otherCommit);
    await it.tell([{ type: 'WatchEnded', data: { region: eu, run: 1 } }], 'gonogo', 'core.zzzzzzzz');
    await it.type(tess, 'validate core');
    await it.heard(tess, commit.slice(0, 8));
    it.time.move(60_000);
    await it.tell([{ type: 'WatchEnded', data: { region: eu, run: 1 } }]);
    await it.tell([{ type: 'RecheckRequested', data: { region: eu, run: 1 } }], 'gonogo', 'core.zzzzzzzz');
    await it.type(tess, 'status core');
    await it.heard(tess, otherCommit.slice(0, 8));
  });

  test('says so where nothing was validated yet', async () => {
    const it = await promotionStage();
    await it.type(tess, 'validate CORE');
    await it.heard(tess, 'Nothing was validated for Manage core yet');
  });

  test('with a region has GitLab asked for what it deployed last there', async () => {
    const it = await promotionStage();
    await it.type(rita, 'validate core eu-west-1');
    await it.heard(rita, 'GitLab is asked what it deployed to eu-west-1 last');
    expect(await it.ordered('rollout-news')).toEqual(['core/eu-west-1']);
  });

  test('with a region has what was watched to its end looked at again, once', async () => {
    const it = await promotionStage();
    await it.start();
    await it.fail();
    await it.type(rita, 'validate core eu-west-1');
    await it.heard(rita, 'eu-west-1 is looked at again');
    await it.type(rita, 'validate core eu-west-1');
    await it.heard(rita, 'eu-west-1 is being watched already');
    expect((await it.types()).filter((type) => type === 'RecheckRequested')).toHaveLength(1);
    expect((await it.region())?.phase).toBe('watching');
  });

  test.each([
    ['validate core eu-west-1', tess],
    ['validate core', nora],
  ])('%j takes the role for it', async (text, user) => {
    const it = await promotionStage();
    await it.start();
    await it.fail();
    await it.type(user, text);
    await it.heard(user, 'That was not done.');
    expect(await it.ordered('rollout-news')).toEqual([]);
    expect((await it.region())?.phase).toBe('ended');
  });

  test('of a database that does not answer says so', async () => {
    const it = await promotionStage();
    await it.start();
    await it.db.pool().query('alter table event rename to gone');
    await it.type(rita, 'validate core');
    await it.heard(rita, 'The deployment could not be read or recorded.');
  });
});

describe('the buttons of a rollout', () => {
  test('hand over once, however often they are pressed', async () => {
    const it = await promotionStage();
    await it.start();
    await it.fail();
    await it.say([{ name: 'rollout_hand_over', value }]);
    await it.inChannel(rita, 'rollout_hand_over', 2);
    await it.settled(async () => (await it.region())?.handedOver?.by === rita);
    expect((await it.types()).filter((type) => type === 'HandedOver')).toHaveLength(1);
  });

  test.each(['rollout_hand_over', 'rollout_look_again', 'rollout_waiver_ask'])(
    '%s of an earlier deployment does nothing, and says why',
    async (name) => {
      const it = await promotionStage();
      await it.start();
      await it.fail();
      await it.start(2);
      await it.fail(2);
      const before = await it.types();
      await it.say([{ name, value }]);
      await it.inChannel(rita, name);
      await it.heard(rita, 'This button belongs to an earlier deployment.');
      expect(await it.types()).toEqual(before);
    },
  );

  test.each([
    'rollout_hand_over',
    'rollout_look_again',
    'rollout_waiver_ask',
    'rollout_waiver_confirm',
    'rollout_waiver_decline',
  ])('%s takes a release engineer', async (name) => {
    const it = await promotionStage();
    await it.start();
    await it.fail();
    const before = await it.types();
    await it.say([{ name, value: name.endsWith('m') || name.endsWith('e') ? `${id}/w1` : value }]);
    await it.inChannel(tess, name);
    await it.heard(tess, 'That was not done.');
    expect(await it.types()).toEqual(before);
    expect(await it.views(tess)).toEqual([]);
  });

  test.each(['', 'nonsense', '../../x', `${id}/${eu}/x`, 'core.aaaaaaaa/eu-west-1/1'])(
    'with the forged value %j change nothing',
    async (forged) => {
      const it = await promotionStage();
      await it.start();
      await it.fail();
      const before = await it.types();
      await it.say([{ name: 'rollout_look_again', value: forged || '-' }]);
      await it.inChannel(rita, 'rollout_look_again');
      await it.heard(rita, forged.startsWith(id) ? 'earlier deployment' : 'There is no deployment');
      expect(await it.types()).toEqual(before);
    },
  );
});

describe('a waiver of a rollout', () => {
  async function asked() {
    const it = await promotionStage();
    await it.start();
    await it.fail();
    await it.say([{ name: 'rollout_waiver_ask', value }]);
    await it.inChannel(rita, 'rollout_waiver_ask');
    await it.titled(rita, 'Ask for a waiver');
    return it;
  }

  test('is asked for with a reason and an end, and confirmed by a second person', async () => {
    const it = await asked();
    await it.enter(rita, 'rollout_reason', 'known since Monday; hunter2');
    await it.choose(rita, 'rollout_hours', '4');
    await it.submit(rita, 2);
    const waiver = await it.settled(async () => (await it.promotion()).waivers.length === 1);
    expect(waiver).toBe(true);
    const [kept] = (await it.promotion()).waivers;
    expect(kept).toMatchObject({
      blocker: 'rollout',
      signal: failed.reason,
      reason: 'known since Monday; [removed: password]',
      by: rita,
      expiresAt: new Date(it.time.now().getTime() + 4 * 3_600_000).toISOString(),
    });
    await it.say([{ name: 'rollout_waiver_confirm', value: `${id}/${kept?.id}` }]);
    await it.inChannel(rita, 'rollout_waiver_confirm');
    await it.heard(rita, 'A waiver needs a second person.');
    await it.inChannel(ada, 'rollout_waiver_confirm', 2);
    await it.settled(async () => (await it.promotion()).waivers[0]?.confirmed?.by === ada);
    // The second click of a double click is no mistake that anybody has to be told of.
    await it.inChannel(ada, 'rollout_waiver_confirm');
    await it.type(ada, 'help');
    await it.heard(ada, 'What /release can do');
    expect(wordsOf(await it.control.screen(ada))).not.toContain('not waiting any more');
    expect((await it.region())?.decisions.at(-1)?.decision).toBe('GO');
    expect((await it.types()).filter((type) => type === 'WaiverConfirmed')).toHaveLength(1);
  });

  test('wants a reason and an end', async () => {
    const it = await asked();
    await it.enter(rita, 'rollout_reason', '   ');
    await it.choose(rita, 'rollout_hours', '24');
    await it.submit(rita);
    const view = await it.top(rita, ({ errors }) => Object.keys(errors).length > 0);
    expect(Object.keys(view.errors)).toEqual(['rollout_reason']);
    expect((await it.promotion()).waivers).toEqual([]);
  });

  test('of what was mended meanwhile is not recorded', async () => {
    const it = await asked();
    await it.tell([
      {
        type: 'RolloutJudged',
        data: { region: eu, run: 1, verdict: { ...failed, row: 15, outcome: 'pass', reason: 'All run.' } },
      },
    ]);
    await it.enter(rita, 'rollout_reason', 'known');
    await it.choose(rita, 'rollout_hours', '1');
    await it.submit(rita);
    await it.top(rita, (view) => wordsOf(view).includes('There is nothing to let through.'));
    expect((await it.promotion()).waivers).toEqual([]);
  });

  test('has no form where nothing stands against a GO', async () => {
    const it = await promotionStage();
    await it.start();
    await it.say([{ name: 'rollout_waiver_ask', value }]);
    await it.inChannel(rita, 'rollout_waiver_ask');
    await it.heard(rita, 'There is nothing to let through.');
    expect(await it.views(rita)).toEqual([]);
  });
});

test('the Home and the status show the latest deployments beside the releases', async () => {
  const it = await promotionStage();
  await it.start();
  await it.type(tess, 'status');
  await it.heard(tess, 'Watching eu-west-1');
  await it.type(tess, `status ${id}`);
  await it.heard(tess, 'The evidence is in');
  await it.control.home({ user: tess });
  await it.control.until(tess, (screen) =>
    wordsOf(screen.home ?? {}).includes('Watching eu-west-1') ? true : undefined,
  );
});
