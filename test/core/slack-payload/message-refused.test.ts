import { describe, expect, test } from 'vitest';
import { checkMessage, type MessageContent } from '../../../src/core/slack-payload/check-message.ts';
import * as s from './samples.ts';

const fieldless = { type: 'section' };
const only = (content: unknown) => content as MessageContent;

const refused: [string, MessageContent, string[]][] = [
  ['no text', only({ blocks: [s.divider()] }), ['missing-field ']],
  ['empty text', { text: '' }, ['text-empty /text']],
  ['text of white space', { text: ' \n' }, ['text-empty /text']],
  ['half a surrogate pair', { text: 'x\ud83d' }, ['text-broken /text']],
  ['no blocks in a block list', s.message(), ['count /blocks']],
  ['an empty section text', s.message(s.section('')), ['text-empty /blocks/0/text/text']],
  ['a section with neither text nor fields', s.message(fieldless), ['missing-field /blocks/0']],
  ['an empty field list', s.message({ type: 'section', fields: [] }), ['count /blocks/0/fields']],
  ['an empty context', s.message({ type: 'context', elements: [] }), ['count /blocks/0/elements']],
  ['an empty actions block', s.message(s.actions()), ['count /blocks/0/elements']],
  ['an empty table', s.message({ type: 'table', rows: [] }), ['count /blocks/0/rows']],
  ['an empty table row', s.message({ type: 'table', rows: [[]] }), ['count /blocks/0/rows/0']],
  [
    'an empty table cell',
    s.message({ type: 'table', rows: [[s.cell('')]] }),
    ['text-empty /blocks/0/rows/0/0/text'],
  ],
  ['no check box', s.message(s.actions(s.choice('checkboxes', 0))), ['count /blocks/0/elements/0/options']],
  [
    'no radio button',
    s.message(s.actions(s.choice('radio_buttons', 0))),
    ['count /blocks/0/elements/0/options'],
  ],
  ['an empty overflow', s.message(s.actions(s.overflow(0))), ['count /blocks/0/elements/0/options']],
  [
    'a header in mrkdwn',
    s.message({ type: 'header', text: s.mrkdwn('x') }),
    ['text-kind /blocks/0/text/type'],
  ],
  [
    'a button in mrkdwn',
    s.message(s.actions(s.button({ text: s.mrkdwn('x') }))),
    ['text-kind /blocks/0/elements/0/text/type'],
  ],
  ['an image without alt text', s.message(s.image({ alt_text: undefined })), ['missing-field /blocks/0']],
  [
    'a button style that Slack lacks',
    s.message(s.actions(s.button({ style: 'default' }))),
    ['allowed-value /blocks/0/elements/0/style'],
  ],
  [
    'a button without action_id',
    s.message(s.actions(s.button({ action_id: undefined }))),
    ['missing-field /blocks/0/elements/0'],
  ],
  [
    'a confirm dialog without texts',
    s.message(s.actions(s.button({ confirm: { text: s.plain('Sure?') } }))),
    [
      'missing-field /blocks/0/elements/0/confirm',
      'missing-field /blocks/0/elements/0/confirm',
      'missing-field /blocks/0/elements/0/confirm',
    ],
  ],
  [
    'two blocks with one block_id',
    s.message(s.divider('a'), s.divider('b'), s.divider('a')),
    ['unique /blocks/2/block_id'],
  ],
  [
    'two buttons with one action_id',
    s.message(s.actions(s.button(), s.button())),
    ['unique /blocks/0/elements/1/action_id'],
  ],
  [
    'two options with one value',
    s.message(s.actions(s.select({ options: [s.option(1), s.option(1)] }))),
    ['unique /blocks/0/elements/0/options/1/value'],
  ],
  ['an unknown block', s.message({ type: 'banner' }), ['unknown-type /blocks/0/type']],
  ['a block that is no object', s.message('divider'), ['type /blocks/0']],
  [
    'a block that the bot keeps away from',
    s.message({ type: 'markdown', text: 'x' }),
    ['unknown-type /blocks/0/type'],
  ],
  ['an input in a message', s.message(s.input()), ['unknown-type /blocks/0/type']],
  [
    'an unknown element',
    s.message(s.actions({ type: 'slider', action_id: 'x' })),
    ['unknown-type /blocks/0/elements/0/type'],
  ],
  [
    'a text input among buttons',
    s.message(s.actions(s.textInput())),
    ['unknown-type /blocks/0/elements/0/type'],
  ],
  ['an image among buttons', s.message(s.actions(s.image())), ['unknown-type /blocks/0/elements/0/type']],
  [
    'a button in a context line',
    s.message({ type: 'context', elements: [s.button()] }),
    ['unknown-type /blocks/0/elements/0/type'],
  ],
  [
    'a field that a block lacks',
    s.message({ ...s.section(), color: 'red' }),
    ['unknown-field /blocks/0/color'],
  ],
  [
    'a field that a text lacks',
    s.message({ type: 'section', text: { ...s.mrkdwn('x'), emoji: true } }),
    ['unknown-field /blocks/0/text/emoji'],
  ],
  ['attachments', only({ text: 'x', attachments: [] }), ['unknown-field /attachments']],
  [
    'a field named like a part of every object',
    only({ text: 'x', constructor: 1 }),
    ['unknown-field /constructor'],
  ],
  ['a text object where a string belongs', only({ text: s.plain('x') }), ['type /text']],
  [
    'metadata without payload',
    { text: 'x', metadata: { event_type: 'gonogo' } },
    ['missing-field /metadata'],
  ],
  [
    'a ping of the whole channel in rich text',
    s.message(s.richText({ type: 'broadcast', range: 'channel' })),
    ['unknown-type /blocks/0/elements/0/elements/0/type'],
  ],
  ['nothing at all', only(null), ['type ']],
];

describe('a message is refused for', () => {
  test.each(refused)('%s', (_name, content, faults) => {
    expect(checkMessage(content).map(({ rule, pointer }) => `${rule} ${pointer}`)).toEqual(faults);
  });
});
