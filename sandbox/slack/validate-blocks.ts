import { z } from 'zod';
import { accessory, actionElement, imageElement, inputElement } from './validate-elements.ts';
import { richText } from './validate-rich-text.ts';
import { anyText, id, limited, listOf, markdownText, plainText, url } from './validate-text.ts';

const block_id = id.optional();

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: anyText(3000).optional(),
    fields: listOf(anyText(2000), 10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .superRefine((block, context) => {
    if (block.text === undefined && block.fields === undefined)
      context.addIssue({ code: 'custom', message: 'must define either `fields` or `text`' });
  });

const header = z.strictObject({ type: z.literal('header'), block_id, text: plainText(150) });
const divider = z.strictObject({ type: z.literal('divider'), block_id });
const context = z.strictObject({
  type: z.literal('context'),
  block_id,
  elements: listOf(z.discriminatedUnion('type', [plainText(3000), markdownText(3000), imageElement]), 10),
});
const actions = z.strictObject({ type: z.literal('actions'), block_id, elements: listOf(actionElement, 25) });
const image = z.strictObject({
  type: z.literal('image'),
  block_id,
  image_url: url,
  alt_text: limited(2000, 1, false),
  title: plainText(2000).optional(),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id,
  label: plainText(2000),
  element: inputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: limited(3000, 1, false) }),
  richText,
]);
const table = z.strictObject({
  type: z.literal('table'),
  block_id,
  rows: listOf(listOf(cell, 20), 100),
  column_settings: listOf(
    z.strictObject({
      align: z.enum(['left', 'center', 'right'], 'must be a valid enum value').optional(),
      is_wrapped: z.boolean().optional(),
    }),
    20,
  ).optional(),
});

/** Tables live in messages only. Input blocks in messages were long refused: stay out of doubt. */
export const messageBlock = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  image,
  richText,
  table,
]);
export const viewBlock = z.discriminatedUnion('type', [
  section,
  header,
  divider,
  context,
  actions,
  image,
  richText,
  input,
]);
