import type { Check } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import { bool, byType, integer, list, object, oneOf } from './shape.ts';
import { id, string } from './text.ts';

const style = object({}, { bold: bool, italic: bool, strike: bool, code: bool, underline: bool });
const words = string({ max: SLACK_LIMITS.text, shown: true, blank: true });
const url = string({ max: SLACK_LIMITS.url });

const text = object({ type: oneOf('text'), text: words }, { style });
const link = object({ type: oneOf('link'), url }, { text: words, unsafe: bool, style });

/** Left out on purpose: `broadcast`, because the bot never pings a whole channel. */
const inline = byType(
  {
    text,
    link,
    emoji: object({ type: oneOf('emoji'), name: id }, { unicode: id, style }),
    user: object({ type: oneOf('user'), user_id: id }, { style }),
    usergroup: object({ type: oneOf('usergroup'), usergroup_id: id }, { style }),
    channel: object({ type: oneOf('channel'), channel_id: id }, { style }),
    date: object(
      { type: oneOf('date'), timestamp: integer(0, Number.MAX_SAFE_INTEGER), format: words },
      { url, fallback: words, style },
    ),
  },
  'rich text element',
);

/** Slack documents no count here; the message budget and the size of a view bound it. */
function atLeastOne(item: Check): Check {
  return list(item, 1, Number.POSITIVE_INFINITY);
}

const border = oneOf(0, 1);
const section = object({ type: oneOf('rich_text_section'), elements: atLeastOne(inline) });

/** The parts of a rich_text block. */
const richTextPart = byType(
  {
    rich_text_section: section,
    rich_text_list: object(
      {
        type: oneOf('rich_text_list'),
        style: oneOf('bullet', 'ordered'),
        elements: atLeastOne(byType({ rich_text_section: section }, 'list item')),
      },
      { indent: integer(0, 8), offset: integer(0, Number.MAX_SAFE_INTEGER), border },
    ),
    rich_text_quote: object({ type: oneOf('rich_text_quote'), elements: atLeastOne(inline) }, { border }),
    rich_text_preformatted: object(
      {
        type: oneOf('rich_text_preformatted'),
        elements: atLeastOne(byType({ text, link }, 'preformatted element')),
      },
      { border },
    ),
  },
  'part of a rich text',
);

/** The fields of a rich_text block, which also stands in table cells. */
export const richTextFields: Readonly<Record<string, Check>> = {
  type: oneOf('rich_text'),
  elements: atLeastOne(richTextPart),
};

/** A cell of a table; white space makes an empty one. */
export const tableCell = byType(
  {
    raw_text: object({ type: oneOf('raw_text'), text: words }),
    rich_text: object(richTextFields, { block_id: id }),
  },
  'table cell',
);
