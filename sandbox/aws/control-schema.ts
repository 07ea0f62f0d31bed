import { z } from 'zod';
import { faultKinds } from './faults.ts';
import { bucketNames } from './limits.ts';
import { operations } from './operations.ts';
import { scriptIds } from './rollouts/scripts/index.ts';
import { logBehaviours } from './rollouts/wish.ts';

const count = z.number().int().nonnegative();
/** Default eu-west-1. */
const region = z.string().exactOptional();
/** Twelve digits; default: that of the caller. */
const account = z
  .string()
  .regex(/^\d{12}$/, 'twelve digits')
  .exactOptional();
const operation = z.enum([...operations.map(({ name }) => name), 'AssumeRole']);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits');
const controller = z.enum(['ECS', 'CODE_DEPLOY', 'EXTERNAL']).exactOptional();
const scheduling = z.enum(['REPLICA', 'DAEMON']).exactOptional();
const script = z.enum(scriptIds);
/** How a rollout goes, beside its script: RolloutWish says what each is. */
const pacing = {
  desired: count.exactOptional(),
  pace: z.number().positive().max(1000).exactOptional(),
  logs: z.enum(logBehaviours).exactOptional(),
  migration: z.union([z.boolean(), z.string().min(1)]).exactOptional(),
};
const rate = z.strictObject({ burst: count, perSecond: z.number().nonnegative() });

/** What the control endpoints take. Times are ISO texts. */
export const bodies = {
  world: z.strictObject({
    ingestionDelayMs: z.number().nonnegative().exactOptional(),
    emptyPageEvery: count.exactOptional(),
    linesPerPage: z.number().int().positive().exactOptional(),
    limits: z.partialRecord(z.enum(bucketNames), rate).exactOptional(),
    speed: z.number().positive().max(1000).exactOptional(),
  }),
  clock: z.strictObject({
    advanceMs: z.number().nonnegative().exactOptional(),
    frozen: z.boolean().exactOptional(),
    speed: z.number().positive().max(1000).exactOptional(),
  }),
  role: z.strictObject({
    arn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'arn:aws:iam::ACCOUNT:role/NAME'),
    externalId: z.string().min(2).exactOptional(),
  }),
  deploy: z.strictObject({
    account,
    region,
    cluster: z.string(),
    service: z.string(),
    script,
    image: z.string().min(1).exactOptional(),
    digest: digest.exactOptional(),
    taskDefinition: z.string().min(1).exactOptional(),
    ...pacing,
    agoMs: z.number().nonnegative().exactOptional(),
    lines: z
      .array(
        z.strictObject({
          afterMs: z.number().nonnegative(),
          text: z.string().min(1),
          container: z.string().min(1).exactOptional(),
          task: count.exactOptional(),
        }),
      )
      .exactOptional(),
    healthCheck: z.boolean().exactOptional(),
    loadBalancer: z.boolean().exactOptional(),
    breaker: z.strictObject({ enable: z.boolean(), rollback: z.boolean() }).exactOptional(),
    logGroup: z.string().min(1).exactOptional(),
    streamPrefix: z.string().min(1).nullable().exactOptional(),
    logDriver: z.enum(['awslogs', 'awsfirelens']).exactOptional(),
  }),
  fleet: z.strictObject({
    account,
    region,
    cluster: z.string().min(1),
    count: z.number().int().positive().max(10_000),
    prefix: z.string().min(1),
    script,
    /** The first begins at once, the last so much later. */
    spreadMs: z.number().nonnegative().exactOptional(),
    /** What is brought; without it, a new revision of the image that runs. */
    image: z.string().min(1).exactOptional(),
    ...pacing,
  }),
  instances: z.strictObject({ account, region, cluster: z.string().min(1), count }),
  addService: z.strictObject({
    account,
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
    controller,
    scheduling,
  }),
  setService: z.strictObject({
    account,
    region,
    cluster: z.string(),
    service: z.string(),
    image: z.string().min(1).exactOptional(),
    digest: digest.exactOptional(),
    desiredCount: count.exactOptional(),
    runningCount: count.exactOptional(),
    status: z.enum(['ACTIVE', 'DRAINING', 'INACTIVE']).exactOptional(),
  }),
  addLogGroup: z.strictObject({ account, region, name: z.string().min(1).max(512) }),
  lines: z.strictObject({
    account,
    region,
    group: z.string(),
    /** Default: the stream of a task that writes to this group now. */
    stream: z.string().exactOptional(),
    lines: z.array(z.strictObject({ text: z.string().min(1), at: z.iso.datetime().exactOptional() })).min(1),
  }),
  background: z.strictObject({
    account,
    region,
    group: z.string(),
    text: z.string().min(1),
    perMinute: z.number().nonnegative().max(500),
    from: z.iso.datetime().exactOptional(),
    until: z.iso.datetime().exactOptional(),
    stream: z.string().exactOptional(),
  }),
  removeBackground: z.strictObject({ account, region, group: z.string(), id: count.exactOptional() }),
  access: z.strictObject({ account, operation, allowed: z.boolean() }),
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
