import { rateExceeded } from './api-error.ts';

/** Operations that share a bucket of tokens, in each account and region for itself. */
export const bucketNames = [
  'services',
  'tasks',
  'taskDefinitions',
  'serviceDeployments',
  'containerInstances',
  'logEvents',
  'logGroups',
] as const;

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
    case 'serviceDeployments':
    case 'containerInstances':
      return { burst: 50, perSecond: 20 };
    case 'logEvents':
      return logEvents(region);
    case 'logGroups':
      return { burst: 10, perSecond: 10 };
  }
}

/** Which regions have 10 is not written down where we read: us-west-2 stands for them. */
function logEvents(region: string): Rate {
  const perSecond = region === 'us-east-1' ? 25 : region === 'us-west-2' ? 10 : 5;
  return { burst: perSecond, perSecond };
}

/** Token buckets of one account, by region and name. Their time is real: they are about the pace of a caller. */
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
