import { hex } from '../draw.ts';
import type { Region } from '../region.ts';
import type { Cluster, Deployment, DeploymentRules, Service, ServiceDeployment } from './entities.ts';
import type { Task, TaskDefinition } from './task.ts';

/** How services are deployed unless somebody says otherwise. */
export const usualRules: DeploymentRules = {
  strategy: 'ROLLING',
  bakeMinutes: 0,
  breaker: { enable: true, rollback: true },
  alarms: [],
};

/** What a registry would say of an image, when nobody does. */
export function digestOf(image: string): string {
  return `sha256:${hex(image)}`;
}

/** A deployment or task set, as the owner of tasks. */
export type Owning = Pick<Deployment, 'id'> & Partial<Pick<Deployment, 'adopted'>>;

/** Tasks that have not stopped. */
export function livingTasks(cluster: Cluster, service: Service, of: Owning): Task[] {
  return cluster.tasks
    .ofService(service.name)
    .filter(
      ({ startedBy, lastStatus }) =>
        (startedBy === of.id || of.adopted?.includes(startedBy)) && lastStatus !== 'STOPPED',
    );
}

/** Registers the next revision of a family, which differs from `like` by `change`. */
export function register(
  region: Region,
  like: TaskDefinition,
  change: Partial<TaskDefinition>,
  now: number,
): TaskDefinition {
  const revisions = region.definitionsOf(like.family);
  const revision = Math.max(...revisions.map((one) => one.revision)) + 1;
  const definition = { ...like, ...change, revision, registeredAt: now };
  region.addDefinition(definition);
  return definition;
}

/** A deployment of a definition and its service deployment, both in progress. Nothing is changed yet. */
export function newDeployment(
  region: Region,
  service: Service,
  definition: TaskDefinition,
  digest: string,
  now: number,
): { deployment: Deployment; rollout: ServiceDeployment } {
  const id = region.nextDeploymentId();
  const revision = region.nextRevisionId();
  const deployment: Deployment = {
    id,
    status: 'PRIMARY',
    definition,
    digest,
    revision,
    adopted: [],
    desiredCount: service.desiredCount,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    createdAt: now,
    updatedAt: now,
  };
  const { breaker, alarms } = service.rules;
  const rollout: ServiceDeployment = {
    id: region.nextServiceDeploymentId(),
    deployment: id,
    status: 'IN_PROGRESS',
    statusReason: null,
    source: service.deployments[0]?.revision ?? null,
    target: revision,
    stage: null,
    hooks: [],
    breaker: {
      status: breaker.enable ? 'MONITORING' : 'DISABLED',
      failures: 0,
      threshold: breakerThreshold(service.desiredCount),
    },
    alarms: alarms.length > 0 ? { status: 'MONITORING', triggered: [] } : null,
    rollback: null,
    trafficPercent: null,
    createdAt: now,
    startedAt: now,
    finishedAt: null,
    stoppedAt: null,
    updatedAt: now,
  };
  return { deployment, rollout };
}

/** After how many failed tasks the circuit breaker trips: half of the desired ones, at least 3, at most 200. */
function breakerThreshold(desired: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desired / 2)));
}

/** What changes of a service deployment that ends well. */
export function succeeded(rollout: ServiceDeployment, now: number): Partial<ServiceDeployment> {
  const { breaker, alarms } = rollout;
  const done = <M extends { status: string }>(monitor: M) =>
    monitor.status === 'MONITORING' ? { ...monitor, status: 'MONITORING_COMPLETE' as const } : monitor;
  return {
    status: 'SUCCESSFUL',
    breaker: done(breaker),
    alarms: alarms && done(alarms),
    finishedAt: now,
    updatedAt: now,
  };
}
