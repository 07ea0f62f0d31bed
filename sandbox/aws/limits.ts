import { rateExceeded } from './api-error.ts';

/** Operations that share a bucket of tokens, in each region for itself. */
export const bucketNames = ['services', 'tasks', 'taskDefinitions', 'logEvents', 'logGroups'] as const;

export type BucketName = (typeof bucketNames)[number];

export interface Rate {
  /** Tokens of a full bucket. */
  burst: number;
  /** Tokens that come back in a second. */
  perSecond: number;
}

/** What AWS grants when the world says nothing else (facts/aws.md; where it gives a range, the lowest). */
export function grantedRate(bucket: BucketName, region: string): Rate {
  switch (bucket) {
    case 'services':
    case 'tasks':
      return { burst: 100, perSecond: 20 };
    case 'taskDefinitions':
      return { burst: 50, perSecond: 20 };
    case 'logEvents':
      return region === 'us-east-1' ? { burst: 25, perSecond: 25 } : { burst: 5, perSecond: 5 };
    case 'logGroups':
      return { burst: 10, perSecond: 10 };
  }
}

/** Token buckets by region and name. */
export class Limits {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** Takes one token at `now` (ms since 1970); throws ThrottlingException when there is none. */
  take(region: string, bucket: BucketName, rate: Rate, now: number): void {
    const key = `${region}/${bucket}`;
    const last = this.#buckets.get(key) ?? { tokens: rate.burst, at: now };
    const grown = last.tokens + (Math.max(0, now - last.at) / 1000) * rate.perSecond;
    const tokens = Math.min(rate.burst, grown);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    this.#buckets.set(key, { tokens: left, at: now });
    if (tokens < 1) throw rateExceeded();
  }

  /** Fills every bucket. */
  clear(): void {
    this.#buckets.clear();
  }
}
