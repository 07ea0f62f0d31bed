import { z } from 'zod';

/**
 * A text's length as Slack counts it: UTF-16 units after escaping. Entities already written (`&amp;`) and, in
 * mrkdwn, control sequences (`<@U1>`, `<https://…|text>`) count as they stand (facts/slack.md).
 */
export function slackLength(text: string, markup = true): number {
  const ampersands = text.replace(/&(?!(?:amp|lt|gt);)/g, '&amp;');
  const kept = markup
    ? ampersands.replace(/<[^<>]+>/g, (sequence) => ' '.repeat(sequence.length))
    : ampersands;
  return kept.replace(/[<>]/g, '&lt;').length;
}

/** The bytes of a text after escaping: what chat.update's cap counts. */
export function escapedBytes(text: string): number {
  const ampersands = text.replace(/&(?!(?:amp|lt|gt);)/g, '&amp;');
  return Buffer.byteLength(ampersands.replace(/</g, '&lt;').replace(/>/g, '&gt;'));
}

/** A string of `min` to `max` characters, counted by slackLength. */
export function limited(max: number, min = 1, markup = true) {
  return z.string().superRefine((value, context) => {
    const length = slackLength(value, markup);
    if (length < min)
      context.addIssue({ code: 'custom', message: `must be more than ${min - 1} characters` });
    if (length > max)
      context.addIssue({ code: 'custom', message: `must be less than ${max + 1} characters` });
  });
}

/** An array of `min` to `max` items, in Slack's words. */
export function listOf<T extends z.ZodType>(item: T, max: number, min = 1) {
  return z
    .array(item)
    .min(min, `no fewer than ${min} items allowed`)
    .max(max, `no more than ${max} items allowed`);
}

export const id = limited(255, 1, false);

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: limited(max, 1, false),
    emoji: z.boolean().optional(),
  });
}

export function markdownText(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: limited(max),
    verbatim: z.boolean().optional(),
  });
}

/** Either kind of text object. */
export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), markdownText(max)]);
}

export const url = z
  .string()
  .max(3000, 'must be less than 3001 characters')
  .refine((value) => URL.canParse(value), 'must be a valid URL');
