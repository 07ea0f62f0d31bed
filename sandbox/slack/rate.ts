/** How often a method may be called: `calls` in any `windowMs`. */
export interface RateLimit {
  calls: number;
  windowMs: number;
}

const minute = 60_000;

/** Slack's published tiers, at their guaranteed minimum (https://docs.slack.dev/apis/web-api/rate-limits). */
export const tiers = {
  tier1: { calls: 1, windowMs: minute },
  tier2: { calls: 20, windowMs: minute },
  tier3: { calls: 50, windowMs: minute },
  tier4: { calls: 100, windowMs: minute },
  /** Methods with a limit of their own of several hundred a minute. */
  special: { calls: 600, windowMs: minute },
} as const satisfies Record<string, RateLimit>;

/** chat.postMessage: one a second and channel; "short bursts" are let through, here three at once. */
export const postMessageBurst = 3;

/** Counts calls; windows are `timeScale` times shorter than Slack's. */
export class RateLimiter {
  private readonly timeScale: number;
  private readonly now: () => number;
  private readonly calls = new Map<string, number[]>();
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(timeScale = 1, now: () => number = Date.now) {
    this.timeScale = timeScale;
    this.now = now;
  }

  /** Takes one call from a rolling window. Gives 0, or the whole seconds to wait (at least 1). */
  takeFromWindow(key: string, limit: RateLimit): number {
    const window = limit.windowMs / this.timeScale;
    const now = this.now();
    const recent = (this.calls.get(key) ?? []).filter((at) => at > now - window);
    this.calls.set(key, recent);
    const oldest = recent[0];
    if (recent.length >= limit.calls && oldest !== undefined) return waitSeconds(oldest + window - now);
    recent.push(now);
    return 0;
  }

  /** Takes one from a bucket that holds `burst` and refills by one a (scaled) second. */
  takeFromBucket(key: string, burst: number): number {
    const now = this.now();
    const perMs = this.timeScale / 1000;
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    this.buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    return tokens < 1 ? waitSeconds((1 - tokens) / perMs) : 0;
  }
}

/** Retry-After carries whole seconds. */
function waitSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
