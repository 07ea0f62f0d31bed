import type { Region } from '../region.ts';
import { digestOf, livingTasks, newDeployment, register, succeeded, usualRules } from './deployments.ts';
import type { Cluster, Deployment, Service } from './entities.ts';
import { newTask, type Task, type TaskDefinition } from './task.ts';

/** What a service is made from. */
export interface ServiceSpec {
  cluster: string;
  name: string;
  image: string;
  /** `sha256:…`; made from the image when absent. */
  digest?: string;
  /** Default 2. */
  desiredCount?: number;
  /** Default `/ecs/CLUSTER/NAME`; made when there is none. */
  logGroup?: string;
  /** Default: the name of the service. */
  streamPrefix?: string;
  /** Default: the name of the service. */
  container?: string;
  /** Revision of its first task definition; default 41. */
  revision?: number;
  /** Who moves it; default ECS. */
  controller?: Service['controller'];
  /** Default REPLICA; a DAEMON runs one task on each container instance of the cluster. */
  scheduling?: Service['scheduling'];
}

/** What differs from now on. */
export interface ServiceChange {
  image?: string;
  digest?: string;
  desiredCount?: number;
  /** How many of its tasks run; the others are pending. All of them when absent. */
  runningCount?: number;
  status?: Service['status'];
}

/** Makes a service that was deployed at `createdAt` and runs since. */
export function addService(region: Region, spec: ServiceSpec, createdAt: number): Service {
  const cluster = region.clusterFor(spec.cluster);
  const definition: TaskDefinition = {
    family: spec.name,
    revision: spec.revision ?? 41,
    image: spec.image,
    container: spec.container ?? spec.name,
    logGroup: spec.logGroup ?? `/ecs/${spec.cluster}/${spec.name}`,
    streamPrefix: spec.streamPrefix ?? spec.name,
    logDriver: 'awslogs',
    migration: null,
    hasHealthCheck: false,
    registeredAt: createdAt,
  };
  region.addDefinition(definition);
  region.groupFor(definition.logGroup, createdAt);
  const scheduling = spec.scheduling ?? 'REPLICA';
  const service: Service = {
    name: spec.name,
    status: 'ACTIVE',
    controller: spec.controller ?? 'ECS',
    scheduling,
    rules: usualRules,
    targetGroup: null,
    desiredCount: scheduling === 'DAEMON' ? cluster.instances : (spec.desiredCount ?? 2),
    deployments: [],
    taskSets: [],
    events: [],
    serviceDeployments: [],
    revisions: [],
    createdAt,
  };
  cluster.services.set(spec.name, service);
  deploy(region, cluster, service, definition, spec.digest ?? digestOf(spec.image), createdAt);
  settle(region, cluster, service, service.desiredCount, createdAt);
  if (service.controller !== 'ECS') asTaskSet(service);
  return service;
}

/** ECS repeats that a service is steady at most this often, in ms. */
const steadyEveryMs = 6 * 3_600_000;

/** Tells of a service that nothing happened to until `now` what ECS tells of it: that it is steady, again and again. */
export function tellSteady(region: Region, service: Service, now: number): void {
  const message = `(service ${service.name}) has reached a steady state.`;
  for (let at = service.createdAt + steadyEveryMs; at <= now; at += steadyEveryMs)
    service.events.unshift({ id: region.nextEventId(), createdAt: at, message });
}

/** Puts the PRIMARY deployment into the shape that other controllers than ECS have: a task set. */
export function asTaskSet(service: Service): void {
  const [deployment] = service.deployments;
  if (!deployment) return;
  // Their tasks carry the same id as before.
  const { id, definition, digest, desiredCount, createdAt, updatedAt } = deployment;
  service.taskSets = [
    {
      id,
      status: 'PRIMARY',
      definition,
      digest,
      desiredCount,
      stability: 'STEADY_STATE',
      createdAt,
      updatedAt,
    },
  ];
  service.deployments = [];
  service.serviceDeployments = [];
}

/**
 * Puts a service into another state at once. Another image registers a revision; another image or digest is another
 * deployment, whose tasks take the place of the ones before.
 */
export function changeService(
  region: Region,
  cluster: Cluster,
  service: Service,
  change: ServiceChange,
  now: number,
): void {
  const before = service.deployments[0];
  if (change.status !== undefined) service.status = change.status;
  service.desiredCount = service.status === 'ACTIVE' ? (change.desiredCount ?? service.desiredCount) : 0;
  if (before && (change.image !== undefined || change.digest !== undefined)) {
    const image = change.image ?? before.definition.image;
    const definition =
      image === before.definition.image
        ? before.definition
        : register(region, before.definition, { image }, now);
    deploy(region, cluster, service, definition, change.digest ?? digestOf(image), now);
  }
  settle(region, cluster, service, change.runningCount ?? service.desiredCount, now);
}

function deploy(
  region: Region,
  cluster: Cluster,
  service: Service,
  definition: TaskDefinition,
  digest: string,
  now: number,
): void {
  const { deployment, rollout } = newDeployment(region, service, definition, digest, now);
  for (const old of service.deployments)
    for (const task of livingTasks(cluster, service, old)) stop(task, deployment.id, now);
  service.deployments = [deployment];
  service.serviceDeployments.unshift(rollout);
  service.revisions.push({
    id: deployment.revision,
    definition,
    digest,
    isResolved: true,
    createdAt: now,
  });
}

/** Starts and stops tasks of the PRIMARY deployment until the counts are as wished. */
function settle(region: Region, cluster: Cluster, service: Service, running: number, now: number): void {
  const deployment = service.deployments[0];
  if (!deployment) return;
  deployment.desiredCount = service.desiredCount;
  const living = livingTasks(cluster, service, deployment);
  for (const task of living.splice(service.desiredCount)) stop(task, deployment.id, now);
  while (living.length < service.desiredCount) {
    const { id: startedBy, definition, digest } = deployment;
    const of = { id: region.nextTaskId(), service: service.name, startedBy, definition, digest };
    const task = newTask({ ...of, createdAt: now }, 'PENDING');
    cluster.tasks.add(task);
    living.push(task);
  }
  for (const [i, task] of living.entries()) {
    task.lastStatus = i < running ? 'RUNNING' : 'PENDING';
    task.startedAt = i < running ? (task.startedAt ?? now) : null;
    task.pulledAt = task.startedAt;
  }
  rate(region, service, deployment, running, now);
}

function rate(region: Region, service: Service, deployment: Deployment, running: number, now: number): void {
  const done = running >= service.desiredCount;
  const before = deployment.rolloutState;
  deployment.rolloutState = done ? 'COMPLETED' : 'IN_PROGRESS';
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} ${done ? 'completed' : 'in progress'}.`;
  deployment.updatedAt = now;
  if (!done || before === 'COMPLETED') return;
  const rollout = service.serviceDeployments.find((one) => one.deployment === deployment.id);
  if (rollout) Object.assign(rollout, succeeded(rollout, now));
  const tell = (message: string) =>
    service.events.unshift({ id: region.nextEventId(), createdAt: now, message });
  tell(`(service ${service.name}) (deployment ${deployment.id}) deployment completed.`);
  tell(`(service ${service.name}) has reached a steady state.`);
}

function stop(task: Task, deployment: string, now: number): void {
  task.lastStatus = 'STOPPED';
  task.desiredStatus = 'STOPPED';
  task.stoppingAt = now;
  task.stoppedAt = now;
  task.stopCode = 'ServiceSchedulerInitiated';
  task.stoppedReason = `Scaling activity initiated by (deployment ${deployment})`;
  task.exitCode = 0;
}
