import { z } from 'zod';
import { faultKinds } from './faults.ts';
import { bucketNames } from './limits.ts';
import { operations } from './operations.ts';

const count = z.number().int().nonnegative();
/** Default eu-west-1. */
const region = z.string().exactOptional();
const operation = z.enum(operations.map(({ name }) => name));
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits');
const rate = z.strictObject({ burst: count, perSecond: z.number().nonnegative() });

/** What the control endpoints take. Times are ISO texts. */
export const bodies = {
  world: z.strictObject({
    ingestionDelayMs: z.number().nonnegative().exactOptional(),
    emptyPageEvery: count.exactOptional(),
    linesPerPage: z.number().int().positive().exactOptional(),
    limits: z.partialRecord(z.enum(bucketNames), rate).exactOptional(),
  }),
  addService: z.strictObject({
    region,
    cluster: z.string().min(1),
    name: z.string().min(1),
    image: z.string().min(1),
    digest: digest.exactOptional(),
    desiredCount: count.exactOptional(),
    logGroup: z.string().exactOptional(),
    streamPrefix: z.string().exactOptional(),
    container: z.string().exactOptional(),
    revision: z.number().int().positive().exactOptional(),
  }),
  setService: z.strictObject({
    region,
    cluster: z.string(),
    service: z.string(),
    image: z.string().min(1).exactOptional(),
    digest: digest.exactOptional(),
    desiredCount: count.exactOptional(),
    runningCount: count.exactOptional(),
    status: z.enum(['ACTIVE', 'DRAINING', 'INACTIVE']).exactOptional(),
  }),
  addLogGroup: z.strictObject({ region, name: z.string().min(1).max(512) }),
  lines: z.strictObject({
    region,
    group: z.string(),
    /** Default: the stream of a task that writes to this group now. */
    stream: z.string().exactOptional(),
    lines: z.array(z.strictObject({ text: z.string().min(1), at: z.iso.datetime().exactOptional() })).min(1),
  }),
  background: z.strictObject({
    region,
    group: z.string(),
    text: z.string().min(1),
    perMinute: z.number().nonnegative().max(500),
    from: z.iso.datetime().exactOptional(),
    until: z.iso.datetime().exactOptional(),
    stream: z.string().exactOptional(),
  }),
  removeBackground: z.strictObject({ region, group: z.string(), id: count.exactOptional() }),
  access: z.strictObject({ operation, allowed: z.boolean() }),
  fault: z.strictObject({
    kind: z.enum(faultKinds),
    operation: operation.exactOptional(),
    region,
    times: z.number().int().positive().exactOptional(),
    probability: z.number().min(0).max(1).exactOptional(),
    seed: z.number().int().exactOptional(),
    delayMs: z.number().nonnegative().exactOptional(),
  }),
} as const;
