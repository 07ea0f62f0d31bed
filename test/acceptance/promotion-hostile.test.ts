import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bot, startBot } from '../../src/app.ts';
import { secretsOf } from '../../src/settings.ts';
import { promotionButtons } from '../../src/views/promotion-ids.ts';
import { rolloutWaiverIds } from '../../src/views/rollout-waiver-modal.ts';
import { releases, rita } from '../support/catalogue.ts';
import { until } from '../support/until.ts';
import { sendForm } from './support/crafted-release.ts';
import { mrkdwnIn, pingElementsIn, slackAnswers, slackCalls } from './support/outgoing.ts';
import { patienceMs } from './support/promotion-archive.ts';
import { type PromotionScene, promotionSceneOf, stageOf } from './support/promotion-scene.ts';
import {
  eu,
  owners,
  type PromotionTown,
  planOf,
  service,
  startPromotionTown,
} from './support/promotion-town.ts';
import { startTap, type Tap } from './support/tap.ts';

/**
 * Whatever ECS, a log, GitLab and people write: it pings nobody, breaks no message, leaks no secret and forges no
 * answer. Everything that leaves the bot goes through taps, so what is looked at is what was really sent.
 */
const pings = '<!channel> <!here> <!everyone> <@U0ADMIN> <!subteam^S0RELENG> <#C0GENERAL> @here';
const marks = '*bold* _slant_ ~gone~ `code` ```fence``` &lt;!channel&gt; > quote';
const links = '<javascript:alert(1)|click> <https://evil.example|gitlab.com>';
const turned = '\u202Edesrever\u202C \u2066isolated\u2069';
const hostile = `${pings} ${marks} ${links} ${turned}`;

/** Put together here, so that no scanner takes this file for a leak. Each is told apart by where it was planted. */
const token = {
  image: ['glpat', 'Zy8kQ3vT5nR7wB1xC4dM'].join('-'),
  line: ['xoxb', '263594206564', 'FGqddMF8t08v8N7Oq4i57vs1MZLQ'].join('-'),
  traceback: `AKIA${'Q6TGB3NZ5XW7LK2P'}`,
  reason: ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_'),
};
const logs = {
  container: null,
  group: null,
  success: [{ name: 'Listening', pattern: 'Listening on port', quorum: 'each' as const }],
  failure: [{ name: 'Fatal', pattern: 'FATAL', cause: null }],
  timeoutSeconds: 150,
};

let town: PromotionTown;
let scene: PromotionScene;
let bot: Bot;
const taps: Tap[] = [];
let [slack, edge]: Tap[] = [];
const commits: string[] = [];

beforeAll(async () => {
  const plan = planOf();
  town = await startPromotionTown({ http: true, plans: [{ ...plan, rules: { ...plan.rules, logs } }] });
  await town.bot.stop();
  await tapTheBot();
  scene = promotionSceneOf(stageOf(town));
  await play();
});
afterAll(async () => {
  await scene?.close();
  await bot?.stop();
  await Promise.all(taps.map((tap) => tap.stop()));
  await town?.stop();
});

/** The same bot again, with a tap on each of its ways out. */
async function tapTheBot(): Promise<void> {
  const { settings } = town;
  slack = await startTap(settings.slack.apiUrl);
  const tapped = { ...settings, slack: { ...settings.slack, apiUrl: slack.through(settings.slack.apiUrl) } };
  bot = await startBot(tapped, town.catalogue, town.log, { edge: true, work: true });
  edge = await startTap(bot.url ?? '');
  taps.push(slack, edge);
  const url = edge.through(bot.url ?? '').replace(/\/$/, '');
  // Hooks are signed, and go past the tap, which hands on what it read.
  await town.forge.setWebhook({
    url: `${bot.url}/webhooks/gitlab`,
    signingToken: settings.gitlab.webhook.signingToken ?? '',
  });
  town = { ...town, bot: { ...bot, url } };
  town.slack.setRequestUrl(`${url}/slack/events`);
}

/** One deployment whose tasks write what they like and crash, and one whose image cannot be pulled. */
async function play(): Promise<void> {
  const text = [
    `INFO  starting ${hostile} ${token.line}`,
    '```',
    `::error:: <!channel> ${'A'.repeat(3_000)}`,
    `FATAL ${hostile} ${token.traceback} ${settingsSecrets().join(' ')}`,
  ];
  const lines = text.map((one, index) => ({ afterMs: 300 + 300 * index, text: one }));
  const user = `r.engineer ${pings}`;
  commits.push(await scene.apply({ script: 'crash-no-breaker', lines, user }));
  await decided(0);
  const made = await scene.begin({ user });
  const image = `registry.example/${service}-${token.image}/${hostile.replaceAll(' ', '·')}:${made.sha}`;
  await scene.change({ script: 'image-pull', image }, made.sha);
  await made.finish();
  commits.push(made.sha);
  await decided(1);
  const { ts } = await scene.replyWith(made.sha, promotionButtons.handOver);
  await town.people.press({ user: rita, channel: releases, ts, actionId: promotionButtons.handOver });
  const { blocker, reason, hours, callback } = rolloutWaiverIds;
  const sent = await sendForm(town, {
    ...{ user: rita, callback, metadata: `${scene.idOf(made.sha)}/${eu}/1` },
    entries: {
      [blocker.block]: { chosen: 'rollout' },
      [reason.block]: { typed: `${token.reason} ${hostile}` },
      [hours.block]: { chosen: '1' },
    },
  });
  expect(sent).toEqual({ status: 200, answer: null });
  await scene.reply(made.sha, /^Waiver asked for/);
  await scene.ask(`validate ${service}`);
  await until(
    'everything to be written',
    async () => {
      const open = `select 1 from outbox where finished < wanted and kind in ('message', 'commit-status')`;
      return (await scene.pool.query(open)).rows.length === 0;
    },
    patienceMs,
  );
}

const decided = (index: number) => scene.decided(commits[index] ?? '', eu, 'NO-GO');

function settingsSecrets(): string[] {
  return secretsOf(town.settings);
}

describe('a deployment full of hostile words', () => {
  const sentToSlack = () => [...slackCalls(slack?.asked ?? []), ...slackAnswers(edge?.answered ?? [])];
  const marked = () => sentToSlack().flatMap(mrkdwnIn);

  test('is told all the same, and Slack takes every message', async () => {
    expect(await town.people.refusals()).toEqual([]);
    const all = marked().join('\n');
    expect(all).toContain('&lt;!channel&gt;');
    expect(all).toContain('FATAL');
    expect(all).toContain('CannotPullContainerError');
  });

  test('pings nobody but the owner, and links nowhere but where we link', () => {
    const mine = new RegExp(
      [
        `^(?:@U0RELENG|#C0RELEASES|!subteam\\^${owners}|!date\\^\\d+\\^[^|]*\\|[^|]*`,
        'http://127\\.0\\.0\\.1:\\d+/[^|]*\\|[^|]*',
        'https://[a-z0-9-]+\\.console\\.aws\\.amazon\\.com/[^|]*\\|[^|]*)$',
      ].join('|'),
    );
    for (const text of marked()) {
      const tags = [...text.matchAll(/<([^<>]*)>/g)].map(([, inner = '']) => inner);
      expect(tags.filter((tag) => !mine.test(tag))).toEqual([]);
      expect(text.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
    }
    expect(sentToSlack().flatMap(pingElementsIn)).toEqual([]);
    for (const call of sentToSlack()) expect(call).not.toMatchObject({ link_names: expect.anything() });
  });

  test('breaks no message: only our own fences open and close, and nothing turns a line around', () => {
    for (const text of marked()) {
      const fences = text.split('\n').filter((line) => line.includes('```'));
      expect(fences.every((line) => line === '```')).toBe(true);
      expect(fences.length % 2).toBe(0);
      expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    }
  });

  test('leaks no secret to Slack, into GitLab, into what is stored, over HTTP or into the log', async () => {
    const { rows: events } = await scene.pool.query('select * from event');
    const { rows: orders } = await scene.pool.query('select * from outbox where kind <> $1', ['webhook']);
    const { rows: watches } = await scene.pool.query('select * from watch');
    const { projects } = await town.forge.state();
    const reports = await Promise.all(
      commits.map(async (commit) => {
        const address = `${bot.url}/api/rollouts/${service}/${eu}?commit=${commit}`;
        const headers = { authorization: `Bearer ${town.settings.apiToken}` };
        return (await fetch(address, { headers })).text();
      }),
    );
    const everywhere = {
      slack: JSON.stringify([sentToSlack(), await town.people.screen(rita)]),
      gitlab: JSON.stringify(projects.flatMap(({ commitStatuses }) => commitStatuses)),
      stored: JSON.stringify({ events, orders, watches }),
      http: reports.join('\n'),
      log: inspect(town.log.lines, { depth: 20, maxStringLength: null, maxArrayLength: null }),
    };
    const secrets = [
      ...Object.entries(token),
      ...settingsSecrets().map((one, n) => [`setting ${n}`, one] as const),
    ];
    const leaks = Object.entries(everywhere).flatMap(([place, text]) =>
      secrets.flatMap(([name, secret]) =>
        text.includes(secret) || text.includes(secret.slice(4, 16)) ? [`${name} in ${place}`] : [],
      ),
    );
    expect(leaks).toEqual([]);
    expect(everywhere.stored).toContain('removed: ');
    expect(everywhere.slack).toContain('removed: ');
    expect(everywhere.http).toContain('NO-GO');
  });
});
