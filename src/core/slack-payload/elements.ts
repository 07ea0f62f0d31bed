import { type Check, deeper, report } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import {
  choiceOption,
  distinctOptions,
  initialAmongOptions,
  menuOption,
  optionGroup,
  overflowOption,
} from './options.ts';
import { bool, byType, exactlyOneOf, integer, isFields, list, object, oneOf } from './shape.ts';
import { anyText, id, plainText, string } from './text.ts';

/** A confirm dialog. All four texts are asked for: Slack's defaults ("Are you sure?") say nothing. */
const confirm = object(
  {
    title: plainText(SLACK_LIMITS.confirmTitle),
    text: anyText(SLACK_LIMITS.confirmText),
    confirm: plainText(SLACK_LIMITS.confirmButton),
    deny: plainText(SLACK_LIMITS.confirmButton),
  },
  { style: oneOf('primary', 'danger') },
);

/** Every element that people act on must have an action_id, or the bot can't tell what was pressed. */
const acting = { action_id: id };
const placeholder = plainText(SLACK_LIMITS.placeholder);
const url = string({ max: SLACK_LIMITS.url });
const menu = { confirm, placeholder, focus_on_load: bool };
const typed = {
  placeholder,
  focus_on_load: bool,
  dispatch_action_config: object({
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 1, 2),
  }),
};

const button = object(
  { type: oneOf('button'), text: plainText(SLACK_LIMITS.buttonText), ...acting },
  {
    value: string({ max: SLACK_LIMITS.buttonValue }),
    url,
    style: oneOf('primary', 'danger'),
    confirm,
    accessibility_label: string({ max: SLACK_LIMITS.buttonText }),
  },
);

const choices = list(choiceOption, 1, SLACK_LIMITS.choiceOptions);

const checkboxes = object(
  { type: oneOf('checkboxes'), options: choices, ...acting },
  { initial_options: choices, confirm, focus_on_load: bool },
  distinctOptions,
  initialAmongOptions,
);

const radioButtons = object(
  { type: oneOf('radio_buttons'), options: choices, ...acting },
  { initial_option: choiceOption, confirm, focus_on_load: bool },
  distinctOptions,
  initialAmongOptions,
);

const menuOptions = list(menuOption, 1, SLACK_LIMITS.selectOptions);
const menuLists = { options: menuOptions, option_groups: list(optionGroup, 1, SLACK_LIMITS.selectGroups) };
const menuRules = [exactlyOneOf('options', 'option_groups'), distinctOptions, initialAmongOptions];

const staticSelect = object(
  { type: oneOf('static_select'), ...acting },
  { ...menuLists, initial_option: menuOption, ...menu },
  ...menuRules,
);

const multiStaticSelect = object(
  { type: oneOf('multi_static_select'), ...acting },
  {
    ...menuLists,
    initial_options: menuOptions,
    max_selected_items: integer(1, SLACK_LIMITS.selectOptions),
    ...menu,
  },
  ...menuRules,
);

/** Offers what the bot answers while people type: for more than 100 options. */
const externalSelect = object(
  { type: oneOf('external_select'), ...acting },
  { initial_option: menuOption, min_query_length: integer(0, SLACK_LIMITS.text), ...menu },
);

const usersSelect = object({ type: oneOf('users_select'), ...acting }, { initial_user: id, ...menu });

const overflow = object(
  { type: oneOf('overflow'), options: list(overflowOption, 1, SLACK_LIMITS.overflowOptions), ...acting },
  { confirm },
  distinctOptions,
);

const datepicker = object({ type: oneOf('datepicker'), ...acting }, { initial_date: id, ...menu });

/** min_length ≤ max_length, and what is filled in beforehand must fit. */
const consistentLengths: Check = (element, pointer, seen) => {
  if (!isFields(element)) return;
  const { min_length: min, max_length: max, initial_value: initial } = element;
  if (typeof max !== 'number') return;
  if (typeof min === 'number' && min > max) {
    report(
      seen,
      deeper(pointer, 'min_length'),
      'number-range',
      min,
      max,
      `is ${min}, more than max_length ${max}`,
    );
  }
  if (typeof initial === 'string' && initial.length > max) {
    const found = initial.length;
    report(
      seen,
      deeper(pointer, 'initial_value'),
      'text-length',
      found,
      max,
      `has ${found} characters, max_length is ${max}`,
    );
  }
};

/** `max_length` must be set: without it a person may type more than a later message can show. */
const plainTextInput = object(
  { type: oneOf('plain_text_input'), max_length: integer(1, SLACK_LIMITS.inputMaxLength), ...acting },
  {
    min_length: integer(0, SLACK_LIMITS.inputMaxLength),
    initial_value: string({ max: SLACK_LIMITS.inputMaxLength, empty: true }),
    multiline: bool,
    ...typed,
  },
  consistentLengths,
);

const numberInput = object(
  { type: oneOf('number_input'), is_decimal_allowed: bool, ...acting },
  { initial_value: id, min_value: id, max_value: id, ...typed },
);

const urlInput = object({ type: oneOf('url_text_input'), ...acting }, { initial_value: url, ...typed });

const imageFields = { image_url: url, alt_text: string({ max: SLACK_LIMITS.altText, shown: true }) };

/** A small image in a section or a context line. */
const image = object({ type: oneOf('image'), ...imageFields });

/** The fields that the image block shares with the image element. Slack files are left out: the bot has none. */
export const imageBlockFields = imageFields;

const menus = {
  static_select: staticSelect,
  external_select: externalSelect,
  multi_static_select: multiStaticSelect,
  users_select: usersSelect,
  datepicker,
};
const pressed = { button, overflow, checkboxes, radio_buttons: radioButtons, ...menus };

/** What may stand in an actions block. */
export const actionsElement = byType(pressed, 'element of an actions block');

/** What may stand beside a section's text. */
export const sectionAccessory = byType({ ...pressed, image }, 'accessory');

/** What may stand in a context line. */
export const contextElement = byType(
  { mrkdwn: anyText(SLACK_LIMITS.text), plain_text: anyText(SLACK_LIMITS.text), image },
  'element of a context block',
);

/** What an input block may ask with. */
export const inputElement = byType(
  {
    checkboxes,
    radio_buttons: radioButtons,
    ...menus,
    plain_text_input: plainTextInput,
    number_input: numberInput,
    url_text_input: urlInput,
  },
  'element of an input block',
);
