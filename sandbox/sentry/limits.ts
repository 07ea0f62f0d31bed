import { ApiError } from './api-error.ts';

/** Counts requests of each endpoint by whole seconds, as Sentry does. */
export class Limits {
  readonly #taken = new Map<string, { second: number; count: number }>();

  /** Takes one; throws 429 beyond the limit. Gives the headers of an accepted request. */
  take(endpoint: string, limit: number, now: number): Record<string, string> {
    const second = Math.floor(now / 1000);
    const last = this.#taken.get(endpoint);
    const count = last?.second === second ? last.count + 1 : 1;
    this.#taken.set(endpoint, { second, count });
    const headers = {
      'x-sentry-rate-limit-limit': String(limit),
      'x-sentry-rate-limit-remaining': String(Math.max(0, limit - count)),
      'x-sentry-rate-limit-reset': String(second + 1),
    };
    if (count > limit) throw tooOften(limit, headers);
    return headers;
  }
}

/** Sentry sends no Retry-After here: when the window ends is in X-Sentry-Rate-Limit-Reset, in seconds since 1970. */
export function tooOften(limit: number, headers: Record<string, string>): ApiError {
  const detail = `You are attempting to use this endpoint too frequently. Limit is ${limit} requests in 1 seconds`;
  return new ApiError(429, { detail }, headers);
}
