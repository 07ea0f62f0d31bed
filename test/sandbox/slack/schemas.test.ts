import { describe, expect, test } from 'vitest';
import { ada, chars, markdown, plain, refusal, releases, section, stage, triggerSource } from './stage.ts';

const button = { type: 'button', text: plain('Go'), action_id: 'go' };
const line = { type: 'plain_text_input', action_id: 'a' };
const input = { type: 'input', label: plain('Why'), element: line };

describe('a message is refused with', () => {
  const cases: [what: string, block: object | object[], says: string][] = [
    [
      'an unknown block type',
      { type: 'carousel' },
      'unsupported type: carousel [json-pointer:/blocks/0/type]',
    ],
    ['a block without a type', { text: plain('x') }, '[json-pointer:/blocks/0/type]'],
    [
      'an unknown field',
      { ...section('x'), colour: 'red' },
      'invalid additional property: colour [json-pointer:/blocks/0]',
    ],
    ['an empty text', section(''), 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a section without text or fields', { type: 'section' }, 'must define either `fields` or `text`'],
    ['a header without text', { type: 'header' }, 'missing required field: text [json-pointer:/blocks/0]'],
    ['markdown in a header', { type: 'header', text: markdown('x') }, 'unsupported type: mrkdwn'],
    ['an actions block without elements', { type: 'actions', elements: [] }, 'no fewer than 1 items'],
    ['a context block without elements', { type: 'context', elements: [] }, 'no fewer than 1 items'],
    [
      'a text input among actions',
      { type: 'actions', elements: [line] },
      'unsupported type: plain_text_input',
    ],
    ['an input block', input, 'unsupported type: input'],
    [
      'an image without alt_text',
      { type: 'image', image_url: 'https://example.com/a.png' },
      'missing required field: alt_text',
    ],
    [
      'a button style of its own',
      { type: 'actions', elements: [{ ...button, style: 'warning' }] },
      'must be a valid enum value',
    ],
    [
      'a button field of its own',
      { type: 'actions', elements: [{ ...button, disabled: true }] },
      'invalid additional property: disabled',
    ],
    [
      'checkboxes without options',
      { type: 'actions', elements: [{ type: 'checkboxes', action_id: 'c', options: [] }] },
      'no fewer than 1 items',
    ],
    ['a table without rows', { type: 'table', rows: [] }, 'no fewer than 1 items'],
    [
      'the same block_id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '`block_id` already exists: a',
    ],
    [
      'the same action_id twice in a block',
      { type: 'actions', elements: [button, button] },
      '`action_id` already exists',
    ],
    [
      'an initial option that is not offered',
      {
        type: 'actions',
        elements: [
          {
            type: 'static_select',
            action_id: 's',
            options: [{ text: plain('a'), value: 'a' }],
            initial_option: { text: plain('b'), value: 'b' },
          },
        ],
      },
      'initial option must be one of the options',
    ],
  ];
  test.each(cases)('%s', async (_, block, says) => {
    const { client } = await stage();
    const refused = await refusal(
      client.apiCall('chat.postMessage', { channel: releases, text: 'x', blocks: [block].flat() }),
    );
    expect(refused.error).toBe('invalid_blocks');
    expect(refused.messages.join()).toContain(says);
  });

  test('blocks that are no array', async () => {
    const { client } = await stage();
    const post = client.apiCall('chat.postMessage', { channel: releases, text: 'x', blocks: { blocks: [] } });
    expect(await refusal(post)).toMatchObject({ error: 'invalid_blocks_format' });
  });
});

test('a message takes one of every safe block', async () => {
  const { client } = await stage();
  const blocks = [
    { type: 'header', text: plain('GO') },
    { ...section('all green'), accessory: button },
    {
      type: 'context',
      elements: [markdown('who'), { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a' }],
    },
    { type: 'divider' },
    { type: 'actions', elements: [{ ...button, style: 'primary' }] },
    {
      type: 'rich_text',
      elements: [
        { type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { bold: true } }] },
      ],
    },
    { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] },
  ];
  await client.apiCall('chat.postMessage', { channel: releases, text: 'x', blocks });
  const { messages } = await client.conversations.history({ channel: releases });
  expect(messages?.[0]).toMatchObject({ text: 'x', blocks });
});

describe('a view is refused with', () => {
  const view = { type: 'modal', title: plain('Release'), blocks: [section('x')] };
  const cases: [what: string, view: object, says: string][] = [
    ['an input and no submit', { ...view, blocks: [input] }, 'submit'],
    ['no title', { ...view, title: undefined }, 'missing required field: title [json-pointer:/view]'],
    ['markdown in the title', { ...view, title: markdown('x') }, 'unsupported type: mrkdwn'],
    [
      'an unknown field',
      { ...view, submit_disabled: true },
      'invalid additional property: submit_disabled [json-pointer:/view]',
    ],
    ['no blocks', { ...view, blocks: [] }, 'no fewer than 1 items'],
    [
      'a table',
      { ...view, blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }] },
      'unsupported type: table',
    ],
    [
      'a button in an input block',
      { ...view, submit: plain('Go'), blocks: [{ ...input, element: button }] },
      'unsupported type: button',
    ],
    [
      'an initial value beyond max_length',
      {
        ...view,
        submit: plain('Go'),
        blocks: [{ ...input, element: { ...line, max_length: 3, initial_value: chars(4) } }],
      },
      'must be less than 4 characters',
    ],
    [
      'two elements that want the focus',
      {
        ...view,
        submit: plain('Go'),
        blocks: [1, 2].map(() => ({ ...input, element: { ...line, focus_on_load: true } })),
      },
      'focus_on_load',
    ],
    ['the type of a Home', { type: 'home', blocks: [] }, 'invalid view type'],
  ];
  test.each(cases)('%s', async (_, candidate, says) => {
    const { slack, control, client } = await stage();
    const trigger = await (await triggerSource(slack, control))();
    const refused = await refusal(client.apiCall('views.open', { trigger_id: trigger, view: candidate }));
    expect(refused.error).toBe('invalid_arguments');
    expect(refused.messages.join()).toContain(says);
    expect((await control.screen(ada)).views).toEqual([]);
  });
});
