import { z } from 'zod';
import { actions } from '../action.ts';

/**
 * Everything that can happen to an invocation (A11). The type names of the requirement document stand as
 * they are there; the others follow its pattern. Data is validated when it is read back, so a row that
 * somebody edited by hand is an error and not a surprise.
 */

/** Who or what asked: a person in Slack, or a pipeline that someone started in GitLab's own screen (A10). */
export const origin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('slack'), user: z.string(), channel: z.string() }),
  z.strictObject({
    kind: z.literal('gitlab'),
    user: z.string(),
    /** The pipeline that the person started: the root project's, or the project's own. */
    project: z.string(),
    pipelineId: z.number().int(),
    url: z.string(),
  }),
]);
export type Origin = z.infer<typeof origin>;

const problem = z.strictObject({ code: z.string(), what: z.string(), why: z.string(), todo: z.string() });

const pipelineRef = { pipelineId: z.number().int(), url: z.string() };

/** What is kept of an observation: the verdict and what proves it, not the whole tree. */
const observed = z.strictObject({
  ...pipelineRef,
  status: z.string(),
  outcome: z.enum(['running', 'passed', 'failed', 'canceled', 'skipped', 'manual']),
  detail: z.string(),
  /** The pipeline to look at, which may be a downstream one. */
  lookAt: z.string(),
  downstream: z.array(
    z.strictObject({
      project: z.string(),
      pipelineId: z.number().int(),
      status: z.string(),
      url: z.string(),
    }),
  ),
});
export type Observed = z.infer<typeof observed>;

const triggered = z.strictObject({
  project: z.string(),
  runId: z.string(),
  ...pipelineRef,
  /** Found in GitLab after a crash or an unclear answer, instead of being answered to our request. */
  adopted: z.boolean(),
});

export const invocationEvents = {
  OrchestrationInputsSubmitted: z.strictObject({
    action: z.enum(actions),
    /** A project's id, or `all`. */
    project: z.string(),
    confirm: z.boolean(),
    origin,
  }),
  InvocationConfirmed: z.strictObject({ confirmedAt: z.string() }),
  BulkFanOutExpanded: z.strictObject({ action: z.enum(actions), targetProjects: z.array(z.string()) }),
  PreflightPassed: z.strictObject({
    targets: z.array(z.strictObject({ project: z.string(), path: z.string(), ref: z.string() })),
  }),
  PreflightFailed: z.strictObject({ faults: z.array(z.strictObject({ project: z.string(), problem })) }),
  /** What a target of a later wave waits for, in words, each time they change; nothing: it is let go (C6). */
  TargetHeld: z.strictObject({ project: z.string(), waitsFor: z.array(z.string()) }),
  /** Written before each request that may start a pipeline: after a crash it says where to look. */
  TriggerIntended: z.strictObject({ project: z.string(), runId: z.string(), request: z.number().int() }),
  CutOffOrchestrationTriggered: triggered,
  ReleaseOrchestrationTriggered: triggered,
  TriggerFailed: z.strictObject({ project: z.string(), runId: z.string(), problem }),
  PipelineObserved: z.strictObject({ project: z.string(), observed }),
  /** Followed for as long as the catalogue says and never seen to end: unknown, not passed. */
  PipelineLostSight: z.strictObject({ project: z.string(), problem }),
  StopRequested: z.strictObject({}),
  RetryRequested: z.strictObject({ projects: z.array(z.string()) }),
} as const;

export type InvocationEventType = keyof typeof invocationEvents;
export type InvocationEvent = {
  [T in InvocationEventType]: { type: T; data: z.infer<(typeof invocationEvents)[T]> };
}[InvocationEventType];
