import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { hex } from '../draw.ts';
import type { Region } from '../region.ts';
import type { Cluster, Task } from './entities.ts';
import { isShown } from './list-tasks.ts';
import { clusterOf, nameIn, present, seconds } from './names.ts';

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
    const task = cluster.tasks.find((one) => one.id === id && isShown(one, now));
    if (task) found.push(taskJson(region, cluster, task));
    else {
      const arn = given.startsWith('arn:') ? given : region.arn('ecs', `task/${cluster.name}/${given}`);
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { tasks: found, failures };
}

const secondsOrNull = (ms: number | null) => (ms === null ? null : seconds(ms));

function taskJson(region: Region, cluster: Cluster, task: Task) {
  const { family, revision } = task.definition;
  const taskArn = region.arn('ecs', `task/${cluster.name}/${task.id}`);
  return present({
    attachments: [],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: `${region.name}a`,
    clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
    connectivity: task.lastStatus === 'PENDING' ? null : 'CONNECTED',
    connectivityAt: secondsOrNull(task.startedAt),
    containers: [containerJson(region, cluster, task, taskArn)],
    cpu: '512',
    createdAt: seconds(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    group: `service:${task.service}`,
    healthStatus: 'UNKNOWN',
    lastStatus: task.lastStatus,
    launchType: 'FARGATE',
    memory: '1024',
    overrides: {
      containerOverrides: [{ name: task.definition.container }],
      inferenceAcceleratorOverrides: [],
    },
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    pullStartedAt: secondsOrNull(task.startedAt),
    pullStoppedAt: secondsOrNull(task.startedAt),
    startedAt: secondsOrNull(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: secondsOrNull(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: secondsOrNull(task.stoppedAt),
    tags: [],
    taskArn,
    taskDefinitionArn: region.arn('ecs', `task-definition/${family}:${revision}`),
    version: task.stoppedAt === null ? 3 : 5,
    ephemeralStorage: { sizeInGiB: 20 },
  });
}

/** The digest is there once the image was pulled. */
function containerJson(region: Region, cluster: Cluster, task: Task, taskArn: string) {
  const pulled = task.startedAt !== null;
  return present({
    containerArn: region.arn('ecs', `container/${cluster.name}/${task.id}/${hex(task.id).slice(0, 12)}`),
    taskArn,
    name: task.definition.container,
    image: task.definition.image,
    imageDigest: pulled ? task.digest : null,
    runtimeId: pulled ? `${task.id}-${hex(task.id).slice(12, 22)}` : null,
    lastStatus: task.lastStatus,
    exitCode: task.exitCode,
    networkBindings: [],
    networkInterfaces: [],
    healthStatus: 'UNKNOWN',
    cpu: '0',
  });
}
