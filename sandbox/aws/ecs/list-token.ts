import { invalidParameter } from '../api-error.ts';

/** Where a list goes on, for one query only. */
export const tokenFor = (offset: number, key: string) => Buffer.from(`${key}:${offset}`).toString('base64');

/** Throws InvalidParameterException for a token of another query. */
export function offsetOf(token: string, key: string): number {
  const [of, offset] = Buffer.from(token, 'base64').toString('utf8').split(':');
  if (of !== key || offset === undefined || !/^\d+$/.test(offset)) throw invalidParameter('Invalid token.');
  return Number(offset);
}
