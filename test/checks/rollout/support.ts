import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type {
  EcsDeployment,
  Observation,
  ObservedContainer,
  ObservedTask,
} from '../../../src/core/rollout/observation.ts';
import type { LogRules, RolloutRules } from '../../../src/core/rollout/rules.ts';
import type { RolloutSubject } from '../../../src/core/rollout/watch.ts';

/** What ECS and CloudWatch show of a rollout, for tests that look at one. */

export const start = Date.parse('2026-11-20T10:00:00.000Z');
/** ISO 8601, so many seconds after the apply. */
export const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
const sha = 'abcdef1234567890abcdef1234567890abcdef12';
export const region = 'eu-west-1';
const definition = 'arn:aws:ecs:eu-west-1:1:task-definition/core:2';
const id = (n: number) => `${n}`.repeat(32).slice(0, 32);

const ready = { name: 'ready', pattern: 'Server is ready', quorum: 'each' as const };
const broken = { name: 'no database', pattern: 'cannot reach the database', cause: 'It is down.' };
export const logRules: LogRules = {
  container: null,
  group: null,
  success: [ready],
  failure: [broken],
  timeoutSeconds: 150,
};

export function subjectOf(
  change: { service?: string; rules?: Partial<RolloutRules>; since?: string } = {},
): RolloutSubject {
  const { service = 'core', rules = {}, since = at(60) } = change;
  return {
    place: { account: null, region, cluster: 'main', service },
    expected: { commit: sha, taskDefinition: null, digest: null, appliedAt: at(0), before: null },
    rules: {
      soakSeconds: 30,
      deadlineSeconds: 600,
      emptyPasses: false,
      imageTag: '{commit}',
      logs: null,
      migration: null,
      ...rules,
    },
    watchedSince: since,
  };
}

export function container(change: Partial<ObservedContainer> = {}): ObservedContainer {
  const image = `registry.example/core:${sha}`;
  const base = { name: 'app', image, digest: null, status: 'RUNNING', exitCode: null, reason: null };
  return { ...base, health: 'HEALTHY', ...change };
}

export function task(n: number, change: Partial<ObservedTask> = {}): ObservedTask {
  return {
    id: id(n),
    taskDefinition: definition,
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    health: 'HEALTHY',
    createdAt: at(31),
    startedAt: at(40),
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    containers: [container()],
    ...change,
  };
}

/** A task that ended by itself. */
export function crashed(n: number, reason = 'Essential container in task exited'): ObservedTask {
  return task(n, {
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    stoppedAt: at(50),
    stopCode: 'EssentialContainerExited',
    stoppedReason: reason,
    containers: [container({ status: 'STOPPED', exitCode: 1 })],
  });
}

export function deployment(change: Partial<EcsDeployment> = {}): EcsDeployment {
  return {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: definition,
    desired: 2,
    running: 2,
    pending: 0,
    failedTasks: 0,
    rolloutState: 'COMPLETED',
    rolloutStateReason: 'ECS deployment ecs-svc/2 completed.',
    createdAt: at(30),
    ...change,
  };
}

/** A service of two tasks that was deployed and is well. */
export function observed(
  change: { deployments?: EcsDeployment[]; tasks?: ObservedTask[]; now?: string } = {},
): Observation {
  const { deployments = [deployment()], tasks = [task(1), task(2)], now = at(120) } = change;
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return {
    at: now,
    kind: 'service',
    service: {
      status: 'ACTIVE',
      controller: 'ECS',
      scheduling: 'REPLICA',
      strategy: 'ROLLING',
      desired: 2,
      running,
      pending: 0,
      deployments,
      taskSets: [],
      events: [],
    },
    tasks,
    definitions: [
      {
        arn: definition,
        family: 'core',
        revision: 2,
        containers: [
          {
            name: 'app',
            image: `registry.example/core:${sha}`,
            essential: true,
            hasHealthCheck: true,
            logDriver: 'awslogs',
            logs: { group: '/ecs/core', region, prefix: 'core' },
          },
        ],
      },
    ],
    serviceDeployments: [],
    instances: null,
  };
}

/** The same still under way: nothing but what ECS has not finished. */
export function rolling(tasks: ObservedTask[] = []): Observation {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  const open = { rolloutState: 'IN_PROGRESS', rolloutStateReason: 'in progress', running } as const;
  return observed({ deployments: [deployment(open)], tasks });
}

export function line(n: number, seconds: number, text: string): LogLine {
  return {
    id: `${n}-${seconds}-${text.length}`,
    at: start + seconds * 1_000,
    stream: `core/app/${id(n)}`,
    text,
  };
}

export const nothing: Observation = { at: at(120), kind: 'nothing', why: 'no-service', said: 'MISSING' };
