import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { ada, grace, markdown, plain, releases, section, socketApp, stage } from './stage.ts';

const option = (name: string) => ({ text: plain(name), value: name });

/** Posts the blocks and records every action's body. */
async function acting(blocks: object[], more: (app: App) => void = () => undefined) {
  const set = await stage();
  const bodies: Record<string, unknown>[] = [];
  await socketApp(set.slack, (app) => {
    app.action(/.*/, async ({ ack, body }) => {
      bodies.push(body as unknown as Record<string, unknown>);
      await ack();
    });
    more(app);
  });
  const posted = await set.client.apiCall('chat.postMessage', { channel: releases, text: 'x', blocks });
  return { ...set, bodies, posted: posted as unknown as { ts: string } };
}

const row = (...elements: object[]) => ({ type: 'actions', block_id: 'row', elements });

describe('in a message', () => {
  test('a press carries what real Slack sends', async () => {
    const button = { type: 'button', text: plain('Stop'), action_id: 'stop', value: 'r1', style: 'danger' };
    const { control, bodies, posted, slack } = await acting([row(button)]);
    expect(await control.press({ user: ada, channel: releases, actionId: 'stop' })).toMatchObject({
      acknowledged: true,
    });
    expect(bodies[0]).toMatchObject({
      type: 'block_actions',
      user: { id: ada, username: 'ada', name: 'ada', team_id: slack.teamId },
      api_app_id: expect.any(String),
      team: { id: slack.teamId, domain: 'sandbox' },
      enterprise: null,
      is_enterprise_install: false,
      container: { type: 'message', message_ts: posted.ts, channel_id: releases, is_ephemeral: false },
      channel: { id: releases, name: 'releases' },
      message: { ts: posted.ts, user: slack.botUserId, bot_id: slack.botId, blocks: [{ block_id: 'row' }] },
      state: { values: {} },
      response_url: expect.stringContaining('/actions/'),
      trigger_id: expect.any(String),
      actions: [
        {
          type: 'button',
          action_id: 'stop',
          block_id: 'row',
          value: 'r1',
          style: 'danger',
          text: plain('Stop'),
        },
      ],
    });
  });

  test('buttons that share an action_id are told apart by value', async () => {
    const button = (value: string) => ({
      ...section(value),
      accessory: { type: 'button', text: plain('Open'), action_id: 'open', value },
    });
    const { control, bodies } = await acting([button('a'), button('b')]);
    await control.press({ user: ada, channel: releases, actionId: 'open', value: 'b' });
    expect(bodies[0]).toMatchObject({ actions: [{ value: 'b' }] });
  });

  test('an overflow entry, a select, radio buttons and checkboxes are chosen by value', async () => {
    const { control, bodies } = await acting([
      row(
        { type: 'overflow', action_id: 'more', options: [option('a'), option('b')] },
        { type: 'static_select', action_id: 'pick', options: [option('a'), option('b')] },
        { type: 'radio_buttons', action_id: 'one', options: [option('a'), option('b')] },
        { type: 'checkboxes', action_id: 'some', options: [option('a'), option('b')] },
      ),
    ]);
    const at = { user: ada, channel: releases };
    await control.press({ ...at, actionId: 'more', value: 'b' });
    await control.choose({ ...at, actionId: 'pick', value: 'b' });
    await control.choose({ ...at, actionId: 'one', value: 'a' });
    await control.choose({ ...at, actionId: 'some', values: ['a', 'b'] });
    expect(bodies.map((body) => (body['actions'] as object[])[0])).toMatchObject([
      { selected_option: option('b') },
      { selected_option: option('b') },
      { selected_option: option('a') },
      { selected_options: [option('a'), option('b')] },
    ]);
    expect(bodies.at(-1)).toMatchObject({
      state: {
        values: {
          row: {
            pick: { selected_option: option('b') },
            some: { selected_options: [option('a'), option('b')] },
          },
        },
      },
    });
    await expect(control.choose({ ...at, actionId: 'pick', value: 'z' })).rejects.toMatchObject({
      status: 409,
    });
  });

  test('nobody can press what is not on their screen', async () => {
    const { control, client } = await acting([section('nothing here')]);
    const button = { type: 'button' as const, text: plain('Go'), action_id: 'go' };
    await client.chat.postEphemeral({
      channel: releases,
      user: grace,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    await expect(control.press({ user: ada, channel: releases, actionId: 'go' })).rejects.toMatchObject({
      status: 409,
    });
    expect(await control.press({ user: grace, channel: releases, actionId: 'go' })).toMatchObject({
      acknowledged: true,
    });
  });

  test('an app that does not acknowledge shows a warning', async () => {
    const { control, client, slack } = await stage();
    await socketApp(slack, () => undefined);
    const button = { type: 'button' as const, text: plain('Go'), action_id: 'go' };
    await client.chat.postMessage({
      channel: releases,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }],
    });
    expect(await control.press({ user: ada, channel: releases, actionId: 'go' })).toMatchObject({
      acknowledged: false,
      trouble: expect.stringContaining('3 seconds'),
    });
  });
});

describe('in a modal', () => {
  async function modal(blocks: object[], answer: object = { options: [] }) {
    const set = await stage();
    const seen: Record<string, unknown>[] = [];
    await socketApp(set.slack, (app) => {
      app.command('/release', async ({ ack, body, client }) => {
        await ack();
        await client.apiCall('views.open', {
          trigger_id: body.trigger_id,
          view: { type: 'modal', title: plain('x'), submit: plain('Go'), blocks },
        });
      });
      app.action(/.*/, async ({ ack, body }) => {
        seen.push(body as unknown as Record<string, unknown>);
        await ack();
      });
      app.options(/.*/, async ({ ack, body }) => {
        seen.push(body as unknown as Record<string, unknown>);
        await ack(answer as never);
      });
    });
    await set.control.command({ user: ada, channel: releases, command: '/release' });
    await set.control.until(ada, (screen) => screen.views[0]);
    return { ...set, seen };
  }
  const input = (element: object, more: object = {}) => ({
    type: 'input',
    block_id: 'b',
    label: plain('l'),
    element,
    ...more,
  });
  const at = { user: ada, actionId: 'a' };

  test('an input tells the app of a change only when it asked to', async () => {
    const quiet = await modal([input({ type: 'plain_text_input', action_id: 'a' })]);
    await quiet.control.type({ ...at, value: 'x' });
    expect(quiet.seen).toEqual([]);
    const loud = await modal([
      input({ type: 'plain_text_input', action_id: 'a' }, { dispatch_action: true }),
    ]);
    await loud.control.type({ ...at, value: 'x' });
    expect(loud.seen).toMatchObject([
      {
        container: { type: 'view' },
        view: { state: { values: { b: { a: { value: 'x' } } } } },
        actions: [{ value: 'x' }],
      },
    ]);
    expect(loud.seen[0]).not.toHaveProperty('response_url');
  });

  test('a text beyond max_length cannot be typed', async () => {
    const { control } = await modal([input({ type: 'plain_text_input', action_id: 'a', max_length: 3 })]);
    expect(await control.type({ ...at, value: 'abc' })).toMatchObject({ ok: true });
    await expect(control.type({ ...at, value: 'abcd' })).rejects.toMatchObject({ status: 409 });
  });

  const external = input({ type: 'external_select', action_id: 'a', min_query_length: 2 });
  test('an external select offers what the app suggested, and nothing else', async () => {
    const { control, seen } = await modal([external], { options: [option('api'), option('app')] });
    expect(await control.suggest({ ...at, query: 'a' })).toMatchObject({ options: [] });
    expect(seen).toEqual([]);
    expect(await control.suggest({ ...at, query: 'ap' })).toMatchObject({
      options: [option('api'), option('app')],
    });
    expect(seen[0]).toMatchObject({
      type: 'block_suggestion',
      action_id: 'a',
      block_id: 'b',
      value: 'ap',
      view: { type: 'modal' },
    });
    await control.choose({ ...at, value: 'app' });
    await expect(control.choose({ ...at, value: 'zed' })).rejects.toMatchObject({ status: 409 });
    expect((await control.screen(ada)).views[0]?.values['b']?.['a']).toEqual({
      type: 'external_select',
      selected_option: option('app'),
    });
  });

  const many = Array.from({ length: 101 }, (_, i) => option(`o${i}`));
  test.each([
    ['101 options', { options: many }, false],
    ['100 options', { options: many.slice(1) }, true],
    ['markdown options', { options: [{ text: markdown('x'), value: 'x' }] }, false],
    ['neither options nor groups', { text: 'x' }, false],
  ])('a suggestion of %s', async (_, answer, usable) => {
    const { control } = await modal([external], answer);
    expect(await control.suggest({ ...at, query: 'ap' })).toMatchObject({ acknowledged: usable });
    expect((await control.refusals()).map((entry) => entry.error)).toEqual(usable ? [] : ['invalid_options']);
  });
});

describe('a command’s answer', () => {
  test.each<[string, unknown, boolean]>([
    ['a text', 'done', true],
    ['a message', { response_type: 'in_channel', text: 'done', blocks: [section('done')] }, true],
    ['broken blocks', { text: 'done', blocks: [section('')] }, false],
    ['an unknown field', { text: 'done', shout: true }, false],
  ])('may be %s', async (_, answer, usable) => {
    const { slack, control } = await stage();
    await socketApp(slack, (app) => app.command('/release', ({ ack }) => ack(answer as never)));
    expect(await control.command({ user: ada, channel: releases, command: '/release' })).toMatchObject({
      acknowledged: usable,
    });
    const texts = (await control.screen(ada)).channels[0]?.messages.map((message) => message.text);
    expect(texts).toEqual([usable ? 'done' : '/release failed with the error "dispatch_unknown_error"']);
  });
});

test('a mention reaches an app that subscribed, from a thread too', async () => {
  const { slack, control } = await stage({ world: { events: ['app_mention'] } });
  const texts: unknown[] = [];
  await socketApp(slack, (app) => {
    app.event('app_mention', async ({ event }) => {
      texts.push([event.text, event.thread_ts]);
    });
  });
  const { ts } = await control.say({ user: ada, channel: releases, text: 'lunch?' });
  await control.say({ user: ada, channel: releases, threadTs: ts, text: `<@${slack.botUserId}> status` });
  expect(texts).toEqual([[`<@${slack.botUserId}> status`, ts]]);
});
