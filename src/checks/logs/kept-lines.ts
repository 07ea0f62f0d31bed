import { z } from 'zod';
import type { LogLine } from '../../core/rollout/logs.ts';

/** A line as it is carried from look to look: enough of it for people to understand what happened. */
export const keptLine = z.strictObject({
  /** CloudWatch's eventId: the same line is kept once. */
  id: z.string(),
  /** ms since 1970, by the clock of the writer. */
  at: z.number(),
  text: z.string(),
});
export type KeptLine = z.infer<typeof keptLine>;

type Moment = Pick<KeptLine, 'id' | 'at'>;

/** What ends a word that may be a secret: it is not cut in two, for half a secret is not recognised as one. */
const wordEnd = /[^\w\-+/=.~%:@][\w\-+/=.~%:@]*$/;

/** A line with at most `most` characters of its text; says it when there was more. */
export function keep({ id, at, text }: LogLine, most: number): KeptLine {
  if (text.length <= most) return { id, at, text };
  const begin = text.slice(0, most);
  const word = wordEnd.exec(begin);
  const whole = word ? begin.slice(0, word.index + 1).trimEnd() : '';
  // Copied: a part of a string holds on to the whole of it, which may have a megabyte.
  const copy = Buffer.from(whole, 'utf8').toString('utf8');
  return { id, at, text: `${copy}… (cut: it has ${text.length} characters)` };
}

/** A text that PostgreSQL takes as JSON: without NUL and halves of characters. */
export function storable(line: KeptLine): KeptLine {
  return { ...line, text: line.text.replaceAll('\0', '\u{fffd}').toWellFormed() };
}

/** Negative when `a` was written before `b`. Lines of one moment have the order of their ids. */
export function inOrder(a: Moment, b: Moment): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** Puts a line into a list that is in order, where it is not there yet. Lines mostly come in order: from the end on. */
export function insert(lines: KeptLine[], line: KeptLine): void {
  let at = lines.length;
  for (; at > 0; at -= 1) {
    const before = lines[at - 1];
    const order = before ? inOrder(before, line) : -1;
    if (order === 0) return;
    if (order < 0) break;
  }
  lines.splice(at, 0, line);
}

/** What a line takes in the store, in bytes of JSON. */
export function bytesOf(line: KeptLine): number {
  return Buffer.byteLength(JSON.stringify(line)) + 1;
}
