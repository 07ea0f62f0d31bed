import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { hex } from '../draw.ts';
import type { Region } from '../region.ts';
import type { Cluster } from './entities.ts';
import { isShown } from './list-tasks.ts';
import { clusterOf, definitionArn, nameIn, present, seconds } from './names.ts';
import type { Task } from './task.ts';

export const describeTasksInput = z.strictObject({
  cluster: z.string().exactOptional(),
  tasks: z.array(z.string()).exactOptional(),
  include: z.array(z.enum(['TAGS'])).exactOptional(),
});

/** `DescribeTasks`: up to 100; one that is not there, or stopped more than an hour ago, is a failure MISSING. */
export function describeTasks({ region, now }: Call, input: z.infer<typeof describeTasksInput>) {
  const { tasks = [] } = input;
  if (tasks.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (tasks.length > 100) throw invalidParameter('Tasks cannot have more than 100 elements.');
  const cluster = clusterOf(region, input.cluster);
  const found: object[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const given of tasks) {
    const id = nameIn(region, cluster, given, 'task');
    const task = id === null ? undefined : cluster.tasks.byId(id);
    if (task && isShown(task, now)) found.push(taskJson(region, cluster, task));
    else {
      const arn = given.startsWith('arn:') ? given : region.arn('ecs', `task/${cluster.name}/${given}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { tasks: found, failures };
}

const secondsOrNull = (ms: number | null) => (ms === null ? null : seconds(ms));

function taskJson(region: Region, cluster: Cluster, task: Task) {
  return present({
    attachments: [],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: `${region.name}a`,
    clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
    connectivity: task.pulledAt === null ? null : 'CONNECTED',
    connectivityAt: secondsOrNull(task.pulledAt),
    containers: [
      containerJson(region, cluster, task, mainOf(task)),
      ...(task.migration ? [containerJson(region, cluster, task, migrationOf(task, task.migration))] : []),
    ],
    cpu: '512',
    createdAt: seconds(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    group: `service:${task.service}`,
    healthStatus: task.health,
    lastStatus: task.lastStatus,
    launchType: 'FARGATE',
    memory: '1024',
    overrides: {
      containerOverrides: [{ name: task.definition.container }],
      inferenceAcceleratorOverrides: [],
    },
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    pullStartedAt: secondsOrNull(task.pulledAt),
    pullStoppedAt: secondsOrNull(task.pulledAt),
    startedAt: secondsOrNull(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: secondsOrNull(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: secondsOrNull(task.stoppingAt),
    tags: [],
    taskArn: region.arn('ecs', `task/${cluster.name}/${task.id}`),
    taskDefinitionArn: definitionArn(region, task.definition),
    version: task.stoppedAt === null ? 3 : 5,
    ephemeralStorage: { sizeInGiB: 20 },
  });
}

interface Container {
  name: string;
  lastStatus: string;
  exitCode: number | null;
  reason: string | null;
  healthStatus: string;
}

const isOver = ({ lastStatus }: Task) => ['DEPROVISIONING', 'STOPPED'].includes(lastStatus);

/** A container of a task that is on its way has the task's status, as far as containers have it. */
function mainOf(task: Task): Container {
  const { definition, lastStatus, exitCode, containerReason: reason, health: healthStatus } = task;
  const early = ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus);
  const status = isOver(task) ? 'STOPPED' : early ? 'PENDING' : 'RUNNING';
  return { name: definition.container, lastStatus: status, exitCode, reason, healthStatus };
}

function migrationOf(task: Task, { status, exitCode }: NonNullable<Task['migration']>): Container {
  const name = task.definition.migration ?? '';
  const lastStatus = isOver(task) ? 'STOPPED' : status;
  return { name, lastStatus, exitCode, reason: null, healthStatus: 'UNKNOWN' };
}

/** The digest is there once the image was pulled. */
function containerJson(region: Region, cluster: Cluster, task: Task, container: Container) {
  const pulled = task.pulledAt !== null;
  const key = hex(`${task.id} ${container.name}`);
  return present({
    ...container,
    containerArn: region.arn('ecs', `container/${cluster.name}/${task.id}/${key.slice(0, 12)}`),
    taskArn: region.arn('ecs', `task/${cluster.name}/${task.id}`),
    image: task.definition.image,
    imageDigest: pulled ? task.digest : null,
    runtimeId: pulled ? `${task.id}-${key.slice(12, 22)}` : null,
    networkBindings: [],
    networkInterfaces: [],
    cpu: '0',
  });
}
