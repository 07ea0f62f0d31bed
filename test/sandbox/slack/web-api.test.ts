import { describe, expect, test } from 'vitest';
import type { SlackWorld } from '../../../sandbox/slack/server.ts';
import { ada, clientFor, grace, plain, refusal, releases, section, stage } from './stage.ts';

const general = 'C02GENERAL';

describe('a call is refused', () => {
  test('without a token, with a wrong one, and with one of the other kind', async () => {
    const { slack, client } = await stage();
    expect(await refusal(clientFor(slack, undefined).auth.test())).toMatchObject({ error: 'not_authed' });
    expect(await refusal(clientFor(slack, 'xoxb-stolen').auth.test())).toMatchObject({
      error: 'invalid_auth',
    });
    expect(await refusal(client.apps.connections.open({}))).toMatchObject({
      error: 'not_allowed_token_type',
    });
    const post = clientFor(slack, slack.appToken).chat.postMessage({ channel: releases, text: 'x' });
    expect(await refusal(post)).toMatchObject({ error: 'not_allowed_token_type' });
  });

  test('for an unknown method', async () => {
    const { client } = await stage();
    expect(await refusal(client.apiCall('chat.shout'))).toMatchObject({ error: 'unknown_method' });
    expect(await refusal(client.apiCall('toString'))).toMatchObject({ error: 'unknown_method' });
  });

  const scoped: [method: string, scope: string, args: Record<string, unknown>][] = [
    ['chat.postMessage', 'chat:write', { channel: releases, text: 'x' }],
    ['chat.postEphemeral', 'chat:write', { channel: releases, user: ada, text: 'x' }],
    ['conversations.history', 'channels:history', { channel: releases }],
    ['conversations.info', 'channels:read', { channel: releases }],
    ['conversations.list', 'channels:read', {}],
    ['conversations.join', 'channels:join', { channel: general }],
    ['users.info', 'users:read', { user: ada }],
    ['usergroups.list', 'usergroups:read', {}],
    ['usergroups.users.list', 'usergroups:read', { usergroup: 'S01RELEASE' }],
  ];
  test.each(scoped)('%s needs %s', async (method, scope, args) => {
    const { client, control } = await stage({ world: { scopes: [scope] } });
    expect(await client.apiCall(method, args)).toMatchObject({ ok: true });
    await control.changeWorld({ scopes: ['commands'] });
    await expect(client.apiCall(method, args)).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: scope, provided: 'commands' },
    });
  });

  const cases: [what: string, method: string, args: Record<string, unknown>, error: string][] = [
    ['unknown channel', 'chat.postMessage', { channel: 'C0', text: 'x' }, 'channel_not_found'],
    ['channel without the bot', 'chat.postMessage', { channel: general, text: 'x' }, 'not_in_channel'],
    ['history without the bot', 'conversations.history', { channel: general }, 'not_in_channel'],
    ['nothing to say', 'chat.postMessage', { channel: releases, text: '' }, 'no_text'],
    ['no channel', 'chat.postMessage', { text: 'x' }, 'invalid_arguments'],
    [
      'unknown thread',
      'chat.postMessage',
      { channel: releases, text: 'x', thread_ts: '1600000000.000100' },
      'thread_not_found',
    ],
    [
      'thread_ts of another form',
      'chat.postMessage',
      { channel: releases, text: 'x', thread_ts: 'now' },
      'invalid_thread_ts',
    ],
    [
      'metadata without a type',
      'chat.postMessage',
      { channel: releases, text: 'x', metadata: { event_payload: {} } },
      'invalid_metadata_schema',
    ],
    [
      'unknown message',
      'chat.update',
      { channel: releases, ts: '1600000000.000100', text: 'x' },
      'message_not_found',
    ],
    [
      'ephemeral for a stranger',
      'chat.postEphemeral',
      { channel: releases, user: 'U0', text: 'x' },
      'user_not_in_channel',
    ],
    [
      'unknown thread to read',
      'conversations.replies',
      { channel: releases, ts: '1600000000.000100' },
      'thread_not_found',
    ],
    ['bad cursor', 'conversations.history', { channel: releases, cursor: 'zzz' }, 'invalid_cursor'],
    ['limit beyond 1,000', 'conversations.history', { channel: releases, limit: 1001 }, 'invalid_limit'],
    ['unknown person', 'users.info', { user: 'U0' }, 'user_not_found'],
    ['unknown group', 'usergroups.users.list', { usergroup: 'S0' }, 'no_such_subteam'],
    [
      'unknown trigger',
      'views.open',
      { trigger_id: '1.2.3', view: { type: 'modal', title: plain('x'), blocks: [section('x')] } },
      'invalid_trigger_id',
    ],
    [
      'unknown view',
      'views.update',
      { view_id: 'V0', view: { type: 'modal', title: plain('x'), blocks: [section('x')] } },
      'not_found',
    ],
  ];
  test.each(cases)('%s: %s', async (_, method, args, error) => {
    const { client, control } = await stage();
    expect((await refusal(client.apiCall(method, args))).error).toBe(error);
    expect(await control.refusals()).toMatchObject([{ method, error }]);
  });

  test('groups without a paid plan', async () => {
    const world: Partial<SlackWorld> = { paidPlan: false };
    const { client } = await stage({ world });
    expect(await refusal(client.usergroups.list())).toMatchObject({ error: 'plan_upgrade_required' });
  });
});

describe('messages', () => {
  test('only the bot’s own can be changed or deleted', async () => {
    const { client, control } = await stage();
    const { ts } = await control.say({ user: ada, channel: releases, text: 'hello' });
    expect(await refusal(client.chat.update({ channel: releases, ts, text: 'x' }))).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await refusal(client.chat.delete({ channel: releases, ts }))).toMatchObject({
      error: 'cant_delete_message',
    });
  });

  test('an update keeps blocks and metadata that it does not mention, and empties what it empties', async () => {
    const { client, control } = await stage();
    const metadata = { event_type: 'release', event_payload: { id: 'r1' } };
    const posted = await client.chat.postMessage({
      channel: releases,
      text: 'a',
      blocks: [section('b')],
      metadata,
    });
    const ts = String(posted.ts);
    await client.chat.update({ channel: releases, ts, text: 'c' });
    const read = () => client.conversations.history({ channel: releases, include_all_metadata: true });
    expect((await read()).messages?.[0]).toMatchObject({ text: 'c', blocks: [section('b')], metadata });
    await client.chat.update({ channel: releases, ts, text: 'd', blocks: [] });
    expect((await control.screen(ada)).channels[0]?.messages[0]).toMatchObject({
      text: 'd',
      blocks: [],
      edited: expect.any(String),
    });
    expect(await refusal(client.chat.update({ channel: releases, ts, text: '' }))).toMatchObject({
      error: 'no_text',
    });
  });

  test('metadata is shown only to who asks', async () => {
    const { client } = await stage();
    await client.chat.postMessage({
      channel: releases,
      text: 'a',
      metadata: { event_type: 'e', event_payload: { id: 1 } },
    });
    const { messages } = await client.conversations.history({ channel: releases });
    expect(messages?.[0]).not.toHaveProperty('metadata');
  });

  test('a reply to a reply lands under the parent, and a broadcast one shows in the channel too', async () => {
    const { client, control } = await stage();
    const parent = await client.chat.postMessage({ channel: releases, text: 'parent' });
    const reply = await client.chat.postMessage({
      channel: releases,
      text: 'one',
      thread_ts: String(parent.ts),
    });
    await client.chat.postMessage({
      channel: releases,
      text: 'two',
      thread_ts: String(reply.ts),
      reply_broadcast: true,
    });
    const thread = await client.conversations.replies({ channel: releases, ts: String(parent.ts) });
    expect(thread.messages?.map((message) => message.text)).toEqual(['parent', 'one', 'two']);
    expect(thread.messages?.[0]).toMatchObject({ reply_count: 2, thread_ts: parent.ts });
    const history = await client.conversations.history({ channel: releases });
    expect(history.messages?.map((message) => message.text)).toEqual(['two', 'parent']);
    expect(
      (await control.screen(ada)).channels[0]?.messages[0]?.replies.map((each) => each.broadcast),
    ).toEqual([false, true]);
  });

  test('history and replies come in pages, within bounds', async () => {
    const { client } = await stage({ timeScale: 1000 });
    const stamps: string[] = [];
    for (const text of ['a', 'b', 'c', 'd', 'e']) {
      const { ts } = await client.chat.postMessage({ channel: releases, text });
      stamps.push(String(ts));
    }
    const seen: string[] = [];
    for await (const { messages } of client.paginate('conversations.history', {
      channel: releases,
      limit: 2,
    }) as AsyncIterable<{ messages: { text: string }[] }>)
      seen.push(messages.map((message) => message.text).join(''));
    expect(seen).toEqual(['ed', 'cb', 'a']);
    const [, second, , fourth] = stamps;
    const bounds = { channel: releases, oldest: String(second), latest: String(fourth) };
    const texts = async (inclusive: boolean) =>
      (await client.conversations.history({ ...bounds, inclusive })).messages?.map((message) => message.text);
    expect(await texts(false)).toEqual(['c']);
    expect(await texts(true)).toEqual(['d', 'c', 'b']);
  });

  test('an ephemeral message is seen by one person, until a reload, and by no history', async () => {
    const { client, control } = await stage();
    await client.chat.postEphemeral({ channel: releases, user: ada, text: 'psst' });
    const texts = async (user: string, fresh = false) =>
      (await control.screen(user, fresh)).channels[0]?.messages.map((message) => message.text);
    expect(await texts(ada)).toEqual(['psst']);
    expect(await texts(ada, true)).toEqual([]);
    expect(await texts(grace)).toEqual([]);
    expect((await client.conversations.history({ channel: releases })).messages).toEqual([]);
  });

  test('a reaction is added once', async () => {
    const { client } = await stage();
    const { ts } = await client.chat.postMessage({ channel: releases, text: 'x' });
    const react = () => client.reactions.add({ channel: releases, timestamp: String(ts), name: 'eyes' });
    await react();
    expect(await refusal(react())).toMatchObject({ error: 'already_reacted' });
  });

  test('a permalink leads to a message', async () => {
    const { client } = await stage();
    const { ts } = await client.chat.postMessage({ channel: releases, text: 'x' });
    const { permalink } = await client.chat.getPermalink({ channel: releases, message_ts: String(ts) });
    expect(permalink).toContain(`/archives/${releases}/p${String(ts).replace('.', '')}`);
  });
});

test('people, groups and channels can be read, and change at run time', async () => {
  const { client, control } = await stage();
  expect((await client.users.info({ user: ada })).user).toMatchObject({ name: 'ada', is_bot: false });
  await control.changeWorld({
    groups: [{ handle: 'qa', add: [ada], remove: [grace] }],
    channels: [{ id: 'C02GENERAL', botIsMember: true }],
  });
  const { usergroups } = await client.usergroups.list({ include_users: true });
  expect(usergroups?.find((group) => group.handle === 'qa')?.users).toEqual(['U04MARIE', ada]);
  expect((await client.conversations.info({ channel: general })).channel).toMatchObject({ is_member: true });
  expect((await control.screen(ada)).user.groups).toEqual(['release-engineers', 'qa']);
});

test('a deleted parent leaves a tombstone over its replies', async () => {
  const { client, control } = await stage();
  const { ts } = await client.chat.postMessage({ channel: releases, text: 'parent' });
  await client.chat.postMessage({ channel: releases, text: 'reply', thread_ts: String(ts) });
  await client.chat.delete({ channel: releases, ts: String(ts) });
  const [parent] = (await control.screen(ada)).channels[0]?.messages ?? [];
  expect(parent).toMatchObject({ text: 'This message was deleted.', replies: [{ text: 'reply' }] });
});
