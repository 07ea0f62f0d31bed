import { z } from 'zod';
import { HttpError } from '../shared/http.ts';
import { faultKinds } from './faults.ts';
import { type PipelineScript, scriptNames } from './scripts.ts';
import { pipelineStatuses } from './status.ts';
import type { ProjectChange } from './world.ts';

const status = z.enum(pipelineStatuses);
const ms = z.number().nonnegative();
const variables = z.array(z.strictObject({ key: z.string(), value: z.string() }));

const job = z.strictObject({
  name: z.string(),
  stage: z.string(),
  result: z.enum(['success', 'failed', 'manual', 'canceled']).exactOptional(),
  failureReason: z.string().exactOptional(),
  failingAttempts: z.number().int().exactOptional(),
  allowFailure: z.boolean().exactOptional(),
  durationMs: ms.exactOptional(),
  environment: z.string().exactOptional(),
});

const script: z.ZodType<PipelineScript> = z.lazy(() =>
  z.strictObject({
    steps: z.array(z.strictObject({ status, afterMs: ms })),
    stages: z.array(z.string()).exactOptional(),
    jobs: z.array(job).exactOptional(),
    bridges: z.array(bridge).exactOptional(),
  }),
);

const scriptOrName = z.union([z.enum(scriptNames), script]);

const bridge = z.strictObject({
  name: z.string(),
  stage: z.string(),
  project: z.string(),
  ref: z.string().exactOptional(),
  strategy: z.enum(['depend', 'mirror', 'none']).exactOptional(),
  variables: variables.exactOptional(),
  script: scriptOrName.exactOptional(),
  createProject: z.boolean().exactOptional(),
});

const branchAccess = z.literal([0, 30, 40, 60]);

const project: z.ZodType<ProjectChange> = z.strictObject({
  path: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/, 'namespace/name'),
  branches: z.array(z.string()).exactOptional(),
  protectedBranches: z
    .array(z.strictObject({ name: z.string(), pushLevel: branchAccess, mergeLevel: branchAccess }))
    .exactOptional(),
  variablesMinimumRole: z.enum(['no_one_allowed', 'developer', 'maintainer', 'owner']).exactOptional(),
  tokenAccessLevel: z.literal([0, 10, 20, 30, 40, 50]).exactOptional(),
  archived: z.boolean().exactOptional(),
  buildsAccess: z.enum(['enabled', 'private', 'disabled']).exactOptional(),
  /** Null: back to what its pipelines play by themselves. */
  pipeline: scriptOrName.nullable().exactOptional(),
  deploysDownstream: z.boolean().exactOptional(),
  fanOut: z.array(z.string()).exactOptional(),
});

/** What the control endpoints take. */
export const bodies = {
  world: z.strictObject({
    projects: z.array(project).exactOptional(),
    latencyMs: ms.exactOptional(),
    pipelineCreationPerMinute: z.number().int().positive().nullable().exactOptional(),
    pipelineLimitAnswer: z.literal([429, 400]).exactOptional(),
    requestsPerMinute: z.number().int().positive().exactOptional(),
    projectReadsPerMinute: z.number().int().positive().exactOptional(),
  }),
  runPipeline: z.strictObject({
    project: z.string(),
    ref: z.string().exactOptional(),
    variables: variables.exactOptional(),
    inputs: z.record(z.string(), z.unknown()).exactOptional(),
    user: z.string().exactOptional(),
  }),
  finish: z.strictObject({
    project: z.string(),
    pipelineId: z.number().int(),
    status: z.enum(['success', 'failed', 'canceled', 'skipped']),
  }),
  pipeline: z.strictObject({ project: z.string(), pipelineId: z.number().int() }),
  job: z.strictObject({ project: z.string(), jobId: z.number().int() }),
  fault: z.strictObject({
    kind: z.enum(faultKinds),
    route: z.string().exactOptional(),
    project: z.string().exactOptional(),
    times: z.number().int().positive().exactOptional(),
    probability: z.number().min(0).max(1).exactOptional(),
    seed: z.number().int().exactOptional(),
    delayMs: ms.exactOptional(),
    retryAfter: z.number().int().nonnegative().exactOptional(),
  }),
  hook: z.strictObject({
    url: z.url().nullable(),
    secretToken: z.string().exactOptional(),
    signingToken: z.string().exactOptional(),
    timeoutMs: ms.exactOptional(),
  }),
  redeliver: z.strictObject({ n: z.number().int() }),
  forge: z.strictObject({
    event: z.string(),
    payload: z.unknown(),
    headers: z.record(z.string(), z.string()).exactOptional(),
  }),
} as const;

/** Reads a control body; throws HttpError 400 that names every fault. */
export function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HttpError(400, z.prettifyError(result.error));
}
