import { z } from 'zod';
import { parseJson } from '../../shared/json.ts';
import { invalidParameter } from '../api-error.ts';
import { hex } from '../draw.ts';

const pageToken = z.strictObject({
  /** What the search is about: a token holds for no other. */
  query: z.string(),
  /** Time and id of the last line that was looked at. */
  at: z.number(),
  eventId: z.string(),
  /** The page before was an empty one, so that this is not. */
  afterEmpty: z.boolean(),
});

/** Where a search goes on. */
export type PageToken = z.infer<typeof pageToken>;

/** The mark of a search: everything that may not differ from page to page. */
export function queryMark(query: object): string {
  return hex(JSON.stringify(Object.entries(query).sort())).slice(0, 16);
}

export function writeToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Throws InvalidParameterException for a token that was not given to this search. */
export function readToken(text: string, query: string): PageToken {
  const value = pageToken.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (value.success && value.data.query === query) return value.data;
  throw invalidParameter('The specified nextToken is invalid.');
}
