import { describe, expect, test } from 'vitest';
import { chars, markdown, plain, refusal, releases, section, stage } from './stage.ts';

type Json = Record<string, unknown>;
/** A limit: its name, how many are allowed, what makes a payload of so many, what Slack says beyond. */
type Row = [name: string, limit: number, payload: (count: number) => unknown, says: string];

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));
const characters = (limit: number) => `must be less than ${limit + 1} characters`;
const items = (limit: number) => `no more than ${limit} items allowed`;
const option = (index: number) => ({ text: plain(`o${index}`), value: `v${index}` });
const button = (more: Json = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: Json[]) => ({ type: 'actions', elements });
const confirm = (more: Json = {}) => ({
  title: plain('Sure?'),
  text: plain('Really'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
});
const select = (more: Json = {}) => ({
  type: 'static_select',
  action_id: 's',
  options: [option(0)],
  ...more,
});
const cells = (rows: number, columns: number) => ({
  type: 'table',
  rows: times(rows, () => times(columns, () => ({ type: 'raw_text', text: 'x' }))),
});

const messageRows: Row[] = [
  ['blocks', 50, (n) => times(n, () => ({ type: 'divider' })), items(50)],
  ['section text', 3000, (n) => [section(chars(n))], characters(3000)],
  [
    'section text of ampersands, each five characters',
    600,
    (n) => [section('&'.repeat(n))],
    characters(3000),
  ],
  [
    'section text of astral characters, each two units',
    1500,
    (n) => [section('😀'.repeat(n))],
    characters(3000),
  ],
  ['section fields', 10, (n) => [{ type: 'section', fields: times(n, () => markdown('f')) }], items(10)],
  ['section field', 2000, (n) => [{ type: 'section', fields: [markdown(chars(n))] }], characters(2000)],
  ['header', 150, (n) => [{ type: 'header', text: plain(chars(n)) }], characters(150)],
  ['context elements', 10, (n) => [{ type: 'context', elements: times(n, () => markdown('c')) }], items(10)],
  ['actions elements', 25, (n) => [actions(...times(n, (i) => button({ action_id: `b${i}` })))], items(25)],
  ['table rows', 100, (n) => [cells(n, 1)], items(100)],
  ['table columns', 20, (n) => [cells(1, n)], items(20)],
  ['button text', 75, (n) => [actions(button({ text: plain(chars(n)) }))], characters(75)],
  ['button value', 2000, (n) => [actions(button({ value: chars(n) }))], characters(2000)],
  [
    'confirm title',
    100,
    (n) => [actions(button({ confirm: confirm({ title: plain(chars(n)) }) }))],
    characters(100),
  ],
  [
    'confirm text',
    300,
    (n) => [actions(button({ confirm: confirm({ text: plain(chars(n)) }) }))],
    characters(300),
  ],
  [
    'confirm button',
    30,
    (n) => [actions(button({ confirm: confirm({ confirm: plain(chars(n)) }) }))],
    characters(30),
  ],
  [
    'deny button',
    30,
    (n) => [actions(button({ confirm: confirm({ deny: plain(chars(n)) }) }))],
    characters(30),
  ],
  [
    'checkboxes',
    10,
    (n) => [actions({ type: 'checkboxes', action_id: 'c', options: times(n, option) })],
    items(10),
  ],
  [
    'radio buttons',
    10,
    (n) => [actions({ type: 'radio_buttons', action_id: 'r', options: times(n, option) })],
    items(10),
  ],
  [
    'overflow options',
    5,
    (n) => [actions({ type: 'overflow', action_id: 'o', options: times(n, option) })],
    items(5),
  ],
  ['select options', 100, (n) => [actions(select({ options: times(n, option) }))], items(100)],
  [
    'select groups',
    100,
    (n) => [
      actions(
        select({
          options: undefined,
          option_groups: times(n, () => ({ label: plain('g'), options: [option(0)] })),
        }),
      ),
    ],
    items(100),
  ],
  [
    'option text',
    75,
    (n) => [actions(select({ options: [{ text: plain(chars(n)), value: 'v' }] }))],
    characters(75),
  ],
  [
    'option value',
    75,
    (n) => [actions(select({ options: [{ text: plain('o'), value: chars(n) }] }))],
    characters(75),
  ],
  [
    'option description',
    75,
    (n) => [actions(select({ options: [{ ...option(0), description: plain(chars(n)) }] }))],
    characters(75),
  ],
  ['placeholder', 150, (n) => [actions(select({ placeholder: plain(chars(n)) }))], characters(150)],
  ['block_id', 255, (n) => [{ type: 'divider', block_id: chars(n) }], characters(255)],
  ['action_id', 255, (n) => [actions(button({ action_id: chars(n) }))], characters(255)],
];

describe('a message takes', () => {
  test.each(messageRows)('%s up to %i and no more', async (_, limit, payload, says) => {
    const { client } = await stage();
    const post = (count: number) =>
      client.apiCall('chat.postMessage', { channel: releases, text: 'x', blocks: payload(count) });
    const refused = await refusal(post(limit + 1));
    expect(refused.error).toBe('invalid_blocks');
    expect(refused.messages.join()).toContain(says);
    expect(await post(limit)).toMatchObject({ ok: true });
  });

  test('block text up to a budget of 10,000 with 125 a block', async () => {
    const { client } = await stage();
    const fill = (count: number) => [
      section(chars(3000)),
      section(chars(3000)),
      section(chars(3000)),
      section(chars(count)),
    ];
    const post = (count: number) =>
      client.chat.postMessage({ channel: releases, text: 'x', blocks: fill(count) });
    expect(await refusal(post(501))).toMatchObject({ error: 'msg_blocks_too_long' });
    expect(await post(500)).toMatchObject({ ok: true });
  });

  test('one table', async () => {
    const { client } = await stage();
    const post = (tables: number) =>
      client.apiCall('chat.postMessage', {
        channel: releases,
        text: 'x',
        blocks: times(tables, () => cells(1, 1)),
      });
    expect(await refusal(post(2))).toMatchObject({
      error: 'invalid_attachments',
      messages: [expect.stringContaining('only_one_table_allowed')],
    });
    expect(await post(1)).toMatchObject({ ok: true });
  });

  test('an updated text of 4,000 bytes after escaping', async () => {
    const { client } = await stage();
    const { ts } = await client.chat.postMessage({ channel: releases, text: 'x' });
    const update = (text: string) => client.chat.update({ channel: releases, ts: String(ts), text });
    expect(await refusal(update(chars(4001)))).toMatchObject({ error: 'msg_too_long' });
    expect(await refusal(update('<'.repeat(1001)))).toMatchObject({ error: 'msg_too_long' });
    expect(await refusal(update('é'.repeat(2001)))).toMatchObject({ error: 'msg_too_long' });
    expect(await update('<'.repeat(1000))).toMatchObject({ ok: true });
  });

  test('a posted text of 40,000 characters', async () => {
    const { client } = await stage();
    const post = (count: number) => client.chat.postMessage({ channel: releases, text: chars(count) });
    expect(await refusal(post(40_001))).toMatchObject({ error: 'msg_too_long' });
    expect(await post(40_000)).toMatchObject({ ok: true });
  });

  test('metadata of 1,024 bytes', async () => {
    const { client } = await stage();
    const frame = JSON.stringify({ event_type: 'e', event_payload: { id: '' } }).length;
    const post = (bytes: number) =>
      client.chat.postMessage({
        channel: releases,
        text: 'x',
        metadata: { event_type: 'e', event_payload: { id: chars(bytes - frame) } },
      });
    expect(await refusal(post(1025))).toMatchObject({ error: 'metadata_too_large' });
    expect(await post(1024)).toMatchObject({ ok: true });
  });
});
