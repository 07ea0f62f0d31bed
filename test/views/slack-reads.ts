import { expect } from 'vitest';
import type { MessageBody } from '../../src/core/ports.ts';
import { checkMessage } from '../../src/core/slack-payload/check-message.ts';

/** What Slack would do with a message of ours. */

/** Every mrkdwn text that a payload shows, its notification text included. */
export function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)];
  return Object.values(value).flatMap(mrkdwnIn);
}

/** Whom or what the message would ping or name: everything in angle brackets that is no date and no web link. */
export function pingsIn({ text, blocks }: MessageBody): string[] {
  const marked = [text, ...mrkdwnIn(blocks)].flatMap((shown) => shown.match(/<[^>]*>/g) ?? []);
  return marked.filter((mark) => !/^<!date\^\d+\^[^<>]*>$|^<https?:\/\/[^<>|]+\|[^<>|]+>$/.test(mark));
}

/** The first block’s text: what a notification and a glance show. */
export function firstLine({ blocks }: MessageBody): string {
  return mrkdwnIn(blocks[0])[0] ?? '';
}

export function expectSlackTakes(body: MessageBody): void {
  expect(checkMessage(body)).toEqual([]);
}
