import { z } from 'zod';
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
  log: z.array(z.string()).exactOptional(),
  bringsDefaultBranch: z.boolean().exactOptional(),
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

const strategy = z.strictObject({
  name: z.enum(['default', 'gradualRolloutUserId', 'userWithId', 'gitlabUserList', 'flexibleRollout']),
  parameters: z.record(z.string(), z.string()).exactOptional(),
  scopes: z.array(z.string()).exactOptional(),
  userList: z.strictObject({ name: z.string(), users: z.array(z.string()) }).exactOptional(),
});

const featureFlag = z.strictObject({
  name: z.string(),
  description: z.string().exactOptional(),
  active: z.boolean(),
  strategies: z.array(strategy),
});

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
  environments: z
    .array(z.strictObject({ name: z.string(), externalUrl: z.url().exactOptional() }))
    .exactOptional(),
  featureFlags: z.array(featureFlag).exactOptional(),
  jobLogs: z.record(z.string(), z.array(z.string())).exactOptional(),
});

const labels = z.array(z.string().min(1));
const mergeRequest = z.strictObject({ project: z.string(), iid: z.number().int() });

/** What the control endpoints take. */
export const bodies = {
  world: z.strictObject({
    projects: z.array(project).exactOptional(),
    latencyMs: ms.exactOptional(),
    pipelineCreationPerMinute: z.number().int().positive().nullable().exactOptional(),
    pipelineLimitAnswer: z.literal([429, 400]).exactOptional(),
    linkMergeRequestsMs: ms.exactOptional(),
    jobLogTimestamps: z.boolean().exactOptional(),
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
  /** A merge request, merged into the default branch unless told otherwise. */
  mergeRequest: z.strictObject({
    project: z.string(),
    title: z.string().min(1),
    description: z.string().exactOptional(),
    author: z.string().exactOptional(),
    labels: labels.exactOptional(),
    /** Files that it changes. */
    paths: z.array(z.string()).exactOptional(),
    /** Files that it adds. */
    newPaths: z.array(z.string()).exactOptional(),
    sourceBranch: z.string().exactOptional(),
    targetBranch: z.string().exactOptional(),
    draft: z.boolean().exactOptional(),
    state: z.enum(['opened', 'merged', 'closed']).exactOptional(),
  }),
  merge: mergeRequest.extend({ user: z.string().exactOptional() }),
  label: mergeRequest.extend({
    add: labels.exactOptional(),
    remove: labels.exactOptional(),
    user: z.string().exactOptional(),
  }),
  /** A commit straight on a branch. */
  push: z.strictObject({
    project: z.string(),
    ref: z.string(),
    title: z.string().min(1),
    user: z.string().exactOptional(),
  }),
  /** Cherry-picks a merged merge request to a branch. */
  pick: mergeRequest.extend({ onto: z.string() }),
  /** What happened so far happened that many minutes earlier. */
  age: z.strictObject({ minutes: z.number().positive().max(100_000) }),
  /** A deployment by a pipeline of its own; ships what is on `ref`, and before it the given merge requests. */
  deploy: z.strictObject({
    project: z.string(),
    /** Default `staging`. */
    environment: z.string().exactOptional(),
    /** Default `release`, where the project has it. */
    ref: z.string().exactOptional(),
    /** Numbers (iid) of merged merge requests that are brought to `ref` first. */
    mergeRequests: z.array(z.number().int()).exactOptional(),
    /** How it ends; default `success`. `running` leaves it under way until its pipeline is finished. */
    status: z.enum(['running', 'success', 'failed', 'canceled']).exactOptional(),
    user: z.string().exactOptional(),
  }),
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
