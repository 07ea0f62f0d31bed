import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { regionState, standing } from '../../src/core/promotion/state.ts';
import { nora, tess } from '../support/catalogue.ts';
import { until } from '../support/until.ts';
import { patienceMs } from './support/promotion-archive.ts';
import { type PromotionScene, promotionSceneOf, stageOf } from './support/promotion-scene.ts';
import {
  eu,
  logGroup,
  type PromotionTown,
  planOf,
  service,
  startPromotionTown,
  us,
} from './support/promotion-town.ts';

/** C1, C4: what people ask with `/release validate`, and a check after the rollout that finds something. */
let town: PromotionTown;
let scene: PromotionScene;

const start = async (options: Parameters<typeof startPromotionTown>[0] = {}) => {
  town = await startPromotionTown(options);
  scene = promotionSceneOf(stageOf(town));
};
const stop = async () => {
  await scene?.close();
  await town?.stop();
};

describe('/release validate', () => {
  beforeAll(() => start());
  afterAll(stop);

  test('says so when nothing was deployed, and finds what no hook told of', async () => {
    expect(await scene.ask(`validate ${service}`)).toMatch(/Nothing was validated for Manage core yet/);
    await town.forge.addFault({ kind: 'dropWebhook' });
    const commit = await scene.apply({ script: 'healthy-fast' });
    await town.forge.removeFault();
    expect(await scene.state(commit)).toBeNull();
    expect(await scene.ask(`validate ${service} ${eu}`)).toMatch(
      /GitLab is asked what it deployed to eu-west-1/,
    );
    await scene.decided(commit, eu, 'GO');
  });

  test('shows where the service stands', async () => {
    const said = await scene.ask(`validate ${service}`);
    expect(said).toMatch(/GO in 1 of 2 regions/);
    expect(said).toMatch(/us-east-1/);
    expect(await scene.ask(`validate ${service}`, tess)).toMatch(/GO in 1 of 2 regions/);
  });

  test('has a region looked at again, where a regression takes the GO back', async () => {
    const commit = await scene.apply({ script: 'healthy-fast' });
    await scene.decided(commit, eu, 'GO');
    expect(await scene.gate(us, commit)).toMatchObject({ open: true });
    // As if a quarter of an hour had passed: its watch has ended by itself.
    const run = 1;
    await scene.record(commit, service, new Date(), [{ type: 'WatchEnded', data: { region: eu, run } }]);
    const confirmed = regionState((await scene.state(commit)) ?? never(), eu).confirmedAt;
    expect(await scene.ask(`validate ${service} ${eu}`)).toMatch(/eu-west-1 is looked at again/);
    await scene.when(
      commit,
      eu,
      'confirmed by another look',
      ({ confirmedAt, phase }) => phase === 'ended' && (confirmedAt ?? '') > (confirmed ?? ''),
    );
    expect(standing((await scene.state(commit)) ?? never(), eu)?.decision).toBe('GO');

    await scene.change({ script: 'rolled-back' }, commit);
    await scene.ask(`validate ${service} ${eu}`);
    await scene.when(commit, eu, 'taken back', (_, one) => standing(one, eu)?.decision !== 'GO');
    expect(await scene.gate(us, commit)).toMatchObject({ open: false });
    await scene.reply(commit, /^GO in eu-west-1 taken back/);
  });

  test.each([
    ['a region that there is not', `validate ${service} eu-west-9`, /eu-west-9/],
    ['a word too many', `validate ${service} ${eu} now`, /one word too many/],
  ])('tells of %s', async (_, text, said) => {
    expect(await scene.ask(text)).toMatch(said);
  });

  test('is not for everybody: who may is named', async () => {
    const looks = (await town.forge.requests('GET /deployments')).length;
    expect(await scene.ask(`validate ${service} ${eu}`, nora)).toMatch(/release-engineer/);
    expect(await scene.ask(`validate ${service} ${eu}`, tess)).toMatch(/release-engineer/);
    expect(await scene.ask(`validate ${service}`, nora)).toMatch(/tester/);
    expect((await town.forge.requests('GET /deployments')).length).toBe(looks);
  });
});

describe('a check after the rollout', () => {
  const spike = {
    ...{ id: 'spike', title: 'No obvious error spike', check: 'log-spike' },
    with: { region: '{region}', group: logGroup, window: 3 },
  };
  beforeAll(() =>
    start({
      plans: [planOf({ after: [spike] })],
      everyday: [{ text: 'INFO  request finished status=200', perMinute: 6 }],
    }),
  );
  afterAll(stop);

  test('that finds a spike makes a passed rollout NO-GO, and shuts the gate', async () => {
    const ago = 7;
    const made = await scene.begin();
    await scene.change({ script: 'healthy-fast', agoMs: ago * 60_000 }, made.sha);
    // Its errors came two minutes after it began, well before anybody looks.
    const lines = Array.from({ length: 60 }, (_, n) => ({
      text: `ERROR charging session failed id=${n}`,
      at: new Date(Date.now() - (ago - 2) * 60_000 + n * 2_000).toISOString(),
    }));
    await town.cloud.putLines({ region: eu, group: logGroup, lines });
    await town.forge.age(ago);
    await made.finish();
    const state = await scene.decided(made.sha, eu, 'NO-GO');
    const { verdict, checks } = regionState(state, eu);
    expect([verdict?.outcome, checks['spike']?.outcome]).toEqual(['pass', 'fail']);
    expect(regionState(state, eu).decisions.map(({ decision }) => decision)).not.toContain('GO');
    expect(standing(state, eu)).toMatchObject({ advice: 'alert' });
    const held = await until('an answer', () => scene.gate(us, made.sha), patienceMs);
    expect([held.open, held.holds[0]?.why]).toEqual([false, expect.stringMatching(/NO-GO/)]);
    await scene.reply(made.sha, /No obvious error spike/);
    await expect
      .poll(async () => (await scene.statuses(made.sha))['gonogo/eu-west-1']?.state, { timeout: patienceMs })
      .toBe('failed');
    expect(await town.people.refusals()).toEqual([]);
  });
});

function never(): never {
  throw new Error('There is no promotion');
}
