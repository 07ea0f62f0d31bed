import { inspect } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bot, startBot } from '../../src/app.ts';
import { secretsOf } from '../../src/settings.ts';
import { blockerIds } from '../../src/views/blocker-modal.ts';
import { blockersIds } from '../../src/views/blockers-modal.ts';
import { itemIds } from '../../src/views/item-modal.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';

import { ada, nora, releases, rita, tess } from '../support/catalogue.ts';
import { gate, group, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { until } from '../support/until.ts';
import { sendForm } from './support/crafted-release.ts';
import { markdownIn, mrkdwnIn, pingElementsIn, slackAnswers, slackCalls } from './support/outgoing.ts';
import { type ReleaseScene, releaseSceneOf } from './support/release-scene.ts';
import { startTap, type Tap } from './support/tap.ts';

/**
 * Whatever people, GitLab, Sentry, a log and a site write: it pings nobody, breaks no message and leaks no secret.
 * Everything that leaves the bot goes through taps, so what is looked at is what was really sent.
 */
const pings =
  '<!channel> <!here> <!everyone> <@U0ADMIN> <!subteam^S0RELENG> <#C0GENERAL> @here @channel @ada';
const marks = '*bold* _slant_ ~gone~ `code` ```fence``` &lt;!channel&gt; > quote | # head - [x] done';
const links = '<javascript:alert(1)|click> [click](javascript:alert(1)) <https://evil.example|gitlab.com>';
const turned = '\u202Edesrever\u202C \u2066isolated\u2069 \u200Bzero';
const hostile = `${pings} ${marks} ${links} ${turned}`;
const long = 'A'.repeat(3_000);

/** Put together here, so that no scanner takes this file for a leak. Each is told apart by where it was planted. */
const token = {
  mergeRequest: ['glpat', 'Zy8kQ3vT5nR7wB1xC4dM'].join('-'),
  author: ['glrt', 'hT4mW9pLs2Vc7Kd5Jq8X'].join('-'),
  sentry: ['xoxb', '263594206564', 'FGqddMF8t08v8N7Oq4i57vs1MZLQ'].join('-'),
  culprit: `AKIA${'Q6TGB3NZ5XW7LK2P'}`,
  log: ['-----BEGIN RSA ', 'PRIVATE KEY-----\n', 'MIIEowIBAAKCAQEAx9v3'.repeat(4)].join(''),
  health: ['sntrys', 'eyJpYXQiOjE3MDAwMDAwMDB9', 'q8Vt3nKx5Rz7'].join('_'),
  note: ['hunter2', 'S3cretPw'].join('-'),
  workspace: ['lin', 'api', 'R7vWq2XkT9mZc4LdB8nHs5JfP3yGt6QwE1uA0iO'].join('_'),
  reason: ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_'),
  link: ['glpat', 'Link3vT5nR7wB1xC4dMq'].join('-'),
  name: ['glpat', 'Name3vT5nR7wB1xC4'].join('-'),
};
const passwordUrl = `postgres://svc:${token.note}@db.example/manage`;

let town: ReleaseTown;
let scene: ReleaseScene;
let bot: Bot;
const taps: Tap[] = [];
let [slack, linear, edge]: Tap[] = [];
const id = 'r-hostile';
const logs = { region: 'eu-west-1', group: '/ecs/manage-staging/bf-manage-core' };

beforeAll(async () => {
  town = await startReleaseTown({
    http: true,
    webhooks: false,
    groups: (site) => [
      group('merge-requests', [gate('mrs', { check: 'merge-requests' })]),
      group('identity', [
        gate('health', {
          check: 'http-health',
          with: { url: `${site}/health`, path: '$.note', equals: 'ok' },
        }),
        gate('migrations', {
          check: 'migrations',
          with: {
            log: { ...logs, success: ['migrated'], failure: ['MIGRATION FAILED'] },
            project: 'bf-manage-core',
          },
        }),
      ]),
      group('monitoring', [
        gate('sentry', { check: 'error-spike', with: { projects: ['manage-backend', 'manage-web'] } }),
        gate('frontend', { check: 'frontend-errors', with: { project: 'manage-web', pages: ['/overview'] } }),
      ]),
      group('smoke', [gate('login'), gate('logout')], { workspace: true }),
    ],
  });
  await town.bot.stop();
  await plant();
  await tapTheBot();
  scene = releaseSceneOf(town);
});
afterAll(async () => {
  await scene?.close();
  await bot?.stop();
  await Promise.all(taps.map((tap) => tap.stop()));
  await town?.stop();
});

/** Everything that others write, before the release is opened. */
async function plant(): Promise<void> {
  const [project, iids] = ['betterfleet/bf-manage-core', [] as number[]];
  const titles = [
    `${token.mergeRequest} ${hostile}`,
    `${hostile} ${long}`,
    `\`\`\` ${settingsSecrets().join(' ')}`,
  ];
  for (const title of titles) {
    const author = `${token.author} ${pings}`;
    const { iid } = await town.forge.addMergeRequest({
      project,
      title,
      author,
      labels: [hostile],
      paths: ['src/a.py'],
    });
    iids.push(iid);
  }
  await town.forge.deploy({ project, mergeRequests: iids });
  await town.forge.age(45);
  const seen = { environment: 'staging', firstSeen: new Date(Date.now() - 60_000).toISOString(), count: 9 };
  await town.errors.addIssue({
    project: 'manage-backend',
    title: `${token.sentry} ${hostile}`,
    culprit: hostile,
    ...seen,
  });
  const culprit = `/overview ${token.culprit} ${pings}`;
  await town.errors.addIssue({ project: 'manage-web', title: `${hostile} ${long}`, culprit, ...seen });
  await town.cloud.putLines({ ...logs, lines: [{ text: `MIGRATION FAILED ${hostile} ${token.log}` }] });
  await town.site.health({ body: { note: `${token.health} ${hostile} ${long}` } });
}

function settingsSecrets(): string[] {
  return secretsOf(town.settings);
}

/** The same bot again, with a tap on each of its ways out. */
async function tapTheBot(): Promise<void> {
  const { settings } = town;
  const { linear: tracker } = settings;
  if (!tracker) throw new Error('there is no Linear');
  [slack, linear] = [await startTap(settings.slack.apiUrl), await startTap(tracker.apiUrl)];
  const tapped = {
    ...settings,
    slack: { ...settings.slack, apiUrl: slack.through(settings.slack.apiUrl) },
    linear: { ...tracker, apiUrl: linear.through(tracker.apiUrl) },
  };
  bot = await startBot(tapped, town.catalogue, town.log, { edge: true, work: true });
  edge = await startTap(bot.url ?? '');
  taps.push(slack, linear, edge);
  const url = edge.through(bot.url ?? '').replace(/\/$/, '');
  town = { ...town, bot: { ...bot, url } };
  town.slack.setRequestUrl(`${url}/slack/events`);
}

/** What people write, through the forms, after the automated gates have spoken. */
async function write(): Promise<void> {
  await scene.open(id);
  await scene.when(id, 'all was looked at', ({ gates }) =>
    ['mrs', 'health', 'migrations', 'sentry', 'frontend'].every((one) => gates[one]?.phase === 'done'),
  );
  const place = { workspace: `${token.workspace} <!channel>`, depot: `${turned} \`\`\` <@U0ADMIN>` };
  await scene.setWorkspace(id, tess, place);
  await scene.openChecklist(id, tess);
  await scene.answer(id, 'login', 'fail', `${hostile} ${passwordUrl}`, tess);
  await scene.answer(
    id,
    'logout',
    'not-applicable',
    `# head\n- [x] done\n\`\`\`\n${settingsSecrets()[0]} <!here>`,
    tess,
  );
  await town.people.close({ user: tess, all: true });
  await scene.press(id, releaseButtons.blockers);
  await scene.onTop(rita, blockersIds.callback);
  const form = { user: rita, callback: blockerIds.callback, metadata: `${id}/login/gate` };
  const reason = { typed: `${token.reason} ${hostile}` };
  const sent = await sendForm(town, {
    ...form,
    entries: {
      handling: { chosen: 'tracked' },
      reason,
      link: { address: 'https://tracker.example/1?<!channel>|x' },
    },
  });
  expect(sent).toEqual({ status: 200, answer: null });
  await town.people.close({ user: rita, all: true });
}

/** Until nothing is left to write but what looks at the outside for ever. */
async function written(): Promise<void> {
  await scene.when(id, 'a decision', ({ decisions }) => decisions.length > 0);
  await until(
    'everything is written',
    async () =>
      Object.keys(await scene.outbox.openCounts()).every((kind) => ['discover', 'watch'].includes(kind)),
    100_000,
  );
}

describe('a release full of hostile words', () => {
  beforeAll(async () => {
    await write();
    await written();
    await town.people.command({ user: rita, channel: releases, command: '/release', text: `decide ${id}` });
  });
  const sentToSlack = () => [...slackCalls(slack?.asked ?? []), ...slackAnswers(edge?.answered ?? [])];
  const marked = () => sentToSlack().flatMap(mrkdwnIn);

  test('is told and decided all the same', async () => {
    const { decisions } = await scene.state(id);
    const against = decisions.at(-1)?.reasons.map((reason) => reason.gate);
    expect(new Set(against)).toEqual(new Set(['mrs', 'health', 'migrations', 'sentry', 'frontend', 'login']));
    expect(await scene.mismatches(id)).toEqual([]);
    expect(await town.people.refusals()).toEqual([]);
    expect(marked().join('\n')).toContain('&lt;!channel&gt;');
  });

  test('pings nobody and links nowhere but where we link', () => {
    const mine =
      /^(?:@U0RELENG|@U0TESTER|#C0RELEASES|!date\^\d+\^[^|]*\|[^|]*|http:\/\/127\.0\.0\.1:\d+\/[^|]*\|[^|]*|https:\/\/(?:tracker\.example|eu-west-1\.console\.aws\.amazon\.com)\/[^|]*\|[^|]*)$/;
    for (const text of marked()) {
      const tags = [...text.matchAll(/<([^<>]*)>/g)].map(([, inner = '']) => inner);
      expect(tags.filter((tag) => !mine.test(tag))).toEqual([]);
      expect(text.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
    }
    const calls = sentToSlack();
    expect(calls.flatMap(pingElementsIn)).toEqual([]);
    for (const call of calls) expect(call).not.toMatchObject({ link_names: expect.anything() });
  });

  test('breaks no message: no fence opens, and nothing turns a line around', () => {
    for (const text of marked()) {
      expect(text).not.toContain('```');
      expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    }
  });

  test('forms nothing in Linear but what we wrote', async () => {
    const texts = markdownIn(linear?.asked ?? []);
    expect(texts.join('\n')).toContain('desrever');
    for (const text of texts) {
      expect(text).not.toMatch(/(?<!\\)`{3}|[\u202A-\u202E\u2066-\u2069\u200B]/);
      expect(text).not.toMatch(/(?<!\\)\]\((?!https?:)|(?<!\\)<(?!http)|@\w/);
    }
    const [issue] = await town.tracker.issues();
    const lines = issue?.description?.split('\n') ?? [];
    // One box a gate, and two of the outcome; and no heading but ours.
    expect(lines.filter((line) => /^\s*[-*] \[[ x]\]/i.test(line))).toHaveLength(7 + 2);
    const headings = lines.filter((line) => line.startsWith('#'));
    expect(headings).toHaveLength(6);
    for (const heading of headings)
      expect(heading).toMatch(/^## (Staging validation|Outcome|.*Group [a-z-]+)$/);
  });

  /** All that was sent, shown, stored and logged. */
  const everywhere = async () => {
    const screens = await Promise.all([rita, tess, ada, nora].map((user) => town.people.screen(user)));
    return {
      slack: [JSON.stringify(sentToSlack()), JSON.stringify(screens)].join('\n'),
      linear: [JSON.stringify(linear?.asked), JSON.stringify(await town.tracker.issues())].join('\n'),
      stored: await rowsOf(town.settings.databaseUrl ?? ''),
      log: inspect(town.log.lines, { depth: 20, maxStringLength: null, maxArrayLength: null }),
    };
  };
  const secrets = () => [
    ...Object.entries(token),
    ...settingsSecrets().map((secret, index): [string, string] => [`setting ${index + 1}`, secret]),
  ];
  const leaked = async (partOf: (secret: string) => string) =>
    Object.entries(await everywhere()).flatMap(([place, text]) =>
      secrets()
        .filter(([, secret]) => text.includes(partOf(secret)))
        .map(([name]) => `${name} in ${place}`),
    );

  test('leaks no secret to Slack, to Linear, into what is stored or into the log', async () => {
    expect(await leaked((secret) => secret)).toEqual([]);
    expect(await leaked((secret) => JSON.stringify(secret).slice(1, -1))).toEqual([]);
  });

  test('leaks no part of a secret where a text was cut', async () => {
    expect(await leaked((secret) => secret.slice(4, 16))).toEqual([]);
  });

  test('says that something was removed', async () => {
    const { slack: told, linear: written, stored } = await everywhere();
    for (const text of [told, written, stored])
      for (const kind of ['GitLab token', 'setting', 'Linear key', 'GitHub token'])
        expect(text).toContain(`removed: ${kind}`);
  });
});

describe('a secret where it would lead somewhere', () => {
  test('a link that holds one is refused, and nothing is recorded', async () => {
    const { answer } = await sendForm(town, {
      user: tess,
      callback: itemIds.callback,
      metadata: `${id}/login/1/`,
      entries: { outcome: { chosen: 'pass' }, link: { address: `https://ci.example/?token=${token.link}` } },
    });
    expect(answer).toMatchObject({
      response_action: 'errors',
      errors: { link: expect.stringContaining('holds a secret') },
    });
    expect(await rowsOf(town.settings.databaseUrl ?? '')).not.toContain(token.link);
  });

  test('a link that is no web address is refused', async () => {
    const entries = { outcome: { chosen: 'pass' }, link: { address: 'javascript:alert(1)' } };
    const { answer } = await sendForm(town, {
      user: tess,
      callback: itemIds.callback,
      metadata: `${id}/login/1/`,
      entries,
    });
    expect(answer).toMatchObject({ response_action: 'errors' });
  });

  test('a release is not named by one', async () => {
    await town.people.command({ user: rita, channel: releases, command: '/release', text: 'validate' });
    await town.people.type({ user: rita, blockId: 'name', actionId: 'name', value: token.name });
    await town.people.submit({ user: rita });
    await town.people.close({ user: rita, all: true });
    expect(await rowsOf(town.settings.databaseUrl ?? '')).not.toContain(token.name);
  });
});

/** All events and all orders of work, as they are stored. */
async function rowsOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: events } = await client.query('select * from gonogo.event');
    const { rows: orders } = await client.query('select * from gonogo.outbox');
    return JSON.stringify({ events, orders });
  } finally {
    await client.end();
  }
}
