import { hex } from '../draw.ts';
import type { Region } from '../region.ts';
import type { Cluster, Deployment, Service, Task, TaskDefinition } from './entities.ts';

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
    registeredAt: createdAt,
  };
  region.definitions.push(definition);
  region.groupFor(definition.logGroup, createdAt);
  const desiredCount = spec.desiredCount ?? 2;
  const service: Service = {
    name: spec.name,
    status: 'ACTIVE',
    desiredCount,
    deployments: [],
    events: [],
    createdAt,
  };
  cluster.services.set(spec.name, service);
  deploy(region, cluster, service, definition, spec.digest ?? digestOf(spec.image), createdAt);
  settle(region, cluster, service, desiredCount, createdAt);
  return service;
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
      image === before.definition.image ? before.definition : register(region, before.definition, image, now);
    deploy(region, cluster, service, definition, change.digest ?? digestOf(image), now);
  }
  settle(region, cluster, service, change.runningCount ?? service.desiredCount, now);
}

/** What a registry would say of an image, when nobody does. */
function digestOf(image: string): string {
  return `sha256:${hex(image)}`;
}

/** Tasks that have not stopped. */
export function livingTasks(cluster: Cluster, service: Service, deployment: Deployment): Task[] {
  return cluster.tasks.filter(
    (task) =>
      task.service === service.name && task.startedBy === deployment.id && task.lastStatus !== 'STOPPED',
  );
}

function register(region: Region, like: TaskDefinition, image: string, now: number): TaskDefinition {
  const revisions = region.definitions.filter(({ family }) => family === like.family);
  const revision = Math.max(...revisions.map((one) => one.revision)) + 1;
  const definition = { ...like, image, revision, registeredAt: now };
  region.definitions.push(definition);
  return definition;
}

function deploy(
  region: Region,
  cluster: Cluster,
  service: Service,
  definition: TaskDefinition,
  digest: string,
  now: number,
): void {
  const id = region.nextDeploymentId();
  for (const old of service.deployments)
    for (const task of livingTasks(cluster, service, old)) stop(task, id, now);
  const made: Deployment = {
    id,
    status: 'PRIMARY',
    definition,
    digest,
    desiredCount: service.desiredCount,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    createdAt: now,
    updatedAt: now,
  };
  service.deployments = [made];
}

/** Starts and stops tasks of the PRIMARY deployment until the counts are as wished. */
function settle(region: Region, cluster: Cluster, service: Service, running: number, now: number): void {
  const deployment = service.deployments[0];
  if (!deployment) return;
  deployment.desiredCount = service.desiredCount;
  const living = livingTasks(cluster, service, deployment);
  for (const task of living.splice(service.desiredCount)) stop(task, deployment.id, now);
  while (living.length < service.desiredCount) {
    const task = pendingTask(region, service, deployment, now);
    cluster.tasks.push(task);
    living.push(task);
  }
  for (const [i, task] of living.entries()) {
    task.lastStatus = i < running ? 'RUNNING' : 'PENDING';
    task.startedAt = i < running ? (task.startedAt ?? now) : null;
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
  const tell = (message: string) =>
    service.events.unshift({ id: region.nextEventId(), createdAt: now, message });
  tell(`(service ${service.name}) (deployment ${deployment.id}) deployment completed.`);
  tell(`(service ${service.name}) has reached a steady state.`);
}

function pendingTask(region: Region, service: Service, deployment: Deployment, now: number): Task {
  return {
    id: region.nextTaskId(),
    service: service.name,
    startedBy: deployment.id,
    definition: deployment.definition,
    digest: deployment.digest,
    lastStatus: 'PENDING',
    desiredStatus: 'RUNNING',
    createdAt: now,
    startedAt: null,
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    exitCode: null,
  };
}

function stop(task: Task, deployment: string, now: number): void {
  task.lastStatus = 'STOPPED';
  task.desiredStatus = 'STOPPED';
  task.stoppedAt = now;
  task.stopCode = 'ServiceSchedulerInitiated';
  task.stoppedReason = `Scaling activity initiated by (deployment ${deployment})`;
  task.exitCode = 0;
}
