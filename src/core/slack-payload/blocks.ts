import {
  actionsElement,
  contextElement,
  imageBlockFields,
  inputElement,
  sectionAccessory,
} from './elements.ts';
import { type Check, deeper, type Inspection, report } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import { richTextFields, tableCell } from './rich-text.ts';
import { bool, byType, type Fields, isFields, list, object, oneOf, reportRepeats } from './shape.ts';
import { anyText, id, plainText } from './text.ts';

const block_id = id;

/** A section needs text or fields; it may have both. */
const textOrFields: Check = (section, pointer, seen) => {
  if (!isFields(section) || section['text'] !== undefined || section['fields'] !== undefined) return;
  report(seen, pointer, 'missing-field', 'nothing', 'text or fields', 'has neither `text` nor `fields`');
};

const section = object(
  { type: oneOf('section') },
  {
    text: anyText(SLACK_LIMITS.text),
    fields: list(anyText(SLACK_LIMITS.fieldText), 1, SLACK_LIMITS.fields),
    accessory: sectionAccessory,
    expand: bool,
    block_id,
  },
  textOrFields,
);

const header = object({ type: oneOf('header'), text: plainText(SLACK_LIMITS.headerText) }, { block_id });

const context = object(
  { type: oneOf('context'), elements: list(contextElement, 1, SLACK_LIMITS.contextElements) },
  { block_id },
);

/** Two buttons of one block with the same action_id: Slack refuses the payload. */
const distinctActions: Check = (block, pointer, seen) => {
  const elements = isFields(block) && Array.isArray(block['elements']) ? block['elements'] : [];
  const ids = elements.map((element: unknown, index) => {
    return [
      isFields(element) ? element['action_id'] : undefined,
      `${pointer}/elements/${index}/action_id`,
    ] as const;
  });
  reportRepeats(ids, seen);
};

const actions = object(
  { type: oneOf('actions'), elements: list(actionsElement, 1, SLACK_LIMITS.actionsElements) },
  { block_id },
  distinctActions,
);

const input = object(
  { type: oneOf('input'), label: plainText(SLACK_LIMITS.inputLabel), element: inputElement },
  { hint: plainText(SLACK_LIMITS.inputHint), optional: bool, dispatch_action: bool, block_id },
);

const divider = object({ type: oneOf('divider') }, { block_id });

const richText = object(richTextFields, { block_id });

const image = object(
  { type: oneOf('image'), ...imageBlockFields },
  { title: plainText(SLACK_LIMITS.altText), block_id },
);

const columnSettings = object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: bool });

const table = object(
  {
    type: oneOf('table'),
    rows: list(list(tableCell, 1, SLACK_LIMITS.tableCells), 1, SLACK_LIMITS.tableRows),
  },
  { column_settings: list(columnSettings, 1, SLACK_LIMITS.tableCells), block_id },
);

const everywhere = { section, header, context, actions, divider, rich_text: richText, image };

/** Blocks of a message. No `input`: what people type belongs in a modal. */
export const messageBlock = byType({ ...everywhere, table }, 'block of a message');

/** Blocks of a modal. No `table`: Slack takes it in messages only. */
export const modalBlock = byType({ ...everywhere, input }, 'block of a modal');

/** Blocks of App Home. */
export const homeBlock = byType(everywhere, 'block of App Home');

/** The blocks of a payload that are objects, with their index. */
export function blocksOf(payload: Fields): [index: number, block: Fields][] {
  const blocks = payload['blocks'];
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block: unknown, index): [number, Fields][] =>
    isFields(block) ? [[index, block]] : [],
  );
}

/** block_id must be unique in a payload. */
export function checkBlockIds(payload: Fields, seen: Inspection): void {
  reportRepeats(
    blocksOf(payload).map(
      ([index, block]) => [block['block_id'], deeper(`/blocks/${index}`, 'block_id')] as const,
    ),
    seen,
  );
}
