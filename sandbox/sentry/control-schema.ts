import { z } from 'zod';

/** What can go wrong with Sentry; `acceptThenTimeout`: no answer, then a reset. */
const faultKinds = [
  'http500',
  'http502',
  'http503',
  'http429',
  'reset',
  'slow',
  'acceptThenTimeout',
  'outage',
] as const;

const tags = z.record(z.string(), z.string());
const count = z.number().int().nonnegative();

/** What the control endpoints take. */
export const bodies = {
  world: z.strictObject({
    projects: z
      .array(
        z.strictObject({
          id: z.string().regex(/^\d+$/),
          slug: z.string(),
          platform: z.string(),
          hidden: z.boolean().exactOptional(),
        }),
      )
      .exactOptional(),
    environments: z.array(z.string()).exactOptional(),
    background: z
      .array(
        z.strictObject({
          project: z.string(),
          environment: z.string(),
          perMinute: z.number().nonnegative().max(500),
        }),
      )
      .exactOptional(),
    scopes: z.array(z.enum(['org:read', 'project:read', 'event:read'])).exactOptional(),
    requestsPerSecond: z.number().int().positive().exactOptional(),
    ingestionDelayMs: z.number().nonnegative().exactOptional(),
  }),
  /** Errors by minute; the last of them is in the minute of now, unless `from` names the first. */
  errors: z.strictObject({
    project: z.string(),
    environment: z.string(),
    tags: tags.exactOptional(),
    from: z.iso.datetime().exactOptional(),
    perMinute: z.array(count).min(1).max(50_000),
  }),
  issue: z.strictObject({
    project: z.string(),
    environment: z.string(),
    /** `TypeError: x is undefined`. */
    title: z.string().min(1),
    culprit: z.string().exactOptional(),
    level: z.enum(['fatal', 'error', 'warning', 'info']).exactOptional(),
    firstRelease: z.string().nullable().exactOptional(),
    firstSeen: z.iso.datetime().exactOptional(),
    lastSeen: z.iso.datetime().exactOptional(),
    count: count.exactOptional(),
    userCount: count.exactOptional(),
    tags: tags.exactOptional(),
  }),
  status: z.strictObject({ id: z.string(), status: z.enum(['unresolved', 'resolved', 'ignored']) }),
  fault: z.strictObject({
    kind: z.enum(faultKinds),
    route: z.string().exactOptional(),
    times: z.number().int().positive().exactOptional(),
    probability: z.number().min(0).max(1).exactOptional(),
    seed: z.number().int().exactOptional(),
    delayMs: z.number().nonnegative().exactOptional(),
    retryAfter: z.number().int().nonnegative().exactOptional(),
  }),
} as const;
