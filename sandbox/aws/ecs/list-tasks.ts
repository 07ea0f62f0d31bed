import { z } from 'zod';
import { ApiError, invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { hex } from '../draw.ts';
import type { Cluster } from './entities.ts';
import { offsetOf, tokenFor } from './list-token.ts';
import { clusterOf, nameIn } from './names.ts';
import type { Task } from './task.ts';

export const listTasksInput = z.strictObject({
  cluster: z.string().exactOptional(),
  containerInstance: z.string().exactOptional(),
  family: z.string().exactOptional(),
  nextToken: z.string().exactOptional(),
  maxResults: z.int().min(1).max(100).exactOptional(),
  startedBy: z.string().exactOptional(),
  serviceName: z.string().exactOptional(),
  desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).exactOptional(),
  launchType: z.enum(['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES']).exactOptional(),
});

type Input = z.infer<typeof listTasksInput>;

/** ECS shows a task that stopped for about an hour. */
const shownAfterStop = 3_600_000;

/** Whether the API still knows a task. */
export function isShown(task: Pick<Task, 'stoppedAt'>, now: number): boolean {
  return task.stoppedAt === null || now - task.stoppedAt < shownAfterStop;
}

/** `ListTasks`: ARNs of the tasks that are meant to run, unless another desiredStatus is asked for. */
export function listTasks({ region, now }: Call, input: Input) {
  const { nextToken, maxResults = 100, ...query } = input;
  const others = [query.family, query.serviceName, query.containerInstance, query.desiredStatus];
  if (query.startedBy !== undefined && others.some((given) => given !== undefined))
    throw invalidParameter('startedBy must be the only filter used.');
  const cluster = clusterOf(region, query.cluster);
  const service =
    query.serviceName === undefined ? null : nameIn(region, cluster, query.serviceName, 'service');
  if (query.serviceName !== undefined) requireService(cluster, service);
  const status = query.desiredStatus ?? 'RUNNING';
  const known = service === null ? [...cluster.tasks.all()] : cluster.tasks.ofService(service);
  const found = known.filter(
    (task) =>
      isShown(task, now) &&
      (query.startedBy === undefined ? task.desiredStatus === status : task.startedBy === query.startedBy) &&
      (query.family === undefined || task.definition.family === query.family) &&
      (query.launchType ?? 'FARGATE') === 'FARGATE' &&
      query.containerInstance === undefined,
  );
  const key = hex(JSON.stringify(query)).slice(0, 16);
  const offset = nextToken === undefined ? 0 : offsetOf(nextToken, key);
  const more = offset + maxResults < found.length;
  return {
    taskArns: found
      .slice(offset, offset + maxResults)
      .map(({ id }) => region.arn('ecs', `task/${cluster.name}/${id}`)),
    ...(more ? { nextToken: tokenFor(offset + maxResults, key) } : {}),
  };
}

function requireService(cluster: Cluster, name: string | null): void {
  if (name === null || !cluster.services.has(name))
    throw new ApiError('ServiceNotFoundException', 'Service not found.');
}
