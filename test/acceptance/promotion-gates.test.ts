import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gate } from '../../src/cli/gate.ts';
import { promotionButtons } from '../../src/views/promotion-ids.ts';
import { rolloutWaiverIds } from '../../src/views/rollout-waiver-modal.ts';
import { hostileBot, sendJson } from '../cli/hostile-bot.ts';
import { jobOf } from '../cli/job.ts';
import { ada, nora, releases, rita } from '../support/catalogue.ts';
import { until } from '../support/until.ts';
import { databaseOf } from './support/breakable.ts';
import { sendForm } from './support/crafted-release.ts';
import { patienceMs } from './support/promotion-archive.ts';
import { type PromotionScene, promotionSceneOf, stageOf } from './support/promotion-scene.ts';
import {
  afterOf,
  commit,
  heldStates,
  longestHours,
  openState,
  type RegionOne,
} from './support/promotion-states.ts';
import {
  apiToken,
  eu,
  type PromotionTown,
  planOf,
  startPromotionTown,
  us,
} from './support/promotion-town.ts';
import { wordsOf } from './support/scene.ts';
import { sendSigned } from './support/signed.ts';

/** C5: the second region cannot be deployed to, on any path, while the first is not freshly GO for this commit. */
let town: PromotionTown;
let scene: PromotionScene;
const states = [...heldStates, openState];
const held = heldStates.map((state): [string, RegionOne] => [state.says, state]);

beforeAll(async () => {
  town = await startPromotionTown({
    http: true,
    plans: states.map(({ of }) => planOf({ service: of, after: afterOf(of) })),
  });
  scene = promotionSceneOf(stageOf(town));
  for (const { make } of states) await make(scene, town);
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

const bot = (token = apiToken) => ({ url: town.bot.url ?? '', token });
const ask = async (of: string, where: { url: string; token: string } | null = bot(), region: string = us) => {
  const { deps, written } = jobOf({ bot: where });
  const code = await gate({ service: of, region, commit, wait: '0' }, deps);
  return { code, said: `${written.out}${written.err}` };
};
const main = join(import.meta.dirname, '../../src/main.ts');
/** `gonogo gate` as a job of a pipeline runs it. */
const job = (of: string, settings: Record<string, string>): Promise<number> =>
  promisify(execFile)(
    process.execPath,
    [main, 'gate', '--service', of, '--region', us, '--commit', commit, '--wait', '0'],
    { env: { PATH: process.env['PATH'], ...settings } },
  ).then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
const settingsOf = ({ url, token }: { url: string; token: string }) => ({
  GONOGO_URL: url,
  GONOGO_API_TOKEN: token,
});
const isHeld = async ({ of }: RegionOne) => {
  const { status, open, holds } = await scene.gate(us, commit, { of });
  expect([status, open]).toEqual([200, false]);
  expect(holds.length).toBeGreaterThan(0);
};
/** What happened to this commit of a service since so many events. */
const since = async (of: string, count: number) =>
  (await scene.state(commit, of)) ? (await scene.eventsOf(commit, of)).slice(count) : [];
const goesAfter = async (of: string, count: number) =>
  (await since(of, count)).filter(({ type, data }) => type === 'RegionDecided' && data.decision === 'GO');

describe('a first region that is freshly GO', () => {
  test('opens the gate of the second: so a shut one means something', async () => {
    expect(await scene.gate(us, commit, { of: openState.of })).toMatchObject({ status: 200, open: true });
    expect(await ask(openState.of)).toMatchObject({ code: 0, said: expect.stringContaining('OPEN') });
    expect(await job(openState.of, settingsOf(bot()))).toBe(0);
    expect(await scene.ask(`validate ${openState.of}`)).toMatch(/proceed\..*us-east-1/s);
  });
});

describe.each(held)('a first region that %s', (_, state) => {
  const { of } = state;

  test('holds the second for the gate command and over HTTP, with what to do', async () => {
    await isHeld(state);
    const { code, said } = await ask(of);
    expect([1, 2]).toContain(code);
    expect(said).toMatch(/HELD: Gate of .*\n.*in eu-west-1/);
    expect(said).toContain('What to do: ');
    expect(said).not.toContain('OPEN');
    for (const token of ['another-token-of-16-and-more', null])
      expect(await scene.gate(us, commit, { of, token })).toMatchObject({ status: 401, open: undefined });
  });

  test('holds it in what Slack shows', async () => {
    const count = (await since(of, 0)).length;
    const said = await scene.ask(`validate ${of}`);
    // What it says of another commit is about that one.
    if (said.includes(commit.slice(0, 8))) expect(said).not.toMatch(/deploys us-east-1|proceed\./);
    else expect(said).not.toContain('aaaa');
    const id = scene.idOf(commit, of);
    if (count > 0) {
      const message = await town.people.until(
        rita,
        ({ channels }) =>
          channels
            .find((one) => one.id === releases)
            ?.messages.find(({ blocks }) => JSON.stringify(blocks).includes(`· \`${id}\`"`)),
        { timeoutMs: patienceMs },
      );
      expect(wordsOf(message)).toMatch(/us-east-1\* is held/);
      expect(wordsOf(message)).not.toMatch(/deploys us-east-1|proceed\./);
    }
    await scene.ask(`validate ${of} ${us}`);
    await isHeld(state);
    const started = (await since(of, count)).filter(({ type }) => type === 'RolloutStarted');
    expect(started).toEqual([]);
  });

  test('is not got round with made-up buttons and forms', async () => {
    const count = (await since(of, 0)).length;
    const id = scene.idOf(commit, of);
    const places = [
      `${id}/${us}/0`,
      `${id}/${us}/1`,
      `${id}/${eu}/0`,
      `${id}/${eu}/1`,
      `${id}/${eu}/9`,
      `${id}/w1`,
      `${id}/w2`,
      id,
      '',
    ];
    // A waiver of what is not there, and one that nobody but its own author confirms.
    for (const [place, blocker] of [
      [`${id}/${us}/1`, `order/${eu}`],
      [`${id}/${us}/0`, `order/${eu}`],
      [`${id}/${eu}/0`, 'rollout'],
      [`${id}/${eu}/1`, 'rollout'],
      [`${id}/${eu}/2`, 'rollout'],
    ] as const)
      await form(place, blocker, rita);
    for (const waiver of (await scene.state(commit, of))?.waivers ?? []) {
      await press(promotionButtons.confirmWaiver, `${id}/${waiver.id}`, waiver.by);
      await press(promotionButtons.confirmWaiver, `${id}/${waiver.id}`, nora);
    }
    for (const actionId of Object.values(promotionButtons))
      for (const value of places) await press(actionId, value, actionId.length % 2 === 0 ? ada : rita);
    await isHeld(state);
    expect(await goesAfter(of, count)).toEqual([]);
    expect((await ask(of)).code).not.toBe(0);
  });

  test('is not got round by deploying to the second all the same', async () => {
    const count = (await since(of, 0)).length;
    const begin = (token: string) =>
      fetch(`${town.bot.url}/api/rollouts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ service: of, region: us, commit, source: 'job/4711' },
          appliedAt: new Date().toISOString(),
        }),
      });
    expect((await begin('another-token-of-16-and-more')).status).toBe(401);
    expect((await since(of, count)).filter(({ type }) => type === 'RolloutStarted')).toEqual([]);
    expect((await begin(apiToken)).status).toBe(202);
    await isHeld(state);
    expect(await goesAfter(of, count)).toEqual([]);
  });
});

/** After all that was tried above, when whatever was looked at again has been looked at. */
describe('in the end', () => {
  test('every gate is still held, and the open one still open', async () => {
    await until(
      'whatever was asked for to be looked at',
      async () => (await scene.pool.query('select 1 from watch where memo is null')).rows.length === 0,
      patienceMs,
    );
    for (const state of heldStates) await isHeld(state);
    expect(await scene.gate(us, commit, { of: openState.of })).toMatchObject({ open: true });
    expect(await job('s-no-go', settingsOf(bot()))).not.toBe(0);
    // What was made up did arrive: the parts of it that people may do were done.
    const done = (await since('s-no-go', 0)).map(({ type }) => type);
    expect(done).toEqual(expect.arrayContaining(['WaiverProposed', 'RolloutStarted']));
    expect((await since('s-old', 0)).map(({ type }) => type)).toContain('RecheckRequested');
  });
});

describe('a job that cannot ask', () => {
  const { of } = openState;

  test('is held: with a wrong token, without one, without a bot', async () => {
    const wrong = bot('another-token-of-16-and-more');
    expect(await ask(of, wrong)).toMatchObject({ code: 3 });
    expect(await job(of, settingsOf(wrong))).toBe(3);
    expect(await job(of, { GONOGO_URL: wrong.url })).toBe(3);
    expect(await job(of, {})).toBe(3);
    expect(await job(of, settingsOf({ ...bot(), url: 'http://127.0.0.1:9' }))).toBe(2);
  });

  test.each<[string, unknown]>([
    ['open, and nothing else', { open: true }],
    [
      'an answer that was kept from another question',
      { version: 1, service: of, region: us, commit, asked: 'x', open: true, holds: [] },
    ],
    ['a word', 'open'],
  ])('is held: the bot answers %s', async (_, body) => {
    const rubbish = await hostileBot((_request, response) => sendJson(response, 200, body));
    expect(await ask(of, { ...bot(), url: rubbish.url })).toMatchObject({ code: 2 });
    expect(await job(of, settingsOf({ ...bot(), url: rubbish.url }))).toBe(2);
  });

  test('is held: the bot has lost its database', async () => {
    const database = databaseOf(town);
    await database.away();
    try {
      const { code, said } = await ask(of);
      expect([code, said]).toEqual([2, expect.not.stringContaining('OPEN')]);
    } finally {
      await database.back();
    }
    await until('the bot to read again', async () => (await ask(of)).code === 0, patienceMs);
  });
});

/** Presses a button that may never have been shown, signed as Slack signs it. */
async function press(actionId: string, value: string, user: string): Promise<void> {
  const team = { id: town.slack.teamId, domain: 'sandbox' };
  const { status } = await sendSigned(town, {
    fields: {
      payload: JSON.stringify({
        ...{ type: 'block_actions', team, api_app_id: 'A01GONOGO', trigger_id: '1.2.3' },
        user: { id: user, username: 'someone', name: 'someone', team_id: team.id },
        channel: { id: releases, name: 'releases' },
        message: { ts: '1.1', text: '', type: 'message' },
        container: { type: 'message', message_ts: '1.1', channel_id: releases },
        actions: [
          { type: 'button', action_id: actionId, block_id: 'rollout_actions', value, action_ts: '1.1' },
        ],
      }),
    },
  });
  expect(status).toBe(200);
}

async function form(metadata: string, blocker: string, user: string): Promise<void> {
  const { blocker: what, reason, hours, callback } = rolloutWaiverIds;
  const { status } = await sendForm(town, {
    ...{ user, callback, metadata },
    entries: {
      [what.block]: { chosen: blocker },
      [reason.block]: { typed: 'Let it through.' },
      [hours.block]: { chosen: longestHours },
    },
  });
  expect(status).toBe(200);
}
