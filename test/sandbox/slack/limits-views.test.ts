import { describe, expect, test } from 'vitest';
import { ada, chars, plain, refusal, releases, section, socketApp, stage, triggerSource } from './stage.ts';

type Json = Record<string, unknown>;
/** A limit: its name, how many are allowed, what makes a payload of so many, what Slack says beyond. */
type Row = [name: string, limit: number, payload: (count: number) => unknown, says: string];

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));
const characters = (limit: number) => `must be less than ${limit + 1} characters`;
const items = (limit: number) => `no more than ${limit} items allowed`;
const button = (more: Json = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: Json[]) => ({ type: 'actions', elements });
const input = (element: Json, more: Json = {}) => ({ type: 'input', label: plain('Why'), element, ...more });
const line = (more: Json = {}) => ({ type: 'plain_text_input', action_id: 'a', ...more });
const modal = (more: Json = {}) => ({
  type: 'modal',
  title: plain('Release'),
  submit: plain('Go'),
  blocks: [{ type: 'divider' }],
  ...more,
});

const viewRows: Row[] = [
  ['blocks', 100, (n) => modal({ blocks: times(n, () => ({ type: 'divider' })) }), items(100)],
  ['title', 24, (n) => modal({ title: plain(chars(n)) }), characters(24)],
  ['submit', 24, (n) => modal({ submit: plain(chars(n)) }), characters(24)],
  ['close', 24, (n) => modal({ close: plain(chars(n)) }), characters(24)],
  ['private_metadata', 3000, (n) => modal({ private_metadata: chars(n) }), characters(3000)],
  ['callback_id', 255, (n) => modal({ callback_id: chars(n) }), characters(255)],
  ['external_id', 255, (n) => modal({ external_id: chars(n) }), characters(255)],
  [
    'input label',
    2000,
    (n) => modal({ blocks: [input(line(), { label: plain(chars(n)) })] }),
    characters(2000),
  ],
  [
    'input hint',
    2000,
    (n) => modal({ blocks: [input(line(), { hint: plain(chars(n)) })] }),
    characters(2000),
  ],
  ['max_length', 3000, (n) => modal({ blocks: [input(line({ max_length: n }))] }), 'must be less than 3001'],
  [
    'input placeholder',
    150,
    (n) => modal({ blocks: [input(line({ placeholder: plain(chars(n)) }))] }),
    characters(150),
  ],
];

describe('a view takes', () => {
  test.each(viewRows)('%s up to %i and no more', async (_, limit, payload, says) => {
    const { slack, control, client } = await stage();
    const trigger = await (await triggerSource(slack, control))();
    const open = (count: number) =>
      client.apiCall('views.open', { trigger_id: trigger, view: payload(count) });
    const refused = await refusal(open(limit + 1));
    expect(refused.error).toBe('invalid_arguments');
    expect(refused.messages.join()).toContain(says);
    expect(await open(limit)).toMatchObject({ ok: true });
  });

  test('250 KB', async () => {
    const { slack, control, client } = await stage();
    const trigger = await (await triggerSource(slack, control))();
    const blocks = times(100, () => section(chars(2420)));
    const frame = Buffer.byteLength(JSON.stringify(modal({ blocks, private_metadata: '' })));
    const open = (bytes: number) =>
      client.apiCall('views.open', {
        trigger_id: trigger,
        view: modal({ blocks, private_metadata: chars(bytes - frame) }),
      });
    expect(await refusal(open(250_001))).toMatchObject({ error: 'view_too_large' });
    expect(await open(250_000)).toMatchObject({ ok: true });
  });

  test('three levels', async () => {
    const { slack, client, control } = await stage();
    await socketApp(slack, (app) => {
      app.command('/release', async ({ ack, body }) => {
        await ack();
        await client.apiCall('views.open', {
          trigger_id: body.trigger_id,
          view: modal({ blocks: [actions(button())] }),
        });
      });
      app.action('go', async ({ ack, body }) => {
        await ack();
        if ('trigger_id' in body)
          await client
            .apiCall('views.push', {
              trigger_id: body.trigger_id,
              view: modal({ blocks: [actions(button())] }),
            })
            .catch(() => undefined);
      });
    });
    await control.command({ user: ada, channel: releases, command: '/release' });
    for (const depth of [1, 2, 3]) {
      await control.until(ada, (screen) => (screen.views.length === depth ? true : undefined));
      await control.press({ user: ada, actionId: 'go' });
    }
    await expect
      .poll(() => control.refusals())
      .toMatchObject([{ method: 'views.push', error: 'push_limit_reached' }]);
    expect((await control.screen(ada)).views).toHaveLength(3);
  });
});
