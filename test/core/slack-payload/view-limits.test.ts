import { describe, expect, test } from 'vitest';
import {
  checkOptions,
  checkSubmissionErrors,
  checkView,
} from '../../../src/core/slack-payload/check-view.ts';
import type { PayloadFault } from '../../../src/core/slack-payload/fault.ts';
import * as s from './samples.ts';

type Row = [string, (size: number) => unknown, number, string];

const ask = (element: object) => s.modal([s.input({ element })]);
const pick = (extra: object) => ask(s.select(extra));
const first = '/blocks/0/element';

const sized = (bytes: number) => {
  const lean = s.modal(s.many(100, () => s.section('x')));
  const each = 2_440;
  const spare = bytes - JSON.stringify(lean).length - 99 * each;
  return s.modal(s.many(100, (index) => s.section(s.x(1 + (index === 0 ? spare : each)))));
};

const upperBounds: Row[] = [
  ['100 blocks in a modal', (n) => s.modal(s.many(n, () => s.divider())), 100, 'count /blocks'],
  ['100 blocks in App Home', (n) => s.home(s.many(n, () => s.divider())), 100, 'count /blocks'],
  ['250 KB in all', sized, 250_000, 'bytes '],
  [
    '24 characters of title',
    (n) => s.modal([s.divider()], { title: s.plain(s.x(n)) }),
    24,
    'text-length /title/text',
  ],
  [
    '24 characters of submit',
    (n) => s.modal([s.divider()], { submit: s.plain(s.x(n)) }),
    24,
    'text-length /submit/text',
  ],
  [
    '24 characters of close',
    (n) => s.modal([s.divider()], { close: s.plain(s.x(n)) }),
    24,
    'text-length /close/text',
  ],
  [
    '3,000 characters of private_metadata',
    (n) => s.modal([s.divider()], { private_metadata: s.x(n) }),
    3_000,
    'text-length /private_metadata',
  ],
  [
    '255 characters of callback_id',
    (n) => s.modal([s.divider()], { callback_id: s.x(n) }),
    255,
    'text-length /callback_id',
  ],
  [
    '255 characters of external_id',
    (n) => s.modal([s.divider()], { external_id: s.x(n) }),
    255,
    'text-length /external_id',
  ],
  [
    '2,000 characters of label',
    (n) => s.modal([s.input({ label: s.plain(s.x(n)) })]),
    2_000,
    'text-length /blocks/0/label/text',
  ],
  [
    '2,000 characters of hint',
    (n) => s.modal([s.input({ hint: s.plain(s.x(n)) })]),
    2_000,
    'text-length /blocks/0/hint/text',
  ],
  [
    '150 characters of placeholder',
    (n) => ask(s.textInput({ placeholder: s.plain(s.x(n)) })),
    150,
    `text-length ${first}/placeholder/text`,
  ],
  [
    'max_length of 3,000',
    (n) => ask(s.textInput({ max_length: n })),
    3_000,
    `number-range ${first}/max_length`,
  ],
  [
    'min_length up to max_length',
    (n) => ask(s.textInput({ min_length: n, max_length: 40 })),
    40,
    `number-range ${first}/min_length`,
  ],
  [
    'initial value up to max_length',
    (n) => ask(s.textInput({ initial_value: s.x(n), max_length: 40 })),
    40,
    `text-length ${first}/initial_value`,
  ],
  ['100 select options', (n) => pick({ options: s.options(n) }), 100, `count ${first}/options`],
  [
    '100 groups',
    (n) => pick({ options: undefined, option_groups: s.groups(n, 1) }),
    100,
    `count ${first}/option_groups`,
  ],
  [
    '100 options in a group',
    (n) => pick({ options: undefined, option_groups: s.groups(1, n) }),
    100,
    `count ${first}/option_groups/0/options`,
  ],
  [
    '75 characters of group label',
    (n) => pick({ options: undefined, option_groups: [{ label: s.plain(s.x(n)), options: s.options(1) }] }),
    75,
    `text-length ${first}/option_groups/0/label/text`,
  ],
  [
    '75 characters of option text',
    (n) => pick({ options: [s.option(1, { text: s.plain(s.x(n)) })] }),
    75,
    `text-length ${first}/options/0/text/text`,
  ],
  [
    '75 characters of option value',
    (n) => pick({ options: [s.option(1, { value: s.x(n) })] }),
    75,
    `text-length ${first}/options/0/value`,
  ],
  [
    '75 characters of option description',
    (n) => pick({ options: [s.option(1, { description: s.plain(s.x(n)) })] }),
    75,
    `text-length ${first}/options/0/description/text`,
  ],
  ['10 check boxes', (n) => ask(s.choice('checkboxes', n)), 10, `count ${first}/options`],
  ['10 radio buttons', (n) => ask(s.choice('radio_buttons', n)), 10, `count ${first}/options`],
];

const summary = (faults: PayloadFault[]) => faults.map(({ rule, pointer }) => `${rule} ${pointer}`);

describe('a view at the limit is fine and one over is refused', () => {
  test.each(upperBounds)('%s', (_name, make, limit, fault) => {
    expect(checkView(make(limit))).toEqual([]);
    expect(checkView(make(limit + 1))).toEqual([
      expect.objectContaining({
        rule: fault.split(' ')[0],
        pointer: fault.split(' ')[1],
        found: limit + 1,
        limit,
      }),
    ]);
  });

  test('the third view of a stack, not the fourth', () => {
    expect(checkView(s.modal([s.divider()]), 3)).toEqual([]);
    expect(summary(checkView(s.modal([s.divider()]), 4))).toEqual(['view-stack ']);
  });
});

const focus = { focus_on_load: true };

const refused: [string, unknown, string[]][] = [
  ['an input without submit', s.modal([s.input()], { submit: undefined }), ['submit-required ']],
  ['no block', s.modal([]), ['count /blocks']],
  ['an empty title', s.modal([s.divider()], { title: s.plain('') }), ['text-empty /title/text']],
  ['no title', s.modal([s.divider()], { title: undefined }), ['missing-field ']],
  ['a title in mrkdwn', s.modal([s.divider()], { title: s.mrkdwn('x') }), ['text-kind /title/type']],
  ['a title on App Home', s.home([s.divider()], { title: s.plain('x') }), ['unknown-field /title']],
  ['another kind of view', { type: 'workflow_step', blocks: [] }, ['unknown-type /type']],
  ['a field that a view lacks', s.modal([s.divider()], { state: {} }), ['unknown-field /state']],
  ['a table in a modal', s.modal([s.table(1, 1)]), ['unknown-type /blocks/0/type']],
  ['two inputs with one block_id', s.modal([s.input(), s.input()]), ['unique /blocks/1/block_id']],
  ['an input without max_length', ask(s.textInput({ max_length: undefined })), [`missing-field ${first}`]],
  ['an input with two elements', s.modal([s.input({ element: [s.textInput()] })]), [`type ${first}`]],
  ['a button as an input', ask(s.button()), [`unknown-type ${first}/type`]],
  ['a label in mrkdwn', s.modal([s.input({ label: s.mrkdwn('x') })]), ['text-kind /blocks/0/label/type']],
  [
    'an option in mrkdwn',
    pick({ options: [s.option(1, { text: s.mrkdwn('x') })] }),
    [`text-kind ${first}/options/0/text/type`],
  ],
  ['a select with neither options nor groups', pick({ options: undefined }), [`exclusive-fields ${first}`]],
  [
    'a select with options and groups',
    pick({ options: [s.option(5)], option_groups: s.groups(1, 1) }),
    [`exclusive-fields ${first}`],
  ],
  [
    'an initial option that is not on offer',
    pick({ initial_option: s.option(7) }),
    [`unknown-option ${first}/initial_option`],
  ],
  [
    'an initial option with another text',
    pick({ initial_option: s.option(1, { text: s.plain('Other') }) }),
    [`unknown-option ${first}/initial_option`],
  ],
  [
    'two focused elements',
    s.modal([
      s.input({ element: s.textInput(focus) }),
      s.input({ block_id: 'b', element: s.textInput(focus) }),
    ]),
    ['one-focus /blocks/1'],
  ],
  ['no view', 'modal', ['type ']],
];

describe('a view is refused for', () => {
  test.each(refused)('%s', (_name, view, faults) => {
    expect(summary(checkView(view))).toEqual(faults);
  });
});

test('a modal with every kind of input passes', () => {
  const elements = [
    s.textInput({ multiline: true, initial_value: '', ...focus }),
    s.select({ options: undefined, option_groups: s.groups(2, 2), initial_option: s.option(1_001) }),
    { type: 'external_select', action_id: 'a', min_query_length: 0, initial_option: s.option(9) },
    { type: 'multi_static_select', action_id: 'a', options: s.options(3), initial_options: [s.option(2)] },
    { type: 'users_select', action_id: 'a' },
    { type: 'datepicker', action_id: 'a', initial_date: '2026-11-20' },
    { type: 'number_input', action_id: 'a', is_decimal_allowed: false, min_value: '1' },
    { type: 'url_text_input', action_id: 'a' },
    { type: 'checkboxes', action_id: 'a', options: [{ text: s.mrkdwn('*Yes*'), value: 'yes' }] },
  ];
  const blocks = elements.map((element, index) =>
    s.input({ element, block_id: `b${index}`, optional: true }),
  );
  expect(
    checkView(s.modal(blocks, { close: s.plain('Cancel'), private_metadata: '', notify_on_close: true })),
  ).toEqual([]);
});

describe('the answer to a type-ahead', () => {
  test.each([
    ['no match', { options: [] }, []],
    ['100 options', { options: s.options(100) }, []],
    ['101 options', { options: s.options(101) }, ['count /options']],
    ['100 groups of 100', { option_groups: s.groups(100, 100) }, []],
    ['101 groups', { option_groups: s.groups(101, 1) }, ['count /option_groups']],
    ['neither options nor groups', {}, ['exclusive-fields ']],
    ['a repeated value', { options: [s.option(1), s.option(1)] }, ['unique /options/1/value']],
    ['a field that Slack lacks', { options: [], more: true }, ['unknown-field /more']],
  ])('%s', (_name, answer, faults) => {
    expect(summary(checkOptions(answer))).toEqual(faults);
  });
});

describe('the errors that answer a submit', () => {
  const view = s.modal([s.input(), { ...s.section(), block_id: 'note' }]);
  test.each([
    ['a reason under its input', { reason: 'Tick the box to start.' }, []],
    ['no error', {}, ['count ']],
    ['an error under a section', { note: 'x' }, ['not-an-input /note']],
    ['an error under no block', { other: 'x' }, ['not-an-input /other']],
    ['an empty error', { reason: '' }, ['text-empty /reason']],
    ['an error of 1,000 characters', { reason: s.x(1_000) }, []],
    ['an error of 1,001 characters', { reason: s.x(1_001) }, ['text-length /reason']],
  ])('%s', (_name, errors, faults) => {
    expect(summary(checkSubmissionErrors(view, errors))).toEqual(faults);
  });
});
