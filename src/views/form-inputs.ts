import type { Block } from '../core/ports.ts';
import { storedLength, truncate } from '../core/slack-payload/stored-length.ts';
import { plainText } from './text.ts';

/** The inputs that the forms of a release share. */

/** A place in a view's state: which block, which element. */
export interface InputPlace {
  block: string;
  element: string;
}

/** How long a note or a reason may be, in characters. */
export const longestNote = 1_000;
/** Longer addresses are no links in Slack's messages. */
export const longestLink = 500;

export interface Option {
  value: string;
  label: string;
  /** At most 75 characters. */
  description?: string;
}

/** Radio buttons; all of them are seen at once, and the keyboard reaches each. */
export function radioInput(
  { block, element }: InputPlace,
  label: string,
  options: readonly Option[],
  chosen: string | null,
): Block {
  const shown = options.map(({ value, label: text, description }) => ({
    value,
    text: plainText(text),
    ...(description !== undefined && { description: plainText(description) }),
  }));
  const initial = shown.find(({ value }) => value === chosen);
  return {
    type: 'input',
    block_id: block,
    label: plainText(label),
    element: {
      type: 'radio_buttons',
      action_id: element,
      options: shown,
      ...(initial && { initial_option: initial }),
    },
  };
}

export interface TextAsked {
  label: string;
  hint?: string;
  initial?: string;
  optional?: boolean;
  /** Most characters that may be typed. */
  most?: number;
  multiline?: boolean;
}

/** A field for text, filled in beforehand as far as Slack takes it. */
export function textInput({ block, element }: InputPlace, asked: TextAsked): Block {
  const { label, hint, initial = '', optional = false, most = longestNote, multiline = false } = asked;
  return {
    type: 'input',
    block_id: block,
    optional,
    label: plainText(label),
    ...(hint !== undefined && { hint: plainText(hint) }),
    element: {
      type: 'plain_text_input',
      action_id: element,
      max_length: most,
      ...(multiline && { multiline }),
      ...(initial !== '' && { initial_value: fitting(initial, most) }),
    },
  };
}

/** Slack's own limit of 3,000 counts escapes, `max_length` counts what is typed. */
function fitting(text: string, most: number): string {
  const fits = text.length <= most && storedLength(text, 'plain_text') <= 3_000;
  return fits ? text : truncate(text, Math.min(most, 3_000), 'plain_text');
}

export function linkInput({ block, element }: InputPlace, label: string, initial: string | null): Block {
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plainText(label),
    element: {
      type: 'url_text_input',
      action_id: element,
      ...(initial !== null && initial !== '' && { initial_value: truncate(initial, 3_000, 'plain_text') }),
    },
  };
}
