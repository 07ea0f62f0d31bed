import { expect, onTestFinished, test } from 'vitest';
import type { SlackWorld } from '../../../sandbox/slack/world.ts';
import { UserGroups } from '../../../src/adapters/slack/user-groups.ts';
import { createWebClient } from '../../../src/adapters/slack/web-client.ts';
import { stage } from '../../sandbox/slack/stage.ts';
import { keptLog } from '../../support/log.ts';

const group = 'S01RELEASE';
const members = ['U01ADA', 'U02GRACE'];

async function groups(world: Partial<SlackWorld> = {}) {
  const it = await stage({ timeScale: 100, world });
  const log = keptLog();
  const client = createWebClient({ botToken: it.slack.botToken, apiUrl: it.slack.apiUrl }, log);
  let at = Date.parse('2026-11-20T10:00:00.000Z');
  const cache = new UserGroups(client, () => new Date(at), log);
  onTestFinished(() => cache.stop());
  const asked = async () => (await it.control.requests('usergroups.users.list')).length;
  const move = (ms: number) => {
    at += ms;
  };
  return { ...it, log, cache, asked, move };
}

test('the members of a group are asked for once and kept for five minutes', async () => {
  const { cache, asked, move } = await groups();
  expect(await cache.membersOf(group)).toEqual(members);
  move(299_999);
  expect(await cache.membersOf(group)).toEqual(members);
  expect(await asked()).toBe(1);
});

test('after five minutes they are asked for again', async () => {
  const { cache, control, asked, move } = await groups();
  await cache.membersOf(group);
  await control.changeWorld({ groups: [{ handle: 'release-engineers', remove: ['U02GRACE'] }] });
  expect(await cache.membersOf(group)).toEqual(members);
  move(300_000);
  expect(await cache.membersOf(group)).toEqual(['U01ADA']);
  expect(await asked()).toBe(2);
});

test('many who ask at once ask Slack once', async () => {
  const { cache, asked } = await groups();
  const answers = await Promise.all(Array.from({ length: 20 }, () => cache.membersOf(group)));
  expect(answers.every((answer) => answer?.length === 2)).toBe(true);
  expect(await asked()).toBe(1);
});

test('an expired answer without a new one is not known, and says so in the log (F6)', async () => {
  const { cache, control, move, log } = await groups();
  await cache.membersOf(group);
  const { id } = await control.addFault({ kind: 'http500' });
  expect(await cache.membersOf(group)).toEqual(members);
  move(300_000);
  expect(await cache.membersOf(group)).toBeNull();
  expect(log.lines.some(({ message }) => message.includes('its roles are refused'))).toBe(true);
  await control.removeFault(id);
  expect(await cache.membersOf(group)).toEqual(members);
});

test.each<[string, Partial<SlackWorld>, string]>([
  ['does not exist', {}, 'S0NOWHERE'],
  ['needs a paid plan', { paidPlan: false }, group],
  ['needs a scope that is missing', { scopes: ['commands'] }, group],
])('a group that %s has no known members', async (_, world, id) => {
  const { cache } = await groups(world);
  expect(await cache.membersOf(id)).toBeNull();
});

test('an empty group is known to be empty', async () => {
  const empty = { id: 'S0EMPTY', handle: 'empty', name: 'Empty', users: [] };
  const { cache } = await groups({ userGroups: [empty] });
  expect(await cache.membersOf('S0EMPTY')).toEqual([]);
});

test('a Slack that hangs does not hold up the command, and its late answer counts for the next', async () => {
  const { cache, control, asked } = await groups();
  await control.addFault({ kind: 'slow', delayMs: 2_500, times: 1 });
  expect(await cache.membersOf(group)).toBeNull();
  await expect.poll(() => cache.membersOf(group), { timeout: 10_000 }).toEqual(members);
  expect(await asked()).toBe(1);
});

test('groups that are kept fresh are known before anyone asks', async () => {
  const { cache, asked } = await groups();
  await cache.keepFresh([group]);
  expect(await asked()).toBe(1);
  expect(await cache.membersOf(group)).toEqual(members);
  expect(await asked()).toBe(1);
});
