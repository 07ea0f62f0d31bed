import { z } from 'zod';
import { twoLines } from '../core/catalogue/wording.ts';
import type { PageLoad } from '../core/sources.ts';

/** `url:` of a gate. */
export const address = z
  .string()
  .regex(/^(?:https?:\/\/[^/\s]|\/(?!\/))\S*$/i, {
    error: twoLines('is no address', 'Write https://…, or a path such as /health on the environment itself.'),
  })
  .describe('The address, or a path on the environment itself, such as /health.');

/** Seconds until an answer must be there. */
export const timeLimit = z
  .number()
  .positive()
  .max(60)
  .default(10)
  .describe('Seconds until the answer must be there.');

/** A path is meant on the environment that the release is validated in. */
export function addressOf(environmentUrl: string, given: string): string {
  return given.startsWith('/') ? `${environmentUrl}${given}` : given;
}

/** Pages are read up to this length. */
export const mostBytes = 2_000_000;

type Unloaded = Extract<PageLoad, { loaded: false }>;

/** Why a page did not load, in plain words that are the same each time. */
export function whyUnloaded({ why }: Unloaded): string {
  const words: Record<Unloaded['why'], string> = {
    timeout: 'it did not answer in time',
    unreachable: 'no connection could be made',
    certificate: 'its certificate is not valid',
    'too-many-redirects': 'it redirects without an end',
  };
  return words[why];
}
