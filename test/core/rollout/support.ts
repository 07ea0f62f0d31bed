import { judgeRollout, type LookedAt } from '../../../src/core/rollout/judge.ts';
import type { LogJudgement } from '../../../src/core/rollout/logs.ts';
import { noMemory, type RolloutMemory } from '../../../src/core/rollout/memory.ts';
import type {
  EcsDeployment,
  EcsTaskSet,
  Observation,
  ObservedContainer,
  ObservedDefinition,
  ObservedService,
  ObservedTask,
  ServiceDeployment,
  ServiceEvent,
} from '../../../src/core/rollout/observation.ts';
import type { RolloutRules } from '../../../src/core/rollout/rules.ts';
import type { Expectation, RolloutVerdict, Snapshot } from '../../../src/core/rollout/verdict.ts';

/** Observations to judge. Without changes: revision 42 of `app` was applied, and both of its tasks run. */

export const commit = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
export const otherCommit = 'ffffeeeeddddccccbbbbaaaa9999888877776666';
const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/app';
export const digest = `sha256:${'ab'.repeat(32)}`;

const appliedAt = Date.parse('2026-11-20T10:00:00.000Z');

/** So many seconds after the apply began, ISO 8601. */
export function at(seconds: number): string {
  return new Date(appliedAt + seconds * 1_000).toISOString();
}

export function definitionArn(revision: number): string {
  return `arn:aws:ecs:eu-west-1:123456789012:task-definition/app:${revision}`;
}

/** Revision 42 is the release's, and shows its commit. */
export function definition(
  revision = 42,
  parts: Partial<ObservedDefinition['containers'][number]> = {},
): ObservedDefinition {
  const image = `${registry}:${revision === 42 ? commit : otherCommit}`;
  const container = {
    name: 'app',
    image,
    essential: true,
    hasHealthCheck: false,
    logDriver: null,
    logs: null,
  };
  return {
    arn: definitionArn(revision),
    family: 'app',
    revision,
    containers: [{ ...container, ...parts }],
  };
}

/** `ecs-svc/2` is the one under test, `ecs-svc/1` the one before. */
export function deployment(parts: Partial<EcsDeployment> = {}): EcsDeployment {
  return {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: definitionArn(42),
    desired: 2,
    running: 2,
    pending: 0,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: 'ECS deployment ecs-svc/2 in progress.',
    createdAt: at(10),
    ...parts,
  };
}

export function oldDeployment(parts: Partial<EcsDeployment> = {}): EcsDeployment {
  return deployment({
    id: 'ecs-svc/1',
    status: 'ACTIVE',
    taskDefinition: definitionArn(41),
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment ecs-svc/1 completed.',
    createdAt: at(-86_400),
    ...parts,
  });
}

export function container(parts: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    name: 'app',
    image: `${registry}:${commit}`,
    digest,
    status: 'RUNNING',
    exitCode: null,
    reason: null,
    health: 'UNKNOWN',
    ...parts,
  };
}

/** A task of the deployment under test that runs. */
export function task(id: string, parts: Partial<ObservedTask> = {}): ObservedTask {
  return {
    id,
    taskDefinition: definitionArn(42),
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    health: 'UNKNOWN',
    createdAt: at(12),
    startedAt: at(30),
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    containers: [container()],
    ...parts,
  };
}

/** A task of the deployment under test that stopped; by default its program ended with exit code 1. */
export function stoppedTask(
  id: string,
  parts: Partial<ObservedTask> = {},
  inside: Partial<ObservedContainer> = {},
): ObservedTask {
  return task(id, {
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stoppedAt: at(40),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [container({ status: 'STOPPED', exitCode: 1, ...inside })],
    ...parts,
  });
}

/** A task of the deployment under test that never started. */
export function unstartedTask(id: string, stoppedReason: string): ObservedTask {
  const parts = { stopCode: 'TaskFailedToStart', stoppedReason, startedAt: null };
  return stoppedTask(id, parts, { exitCode: null, digest: null });
}

export function oldTask(id: string, parts: Partial<ObservedTask> = {}): ObservedTask {
  return task(id, {
    taskDefinition: definitionArn(41),
    startedBy: 'ecs-svc/1',
    createdAt: at(-86_000),
    startedAt: at(-85_900),
    containers: [container({ image: `${registry}:${otherCommit}`, digest: `sha256:${'cd'.repeat(32)}` })],
    ...parts,
  });
}

export function event(seconds: number, message: string): ServiceEvent {
  return { id: `event-${seconds}`, at: at(seconds), message };
}

export function rollout(parts: Partial<ServiceDeployment> = {}): ServiceDeployment {
  return {
    arn: 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/main/app/new',
    status: 'IN_PROGRESS',
    statusReason: '',
    createdAt: at(9),
    targetTaskDefinition: definitionArn(42),
    targetDigests: [],
    circuitBreaker: null,
    alarms: null,
    rollback: null,
    stage: null,
    awaiting: [],
    ...parts,
  };
}

export function taskSet(parts: Partial<EcsTaskSet> = {}): EcsTaskSet {
  return {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: definitionArn(42),
    stability: 'STEADY_STATE',
    createdAt: at(10),
    ...parts,
  };
}

export interface ObservedParts {
  service?: Partial<ObservedService>;
  deployments?: EcsDeployment[];
  tasks?: ObservedTask[];
  events?: ServiceEvent[];
  definitions?: ObservedDefinition[];
  rollouts?: ServiceDeployment[];
  instances?: number | null;
}

export type Whole = Extract<Observation, { kind: 'service' }>;

/** What ECS shows; both tasks of the deployment under test run, and it is in progress. */
export function observed(parts: ObservedParts = {}): Whole {
  const service: ObservedService = {
    status: 'ACTIVE',
    controller: 'ECS',
    scheduling: 'REPLICA',
    strategy: 'ROLLING',
    desired: 2,
    running: 2,
    pending: 0,
    deployments: parts.deployments ?? [deployment()],
    taskSets: [],
    events: parts.events ?? [],
    ...parts.service,
  };
  return {
    at: at(60),
    kind: 'service',
    service,
    tasks: parts.tasks ?? [task('a'), task('b')],
    definitions: parts.definitions ?? [definition(42), definition(41)],
    serviceDeployments: parts.rollouts ?? [],
    instances: parts.instances ?? null,
  };
}

export function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    primary: 'ecs-svc/1',
    taskDefinition: definitionArn(41),
    serviceDeployment: null,
    at: at(-5),
    ...parts,
  };
}

export function expectation(parts: Partial<Expectation> = {}): Expectation {
  return {
    commit,
    taskDefinition: null,
    digest: null,
    appliedAt: at(0),
    before: snapshot(),
    ...parts,
  };
}

export function rules(parts: Partial<RolloutRules> = {}): RolloutRules {
  return {
    soakSeconds: 30,
    deadlineSeconds: 600,
    emptyPasses: false,
    imageTag: '{commit}',
    logs: null,
    migration: null,
    ...parts,
  };
}

export function lines(outcome: LogJudgement['outcome'], parts: Partial<LogJudgement> = {}): LogJudgement {
  const reason = `The lines say ${outcome}.`;
  return { outcome, reason, remedy: 'Look at the lines.', failureLine: false, excerpts: [], ...parts };
}

/** All that a look is judged by, at so many seconds after the apply; the watch began 20 s after it. */
export function lookedAt(
  seconds: number,
  observation: Observation = observed(),
  parts: Partial<Omit<LookedAt, 'observation' | 'now'>> = {},
): LookedAt {
  return {
    observation: { ...observation, at: at(seconds) },
    expected: expectation(),
    rules: rules(),
    memory: noMemory,
    logs: null,
    watchedSince: at(20),
    now: new Date(appliedAt + seconds * 1_000),
    ...parts,
  };
}

/** The verdict of one look, which is the first. */
export function judged(...args: Parameters<typeof lookedAt>): RolloutVerdict {
  return judgeRollout(lookedAt(...args)).verdict;
}

/** Judges looks in a row, each with the memory of the one before: the verdicts, and what is remembered in the end. */
export function watched(
  looks: readonly { seconds: number; observation?: Observation; logs?: LogJudgement | null }[],
  parts: Partial<Omit<LookedAt, 'observation' | 'now'>> = {},
): { verdicts: RolloutVerdict[]; last: RolloutVerdict; memory: RolloutMemory } {
  let memory = parts.memory ?? noMemory;
  const verdicts = looks.map(({ seconds, observation, logs = parts.logs ?? null }) => {
    const look = judgeRollout(lookedAt(seconds, observation, { ...parts, memory, logs }));
    memory = look.memory;
    return look.verdict;
  });
  const last = verdicts.at(-1);
  if (!last) throw new Error('Nothing was looked at.');
  return { verdicts, last, memory };
}
