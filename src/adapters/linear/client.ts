import { LinearClient } from '@linear/sdk';
import type { ZodType } from 'zod';
import { outsideError } from './effects.ts';

export interface LinearOptions {
  apiKey: string;
  /** Address of the GraphQL endpoint; plain http for loopback alone. */
  url: string;
  /** Key of the team whose issues keep the record: REL. */
  team: string;
  /** How long one answer may take, in ms. */
  timeoutMs: number;
}

/** The SDK for one request: it sends once and never again, and ends with `signal` or when its time is over. */
export function linearClient({ apiKey, url, timeoutMs }: LinearOptions, signal: AbortSignal): LinearClient {
  return new LinearClient({
    apiKey,
    apiUrl: url,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
}

/** One document, its answer validated. Throws `OutsideError`, or the reason of `signal`. */
export async function ask<T>(
  options: LinearOptions,
  document: string,
  variables: Record<string, unknown>,
  answer: ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    const { data } = await linearClient(options, signal).client.rawRequest(document, variables);
    return answer.parse(data);
  } catch (error) {
    signal.throwIfAborted();
    throw outsideError(error);
  }
}
