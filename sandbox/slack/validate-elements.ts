import { z } from 'zod';
import { isObject } from '../shared/json.ts';
import { anyText, id, limited, listOf, plainText, url } from './validate-text.ts';

const placeholder = plainText(150).optional();
const focus = z.boolean().optional();
const dateText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date in the form YYYY-MM-DD');
const timeText = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time in the form HH:mm');

const confirm = z
  .strictObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
    style: z.enum(['primary', 'danger'], 'must be a valid enum value').optional(),
  })
  .optional();

const option = z.strictObject({
  text: plainText(75),
  value: limited(75, 1, false),
  description: plainText(75).optional(),
});
const richOption = z.strictObject({
  text: anyText(75),
  value: limited(75, 1, false),
  description: anyText(75).optional(),
});
const overflowOption = z.strictObject({
  text: plainText(75),
  value: limited(75, 1, false),
  description: plainText(75).optional(),
  url: url.optional(),
});

const groups = listOf(z.strictObject({ label: plainText(75), options: listOf(option, 100) }), 100).optional();

/** What an app may answer to a block_suggestion: options or groups, none found being an empty list. */
export const suggestionAnswer = z.union([
  z.strictObject({ options: listOf(option, 100, 0) }),
  z.strictObject({
    option_groups: listOf(z.strictObject({ label: plainText(75), options: listOf(option, 100, 0) }), 100, 0),
  }),
]);

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: id.optional(),
  url: url.optional(),
  value: limited(2000, 1, false).optional(),
  style: z.enum(['primary', 'danger'], 'must be a valid enum value').optional(),
  confirm,
  accessibility_label: z.string().min(1).max(75, 'must be less than 76 characters').optional(),
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id.optional(),
  options: listOf(overflowOption, 5),
  confirm,
});

const menu = { action_id: id.optional(), placeholder, confirm, focus_on_load: focus };
const many = { max_selected_items: z.number().int().min(1).optional() };

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    options: listOf(option, 100).optional(),
    option_groups: groups,
    initial_option: option.optional(),
    ...menu,
  })
  .superRefine(oneListOfOptions);
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    options: listOf(option, 100).optional(),
    option_groups: groups,
    initial_options: listOf(option, 100).optional(),
    ...menu,
    ...many,
  })
  .superRefine(oneListOfOptions);
const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  initial_option: option.optional(),
  min_query_length: z.number().int().min(0).optional(),
  ...menu,
});
const multiExternalSelect = z.strictObject({
  type: z.literal('multi_external_select'),
  initial_options: listOf(option, 100).optional(),
  min_query_length: z.number().int().min(0).optional(),
  ...menu,
  ...many,
});
const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  initial_user: z.string().optional(),
  ...menu,
});

const boxes = { action_id: id.optional(), options: listOf(richOption, 10), confirm, focus_on_load: focus };
const checkboxes = z
  .strictObject({
    type: z.literal('checkboxes'),
    initial_options: listOf(richOption, 10).optional(),
    ...boxes,
  })
  .superRefine(initialIsOffered);
const radioButtons = z
  .strictObject({ type: z.literal('radio_buttons'), initial_option: richOption.optional(), ...boxes })
  .superRefine(initialIsOffered);

const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  initial_date: dateText.optional(),
  ...menu,
});
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  initial_time: timeText.optional(),
  timezone: z.string().optional(),
  ...menu,
});
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  action_id: id.optional(),
  initial_date_time: z.number().int().min(1_000_000_000).max(9_999_999_999).optional(),
  confirm,
  focus_on_load: focus,
});

const dispatchConfig = z
  .strictObject({
    trigger_actions_on: listOf(
      z.enum(['on_enter_pressed', 'on_character_entered'], 'must be a valid enum value'),
      2,
    ),
  })
  .optional();
const typed = {
  action_id: id.optional(),
  placeholder,
  focus_on_load: focus,
  dispatch_action_config: dispatchConfig,
};
const plainTextInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    initial_value: limited(3000, 0, false).optional(),
    multiline: z.boolean().optional(),
    min_length: z.number().int().min(0).max(3000, 'must be less than 3001').optional(),
    max_length: z.number().int().min(1, 'must be more than 0').max(3000, 'must be less than 3001').optional(),
    ...typed,
  })
  .superRefine((element, context) => {
    const most = element.max_length ?? 3000;
    if ((element.initial_value ?? '').length > most || (element.min_length ?? 0) > most)
      context.addIssue({ code: 'custom', message: `must be less than ${most + 1} characters` });
  });
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
  ...typed,
});
const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  initial_value: z.string().optional(),
  ...typed,
});
const urlInput = z.strictObject({
  type: z.literal('url_text_input'),
  initial_value: z.string().optional(),
  ...typed,
});

export const imageElement = z.strictObject({
  type: z.literal('image'),
  image_url: url,
  alt_text: limited(2000, 1, false),
});

const selects = [
  staticSelect,
  multiStaticSelect,
  externalSelect,
  multiExternalSelect,
  usersSelect,
  checkboxes,
  radioButtons,
  datepicker,
  timepicker,
] as const;

/** Elements a section may carry beside its text. */
export const accessory = z.discriminatedUnion('type', [button, overflow, imageElement, ...selects]);
/** Elements of an actions block. */
export const actionElement = z.discriminatedUnion('type', [button, overflow, datetimepicker, ...selects]);
/** Elements of an input block. */
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  numberInput,
  emailInput,
  urlInput,
  datetimepicker,
  ...selects,
]);

interface OptionLists {
  options?: unknown[] | undefined;
  option_groups?: { options: unknown[] }[] | undefined;
  initial_option?: unknown;
  initial_options?: unknown[] | undefined;
}

function oneListOfOptions(element: OptionLists, context: z.RefinementCtx): void {
  if ((element.options === undefined) === (element.option_groups === undefined))
    context.addIssue({ code: 'custom', message: 'must define either `options` or `option_groups`' });
  initialIsOffered(element, context);
}

/** An initial option must be one of the options, exactly. */
function initialIsOffered(element: OptionLists, context: z.RefinementCtx): void {
  const offered = [
    ...(element.options ?? []),
    ...(element.option_groups ?? []).flatMap((group) => group.options),
  ];
  const initial = [
    ...(element.initial_option === undefined ? [] : [element.initial_option]),
    ...(element.initial_options ?? []),
  ];
  const known = new Set(offered.map(signature));
  if (!initial.every((each) => known.has(signature(each))))
    context.addIssue({ code: 'custom', message: 'initial option must be one of the options' });
}

function signature(value: unknown): string {
  if (!isObject(value)) return JSON.stringify(value);
  const sorted = Object.keys(value)
    .sort()
    .map((key) => [key, signature(value[key])]);
  return JSON.stringify(sorted);
}
