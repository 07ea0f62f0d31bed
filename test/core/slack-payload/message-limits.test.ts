import { describe, expect, test } from 'vitest';
import { checkMessage, type MessageContent } from '../../../src/core/slack-payload/check-message.ts';
import * as s from './samples.ts';

/** [limit of Slack, payload at the limit, payload one over, rule and pointer of the one fault, found, limit]. */
type Row = [string, MessageContent, MessageContent, string, number | string, number | string];

const inActions = (make: (size: number) => object) => (size: number) => s.message(s.actions(make(size)));
const row = (
  name: string,
  make: (size: number) => MessageContent,
  limit: number,
  fault: string,
  over = limit + 1,
): Row => [name, make(limit), make(over), fault, over, limit];

const metadataOf = (bytes: number): MessageContent => {
  const frame = { event_type: 'gonogo', event_payload: { id: '' } };
  const left = bytes - JSON.stringify(frame).length;
  return { text: 'hello', metadata: { ...frame, event_payload: { id: s.x(left) } } };
};
const budget = (total: number): MessageContent =>
  s.message(
    ...s.many(5, (index) => {
      const left = total - 5 * 125;
      return s.section(s.x(index < 4 ? 2_000 : left - 8_000));
    }),
  );

const upperBounds: Row[] = [
  row('50 blocks', (n) => s.message(...s.many(n, () => s.divider())), 50, 'count /blocks'),
  row('text and 125 a block within 10,000', budget, 10_000, 'budget /blocks'),
  row('3,500 bytes of top-level text', (n) => ({ text: s.x(n) }), 3_500, 'bytes /text'),
  row(
    '3,500 bytes of accented text',
    (n) => ({ text: `${'é'.repeat(1_749)}${s.x(n - 3_498)}` }),
    3_500,
    'bytes /text',
  ),
  row(
    '3,500 bytes of escaped text',
    (n) => ({ text: `${'&amp;'.repeat(600)}${s.x(n - 3_000)}` }),
    3_500,
    'bytes /text',
  ),
  row(
    '3,500 bytes once stray < are escaped',
    (n) => ({ text: `${'< '.repeat(500)}${s.x(n - 2_500)}` }),
    3_500,
    'bytes /text',
  ),
  row('1 KB of metadata', metadataOf, 1_000, 'bytes /metadata'),
  row(
    '255 characters of event_type',
    (n) => ({ text: 'x', metadata: { event_type: s.x(n), event_payload: {} } }),
    255,
    'text-length /metadata/event_type',
  ),
  row(
    '3,000 characters in a section',
    (n) => s.message(s.section(s.x(n))),
    3_000,
    'text-length /blocks/0/text/text',
  ),
  row(
    '3,000 characters counted after escaping',
    (n) => s.message(s.section(`${'&'.repeat(500)}${s.x(n - 2_500)}`)),
    3_000,
    'text-length /blocks/0/text/text',
  ),
  row(
    '3,000 UTF-16 units, not code points',
    (n) => s.message(s.section(`${'🚀'.repeat(1_499)}${s.x(n - 2_998)}`)),
    3_000,
    'text-length /blocks/0/text/text',
  ),
  row(
    '10 fields',
    (n) => s.message({ type: 'section', fields: s.many(n, () => s.mrkdwn('x')) }),
    10,
    'count /blocks/0/fields',
  ),
  row(
    '2,000 characters in a field',
    (n) => s.message({ type: 'section', fields: [s.mrkdwn(s.x(n))] }),
    2_000,
    'text-length /blocks/0/fields/0/text',
  ),
  row(
    '150 characters in a header',
    (n) => s.message({ type: 'header', text: s.plain(s.x(n)) }),
    150,
    'text-length /blocks/0/text/text',
  ),
  row(
    '10 elements in a context line',
    (n) => s.message({ type: 'context', elements: s.many(n, () => s.mrkdwn('x')) }),
    10,
    'count /blocks/0/elements',
  ),
  row(
    '25 elements in an actions block',
    (n) => s.message(s.actions(...s.many(n, (i) => s.button({ action_id: `a${i}` })))),
    25,
    'count /blocks/0/elements',
  ),
  row('100 rows of a table', (n) => s.message(s.table(n, 1)), 100, 'count /blocks/0/rows'),
  row('20 cells in a row', (n) => s.message(s.table(1, n)), 20, 'count /blocks/0/rows/0'),
  row(
    '20 column settings',
    (n) => s.message({ ...s.table(1, 2), column_settings: s.many(n, () => ({ align: 'left' })) }),
    20,
    'count /blocks/0/column_settings',
  ),
  row('one table', (n) => s.message(...s.many(n, () => s.table(1, 1))), 1, 'one-table /blocks/1'),
  row(
    '75 characters on a button',
    inActions((n) => s.button({ text: s.plain(s.x(n)) })),
    75,
    'text-length /blocks/0/elements/0/text/text',
  ),
  row(
    '75 characters on a button after escaping',
    inActions((n) => s.button({ text: s.plain(`${'&'.repeat(10)}${s.x(n - 50)}`) })),
    75,
    'text-length /blocks/0/elements/0/text/text',
  ),
  row(
    '2,000 characters of button value',
    inActions((n) => s.button({ value: s.x(n) })),
    2_000,
    'text-length /blocks/0/elements/0/value',
  ),
  row(
    '3,000 characters of button url',
    inActions((n) => s.button({ url: s.x(n) })),
    3_000,
    'text-length /blocks/0/elements/0/url',
  ),
  row(
    '75 characters of accessibility label',
    inActions((n) => s.button({ accessibility_label: s.x(n) })),
    75,
    'text-length /blocks/0/elements/0/accessibility_label',
  ),
  row(
    '100 characters of confirm title',
    inActions((n) => s.button({ confirm: s.confirm({ title: s.plain(s.x(n)) }) })),
    100,
    'text-length /blocks/0/elements/0/confirm/title/text',
  ),
  row(
    '300 characters of confirm text',
    inActions((n) => s.button({ confirm: s.confirm({ text: s.mrkdwn(s.x(n)) }) })),
    300,
    'text-length /blocks/0/elements/0/confirm/text/text',
  ),
  row(
    '30 characters on the confirm button',
    inActions((n) => s.button({ confirm: s.confirm({ confirm: s.plain(s.x(n)) }) })),
    30,
    'text-length /blocks/0/elements/0/confirm/confirm/text',
  ),
  row(
    '30 characters on the deny button',
    inActions((n) => s.button({ confirm: s.confirm({ deny: s.plain(s.x(n)) }) })),
    30,
    'text-length /blocks/0/elements/0/confirm/deny/text',
  ),
  row(
    '10 check boxes',
    inActions((n) => s.choice('checkboxes', n)),
    10,
    'count /blocks/0/elements/0/options',
  ),
  row(
    '10 radio buttons',
    inActions((n) => s.choice('radio_buttons', n)),
    10,
    'count /blocks/0/elements/0/options',
  ),
  row('5 overflow options', inActions(s.overflow), 5, 'count /blocks/0/elements/0/options'),
  row(
    '255 characters of action_id',
    inActions((n) => s.button({ action_id: s.x(n) })),
    255,
    'text-length /blocks/0/elements/0/action_id',
  ),
  row(
    '255 characters of block_id',
    (n) => s.message(s.divider(s.x(n))),
    255,
    'text-length /blocks/0/block_id',
  ),
  row(
    '2,000 characters of alt text',
    (n) => s.message(s.image({ alt_text: s.x(n) })),
    2_000,
    'text-length /blocks/0/alt_text',
  ),
  row(
    '3,000 characters of image url',
    (n) => s.message(s.image({ image_url: s.x(n) })),
    3_000,
    'text-length /blocks/0/image_url',
  ),
  row(
    '2,000 characters of image title',
    (n) => s.message(s.image({ title: s.plain(s.x(n)) })),
    2_000,
    'text-length /blocks/0/title/text',
  ),
  row(
    '3,000 characters in one rich text element',
    (n) => s.message(s.richText({ type: 'text', text: s.x(n) })),
    3_000,
    'text-length /blocks/0/elements/0/elements/0/text',
  ),
];

const faultsOf = (content: MessageContent) =>
  checkMessage(content).map(({ rule, pointer, found, limit }) => ({
    fault: `${rule} ${pointer}`,
    found,
    limit,
  }));

describe('a message at the limit is fine and one over is refused', () => {
  test.each(upperBounds)('%s', (_name, at, over, fault, found, limit) => {
    expect(checkMessage(at)).toEqual([]);
    expect(faultsOf(over)).toEqual([{ fault, found, limit }]);
  });
});

describe('a message that uses what Slack offers passes', () => {
  test('with every safe block and element', () => {
    const content = {
      ...s.message(
        { type: 'header', text: { ...s.plain('Release 2026.47 🚀'), emoji: true }, block_id: 'top' },
        {
          ...s.section('*4 of 16* <https://gitlab.test/a|pipelines> &amp; more'),
          accessory: s.overflow(5),
          expand: true,
        },
        {
          type: 'context',
          elements: [s.image(), s.plain('by Rita'), { ...s.mrkdwn('<@U0RELENG>'), verbatim: true }],
        },
        s.actions(
          s.button({ style: 'danger', value: 'inv-1', confirm: s.confirm({ style: 'danger' }) }),
          s.select({ initial_option: s.option(1), placeholder: s.plain('Project') }),
        ),
        s.divider(),
        s.image({ title: s.plain('Progress') }),
        s.richText({ type: 'text', text: ' ', style: { bold: true } }, { type: 'user', user_id: 'U0RELENG' }),
        { ...s.table(3, 2), column_settings: [{ align: 'right', is_wrapped: true }] },
      ),
      channel: 'C0RELEASES',
      thread_ts: '1763672400.000100',
      metadata: { event_type: 'gonogo', event_payload: { message: 'inv-1/parent' } },
    };
    expect(checkMessage(content)).toEqual([]);
  });

  test('and a fault reads as a sentence', () => {
    expect(checkMessage(s.message(s.section(s.x(3_001))))).toEqual([
      {
        pointer: '/blocks/0/text/text',
        rule: 'text-length',
        found: 3_001,
        limit: 3_000,
        message: 'has 3001 characters after escaping, at most 3000',
      },
    ]);
  });
});
