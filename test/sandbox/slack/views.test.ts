import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { ada, chars, plain, refusal, releases, section, socketApp, stage, triggerSource } from './stage.ts';

const button = (id: string) => ({
  type: 'actions' as const,
  block_id: 'row',
  elements: [{ type: 'button' as const, text: plain(id), action_id: id }],
});
const input = (id: string, more: object = {}) => ({
  type: 'input' as const,
  block_id: id,
  label: plain(id),
  element: { type: 'plain_text_input' as const, action_id: id },
  ...more,
});
const modal = (title: string, more: object = {}) => ({
  type: 'modal' as const,
  callback_id: title,
  title: plain(title),
  submit: plain('Go'),
  blocks: [input('why')],
  ...more,
});

/** An app whose /release opens the view. */
const opening =
  (view: object, more: (app: App) => void = () => undefined) =>
  (app: App) => {
    app.command('/release', async ({ ack, body, client }) => {
      await ack();
      await client.apiCall('views.open', { trigger_id: body.trigger_id, view });
    });
    more(app);
  };

async function opened(view: object, more?: (app: App) => void) {
  const set = await stage();
  await socketApp(set.slack, opening(view, more));
  await set.control.command({ user: ada, channel: releases, command: '/release' });
  const shown = await set.control.until(ada, (screen) => screen.views[0]);
  return { ...set, shown };
}

describe('triggers', () => {
  test('open one view', async () => {
    const { slack, control, client } = await stage();
    const trigger_id = await (await triggerSource(slack, control))();
    await client.views.open({ trigger_id, view: modal('one') });
    expect(await refusal(client.views.open({ trigger_id, view: modal('two') }))).toMatchObject({
      error: 'exchanged_trigger_id',
    });
  });

  test('of a command cannot push', async () => {
    const { slack, control, client } = await stage();
    const trigger_id = await (await triggerSource(slack, control))();
    expect(await refusal(client.views.push({ trigger_id, view: modal('one') }))).toMatchObject({
      error: 'invalid_trigger_id',
    });
  });
});

describe('an update', () => {
  test('with an old hash is a conflict, with the current one replaces the view', async () => {
    const { client, shown, control } = await opened(modal('first'));
    await client.views.update({ view_id: shown.id, hash: shown.hash, view: modal('second') });
    const late = client.views.update({ view_id: shown.id, hash: shown.hash, view: modal('third') });
    expect(await refusal(late)).toMatchObject({ error: 'hash_conflict' });
    expect((await control.screen(ada)).views[0]?.title).toBe('second');
  });

  test('keeps what was typed where block_id and action_id stay', async () => {
    const { client, shown, control } = await opened(modal('first'));
    await control.type({ user: ada, actionId: 'why', value: 'Friday' });
    await client.views.update({
      view_id: shown.id,
      view: modal('second', { blocks: [input('why'), input('who')] }),
    });
    expect((await control.screen(ada)).views[0]?.values).toEqual({
      why: { why: { type: 'plain_text_input', value: 'Friday' } },
      who: { who: { type: 'plain_text_input', value: null } },
    });
  });

  test('finds a view by external_id, which no other view may have', async () => {
    const { client, control, slack } = await stage();
    const nextTrigger = await triggerSource(slack, control);
    await client.views.open({ trigger_id: await nextTrigger(), view: modal('first', { external_id: 'r1' }) });
    await client.views.update({ external_id: 'r1', view: modal('second', { external_id: 'r1' }) });
    expect((await control.screen(ada)).views[0]?.title).toBe('second');
    const other = client.views.open({
      trigger_id: await nextTrigger(),
      view: modal('x', { external_id: 'r1' }),
    });
    expect(await refusal(other)).toMatchObject({ error: 'duplicate_external_id' });
  });

  test('of a closed view is not_found', async () => {
    const { client, shown, control } = await opened(modal('first'));
    await control.close({ user: ada });
    expect(await refusal(client.views.update({ view_id: shown.id, view: modal('x') }))).toMatchObject({
      error: 'not_found',
    });
  });
});

describe('a submit', () => {
  const answers: [what: string, answer: object, titles: string[], trouble: boolean][] = [
    ['nothing closes the view', {}, [], false],
    ['clear closes all', { response_action: 'clear' }, [], false],
    ['update replaces it', { response_action: 'update', view: modal('next') }, ['next'], false],
    ['push stacks another', { response_action: 'push', view: modal('next') }, ['first', 'next'], false],
    ['errors of an input stay', { response_action: 'errors', errors: { why: 'no' } }, ['first'], false],
    [
      'errors of no input are trouble',
      { response_action: 'errors', errors: { other: 'no' } },
      ['first'],
      true,
    ],
    ['no errors at all is trouble', { response_action: 'errors', errors: {} }, ['first'], true],
    ['an unusable view is trouble', { response_action: 'update', view: modal(chars(25)) }, ['first'], true],
    ['an unknown action is trouble', { response_action: 'shrug' }, ['first'], true],
  ];
  test.each(answers)('answered with %s', async (_, answer, titles, trouble) => {
    const { control } = await opened(modal('first'), (app) => {
      app.view('first', ({ ack }) => ack(answer as never));
    });
    await control.type({ user: ada, actionId: 'why', value: 'because' });
    const result = await control.submit({ user: ada });
    expect(result.acknowledged).toBe(!trouble);
    const { views } = await control.screen(ada);
    expect(views.map((view) => view.title)).toEqual(titles);
    expect(views.some((view) => view.trouble !== null)).toBe(trouble);
    expect((await control.refusals()).map((entry) => entry.method)).toEqual(trouble ? ['ack'] : []);
  });

  test('that is clicked twice arrives twice', async () => {
    const seen: string[] = [];
    const { control } = await opened(modal('first'), (app) => {
      app.view('first', async ({ ack, view }) => {
        seen.push(view.id);
        await ack();
      });
    });
    await control.type({ user: ada, actionId: 'why', value: 'because' });
    const { each } = await control.submit({ user: ada, times: 2 });
    expect(each?.map((one) => one.acknowledged)).toEqual([true, true]);
    expect(seen).toHaveLength(2);
    expect(new Set(seen).size).toBe(1);
  });

  test('that is not acknowledged within 3 s leaves the view with trouble', async () => {
    const { control } = await opened(modal('first'), (app) => {
      app.view('first', () => Promise.resolve());
    });
    await control.type({ user: ada, actionId: 'why', value: 'because' });
    const result = control.submit({ user: ada });
    await control.until(ada, (screen) => (screen.views[0]?.busy ? true : undefined));
    expect(await result).toMatchObject({
      acknowledged: false,
      trouble: expect.stringContaining('trouble connecting'),
    });
    expect((await control.screen(ada)).views[0]).toMatchObject({
      busy: false,
      trouble: expect.stringContaining('trouble connecting'),
    });
  });
});

test('closing tells the app only when it asked, and all of them when the stack is cleared', async () => {
  const closed: [string, boolean][] = [];
  const { control } = await opened(
    modal('first', { notify_on_close: true, blocks: [button('deeper')] }),
    (app) => {
      app.action('deeper', async ({ ack, body, client }) => {
        await ack();
        if ('trigger_id' in body)
          await client.views.push({
            trigger_id: body.trigger_id,
            view: modal('second', { notify_on_close: true }),
          });
      });
      app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body, view }) => {
        await ack();
        closed.push([view.title.text, 'is_cleared' in body && body.is_cleared === true]);
      });
    },
  );
  await control.press({ user: ada, actionId: 'deeper' });
  await control.until(ada, (screen) => (screen.views.length === 2 ? true : undefined));
  await control.close({ user: ada });
  await control.press({ user: ada, actionId: 'deeper' });
  await control.until(ada, (screen) => (screen.views.length === 2 ? true : undefined));
  await control.close({ user: ada, all: true });
  expect(closed).toEqual([
    ['second', false],
    ['second', true],
    ['first', true],
  ]);
});

test('a Home is published, and its hash guards it', async () => {
  const { slack, control, client: direct } = await stage();
  await socketApp(slack, (app) => {
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [section('welcome')] },
      });
    });
  });
  expect(await control.home({ user: ada })).toMatchObject({ acknowledged: true });
  const home = await control.until(ada, (screen) => screen.home ?? undefined);
  expect(home.blocks).toMatchObject([section('welcome')]);
  const late = direct.views.publish({ user_id: ada, hash: 'old', view: { type: 'home', blocks: [] } });
  expect(await refusal(late)).toMatchObject({ error: 'hash_conflict' });
});
