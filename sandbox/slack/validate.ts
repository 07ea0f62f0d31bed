import { z } from 'zod';
import { isObject, type JsonObject } from '../shared/json.ts';
import { messageBlock, viewBlock } from './validate-blocks.ts';
import { limited, listOf, plainText, slackLength } from './validate-text.ts';

/** Why Slack would refuse a payload: its error code and its own words with JSON pointers. */
export interface Refusal {
  error: string;
  messages: string[];
}

const viewBytes = 250_000;
const messageTextBudget = 10_000;
const perBlock = 125;

const shared = {
  private_metadata: limited(3000, 0, false).optional(),
  callback_id: limited(255, 0, false).optional(),
  external_id: limited(255, 0, false).optional(),
};
const modal = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    blocks: listOf(viewBlock, 100),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    ...shared,
  })
  .superRefine((view, context) => {
    if (view.submit === undefined && view.blocks.some((block) => block.type === 'input'))
      context.addIssue({
        code: 'custom',
        message: 'missing required field: submit (a modal with an input block needs it)',
      });
  });
const home = z.strictObject({ type: z.literal('home'), blocks: listOf(viewBlock, 100, 0), ...shared });

/** Checks the blocks of a message. Null when Slack would take them; `blocks` must be parsed JSON. */
export function refuseBlocks(blocks: unknown): Refusal | null {
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', messages: [] };
  const parsed = listOf(messageBlock, 50, 0).safeParse(blocks);
  if (!parsed.success)
    return { error: 'invalid_blocks', messages: inSlacksWords(parsed.error, blocks, '/blocks') };
  const ids = duplicateIds(blocks, '/blocks');
  if (ids.length > 0) return { error: 'invalid_blocks', messages: ids };
  if (parsed.data.filter((block) => block.type === 'table').length > 1)
    return {
      error: 'invalid_attachments',
      messages: ['[ERROR] only_one_table_allowed [json-pointer:/blocks]'],
    };
  if (textOf(blocks) + perBlock * blocks.length > messageTextBudget)
    return { error: 'msg_blocks_too_long', messages: [] };
  return null;
}

/** Checks a view of the kind that the method takes. */
export function refuseView(view: unknown, kind: 'modal' | 'home'): Refusal | null {
  if (!isObject(view))
    return { error: 'invalid_arguments', messages: ['[ERROR] must provide an object [json-pointer:/view]'] };
  if (view['type'] !== kind)
    return { error: 'invalid_arguments', messages: ['[ERROR] invalid view type [json-pointer:/view/type]'] };
  if (Buffer.byteLength(JSON.stringify(view)) > viewBytes) return { error: 'view_too_large', messages: [] };
  const parsed = (kind === 'modal' ? modal : home).safeParse(view);
  const failed = '[ERROR] failed to match all allowed schemas [json-pointer:/view]';
  if (!parsed.success)
    return { error: 'invalid_arguments', messages: [failed, ...inSlacksWords(parsed.error, view, '/view')] };
  const blocks = Array.isArray(view['blocks']) ? view['blocks'] : [];
  const faults = [...duplicateIds(blocks, '/view/blocks'), ...twiceFocused(blocks)];
  return faults.length > 0 ? { error: 'invalid_arguments', messages: faults } : null;
}

/** Translates zod's issues: `[ERROR] what [json-pointer:where]`. */
export function inSlacksWords(error: z.ZodError, input: unknown, root: string): string[] {
  return error.issues.flatMap((issue) => {
    const pointer = [root, ...issue.path.map(String)].join('/');
    const say = (words: string, where = pointer) => `[ERROR] ${words} [json-pointer:${where}]`;
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => say(`invalid additional property: ${key}`));
    if (issue.code === 'invalid_union') return [say(`unsupported type: ${String(at(input, issue.path))}`)];
    if (issue.code === 'invalid_type' && at(input, issue.path) === undefined)
      return [say(`missing required field: ${String(issue.path.at(-1))}`, pointer.replace(/\/[^/]*$/, ''))];
    if (issue.code === 'invalid_type') return [say(`must provide a ${issue.expected}`)];
    if (issue.code === 'invalid_value' && issue.path.at(-1) === 'type')
      return [say(`unsupported type: ${String(at(input, issue.path))}`)];
    return [say(issue.message)];
  });
}

function at(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** block_id is unique in a payload, action_id unique in its block. */
function duplicateIds(blocks: unknown[], root: string): string[] {
  const seen = new Set<unknown>();
  return blocks.filter(isObject).flatMap((block, index) => {
    const faults: string[] = [];
    const blockId = block['block_id'];
    if (blockId !== undefined && seen.has(blockId))
      faults.push(
        `[ERROR] \`block_id\` already exists: ${String(blockId)} [json-pointer:${root}/${index}/block_id]`,
      );
    seen.add(blockId);
    const actions = elementsOf(block).map((element) => element['action_id']);
    const given = actions.filter((action) => action !== undefined);
    if (new Set(given).size < given.length)
      faults.push(`[ERROR] \`action_id\` already exists in the block [json-pointer:${root}/${index}]`);
    return faults;
  });
}

/** Slack lets one element a view ask for the focus. */
function twiceFocused(blocks: unknown[]): string[] {
  const focused = blocks
    .filter(isObject)
    .flatMap(elementsOf)
    .filter((element) => element['focus_on_load'] === true);
  return focused.length > 1
    ? ['[ERROR] only one element can have `focus_on_load` [json-pointer:/view/blocks]']
    : [];
}

/** The interactive elements of a block, wherever it keeps them. */
export function elementsOf(block: JsonObject): JsonObject[] {
  const type = block['type'];
  if (type === 'input') return [block['element']].filter(isObject);
  if (type === 'section') return [block['accessory']].filter(isObject);
  if (type === 'actions') return (Array.isArray(block['elements']) ? block['elements'] : []).filter(isObject);
  return [];
}

/** Characters of everything under a `text` key, escaped: what a message's blocks show. */
function textOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + textOf(each), 0);
  if (!isObject(value)) return 0;
  const markup = value['type'] === 'mrkdwn';
  return Object.entries(value).reduce(
    (sum, [key, inner]) =>
      sum + (key === 'text' && typeof inner === 'string' ? slackLength(inner, markup) : textOf(inner)),
    0,
  );
}
