import { invalidInput, refused } from './problems.ts';
import type { Workspace } from './workspace.ts';

/** A leaky bucket: it refills at a constant rate. */
class Bucket {
  #left: number | undefined;
  #at = 0;

  /** How much is left now, when `limit` refill in `periodMs`. */
  left(limit: number, periodMs: number): number {
    const now = Date.now();
    this.#left = Math.min(limit, (this.#left ?? limit) + ((now - this.#at) * limit) / periodMs);
    this.#at = now;
    return this.#left;
  }

  /** Takes `amount` after `left` was asked. */
  take(amount: number): void {
    this.#left = (this.#left ?? 0) - amount;
  }
}

export interface LimitStatus {
  type: 'requests' | 'complexity';
  allowed: number;
  remaining: number;
  /** Milliseconds since 1970 at which the bucket is full again. */
  reset: number;
  periodMs: number;
}

/** The budgets of the key: requests and complexity points an hour, and points a document. Hours shrink by timeScale. */
export class Limits {
  readonly #workspace: Workspace;
  readonly #periodMs: number;
  readonly #buckets = { requests: new Bucket(), complexity: new Bucket() };

  constructor(workspace: Workspace, timeScale: number) {
    this.#workspace = workspace;
    this.#periodMs = 3_600_000 / timeScale;
  }

  status(type: 'requests' | 'complexity'): LimitStatus {
    const { requestsPerHour = 2500, complexityPerHour = 3_000_000 } = this.#workspace.settings;
    const allowed = type === 'requests' ? requestsPerHour : complexityPerHour;
    const left = this.#buckets[type].left(allowed, this.#periodMs);
    const reset = Math.ceil(Date.now() + ((allowed - left) / allowed) * this.#periodMs);
    return { type, allowed, remaining: Math.max(0, Math.floor(left)), reset, periodMs: this.#periodMs };
  }

  /** Takes one request; throws RATELIMITED. */
  request(): void {
    this.#spend('requests', 1);
  }

  /** Takes the points of one document; throws when it is too costly by itself, or RATELIMITED. */
  document(points: number): void {
    const most = this.#workspace.settings.complexityPerDocument ?? 10_000;
    if (points > most)
      throw invalidInput(
        'Query too complex',
        `Query is ${points} of complexity, at most ${most} is allowed.`,
      );
    this.#spend('complexity', points);
  }

  #spend(type: 'requests' | 'complexity', amount: number): void {
    const { allowed } = this.status(type);
    if (this.#buckets[type].left(allowed, this.#periodMs) < amount)
      throw rateLimited(this.#workspace, type, allowed);
    this.#buckets[type].take(amount);
  }

  /** The headers that every answer carries. */
  headers(points: number | undefined): Record<string, string> {
    const named = (type: 'requests' | 'complexity') => {
      const { allowed, remaining, reset } = this.status(type);
      const prefix = `x-ratelimit-${type}`;
      return {
        [`${prefix}-limit`]: String(allowed),
        [`${prefix}-remaining`]: String(remaining),
        [`${prefix}-reset`]: String(reset),
      };
    };
    const complexity = points === undefined ? {} : { 'x-complexity': String(points) };
    return { ...named('requests'), ...named('complexity'), ...complexity };
  }

  /** Whole seconds until there is room for one more request. */
  get retryAfter(): number {
    const { requestsPerHour = 2500 } = this.#workspace.settings;
    return Math.max(1, Math.ceil(this.#periodMs / requestsPerHour / 1000));
  }
}

/** The refusal of a key that asks too often. */
export function rateLimited(workspace: Workspace, what: 'requests' | 'complexity', allowed: number) {
  const status = workspace.settings.rateLimitStatus ?? 400;
  const noun = what === 'requests' ? 'requests' : 'complexity points';
  return refused(`Rate limit exceeded. Only ${allowed} ${noun} are allowed per 1 hour.`, {
    type: 'ratelimited',
    code: 'RATELIMITED',
    statusCode: 429,
    userPresentableMessage: 'You have made too many requests. Try again later.',
    http: { status },
  });
}
