import { ApiError, type Args } from './method.ts';

/** One page of a list and where the next begins ('' at the end), with Slack's opaque cursors. */
export function page<T>(items: T[], args: Args, fallbackLimit: number): { items: T[]; nextCursor: string } {
  const limit = args.integer('limit', fallbackLimit, 1, 1000, 'invalid_limit');
  const start = decode(args.text('cursor') ?? '');
  const end = start + limit;
  return { items: items.slice(start, end), nextCursor: end < items.length ? encode(end) : '' };
}

function encode(offset: number): string {
  return Buffer.from(`next:${offset}`).toString('base64');
}

function decode(cursor: string): number {
  if (cursor === '') return 0;
  const offset = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  if (offset === undefined) throw new ApiError('invalid_cursor');
  return Number(offset);
}
