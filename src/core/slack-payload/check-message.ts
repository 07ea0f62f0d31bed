import { blocksOf, checkBlockIds, messageBlock } from './blocks.ts';
import { type Check, type Inspection, inspect, type PayloadFault, report } from './fault.ts';
import { SLACK_LIMITS } from './limits.ts';
import { bool, type Fields, isFields, kindOf, list, object, oneOf } from './shape.ts';
import { storedText } from './stored-length.ts';
import { id, string } from './text.ts';

/** What a message says; how it is addressed (`channel`, `ts`, …) may stand beside it. */
export interface MessageContent {
  text: string;
  blocks?: readonly unknown[];
  metadata?: unknown;
}

/** Bytes of a value as JSON in UTF-8, which is what goes over the wire. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value) ?? '').length;
}

const topText: Check = (value, pointer, seen) => {
  string()(value, pointer, seen);
  if (typeof value !== 'string') return;
  const found = new TextEncoder().encode(storedText(value, 'mrkdwn')).length;
  const max = SLACK_LIMITS.topTextBytes;
  if (found > max)
    report(seen, pointer, 'bytes', found, max, `has ${found} bytes after escaping, at most ${max}`);
};

const anyObject: Check = (value, pointer, seen) => {
  if (!isFields(value))
    report(seen, pointer, 'type', kindOf(value), 'object', `is ${kindOf(value)}, must be object`);
};

const metadataSize: Check = (value, pointer, seen) => {
  const found = jsonBytes(value);
  const max = SLACK_LIMITS.metadataBytes;
  if (found > max) report(seen, pointer, 'bytes', found, max, `has ${found} bytes, at most ${max}`);
};

const metadata = object(
  { event_type: string({ max: SLACK_LIMITS.eventType }), event_payload: anyObject },
  {},
  metadataSize,
);

/** The arguments that address a message rather than fill it; whether they are right only Slack can tell. */
const addressing = {
  channel: id,
  user: id,
  ts: id,
  thread_ts: id,
  reply_broadcast: bool,
  unfurl_links: bool,
  unfurl_media: bool,
  response_type: oneOf('ephemeral', 'in_channel'),
  replace_original: bool,
  delete_original: bool,
};

const message = object(
  { text: topText },
  { blocks: list(messageBlock, 1, SLACK_LIMITS.messageBlocks), metadata, ...addressing },
);

function checkOneTable(content: Fields, seen: Inspection): void {
  const max = SLACK_LIMITS.tablesPerMessage;
  const tables = blocksOf(content).filter(([, block]) => block['type'] === 'table');
  for (const [index] of tables.slice(max)) {
    report(
      seen,
      `/blocks/${index}`,
      'one-table',
      tables.length,
      max,
      `is a further table, a message takes ${max}`,
    );
  }
}

function checkBudget(content: Fields, seen: Inspection): void {
  const found = seen.textUnits + SLACK_LIMITS.budgetPerBlock * blocksOf(content).length;
  const max = SLACK_LIMITS.messageBudget;
  if (found <= max) return;
  report(
    seen,
    '/blocks',
    'budget',
    found,
    max,
    `text and ${SLACK_LIMITS.budgetPerBlock} a block make ${found}, at most ${max}`,
  );
}

/**
 * Checks a message before it is posted, updated, sent to a response_url or shown to one person only.
 * @returns what Slack would refuse, in document order; empty when nothing.
 */
export function checkMessage(content: MessageContent): PayloadFault[] {
  const payload: unknown = content;
  return inspect((seen) => {
    message(payload, '', seen);
    if (!isFields(payload)) return;
    checkBlockIds(payload, seen);
    checkOneTable(payload, seen);
    checkBudget(payload, seen);
  });
}
