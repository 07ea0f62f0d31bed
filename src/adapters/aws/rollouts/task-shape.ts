import type { Container, Task } from '@aws-sdk/client-ecs';
import type { ObservedContainer, ObservedTask } from '../../../core/rollout/observation.ts';
import { imageParts } from '../image.ts';
import { isoOf, lastPart } from './read.ts';

/** A task in our words. */
export function observedTask(task: Task): ObservedTask {
  return {
    id: lastPart(task.taskArn ?? ''),
    taskDefinition: task.taskDefinitionArn ?? '',
    startedBy: task.startedBy ?? '',
    lastStatus: task.lastStatus ?? '',
    desiredStatus: task.desiredStatus ?? '',
    health: task.healthStatus ?? 'UNKNOWN',
    createdAt: isoOf(task.createdAt),
    startedAt: task.startedAt?.toISOString() ?? null,
    stoppedAt: task.stoppedAt?.toISOString() ?? null,
    stopCode: task.stopCode ?? null,
    stoppedReason: task.stoppedReason ?? null,
    containers: (task.containers ?? []).map(containerOf),
  };
}

function containerOf({ image = '', ...container }: Container): ObservedContainer {
  return {
    name: container.name ?? '',
    image,
    // What was pulled is the truth; the name may carry a digest too.
    digest: container.imageDigest ?? imageParts(image).digest,
    status: container.lastStatus ?? '',
    exitCode: container.exitCode ?? null,
    reason: container.reason ?? null,
    health: container.healthStatus ?? 'UNKNOWN',
  };
}

/** Name of the service that a task belongs to; null for one that was run by itself. */
export function serviceOf({ group = '' }: Pick<Task, 'group'>): string | null {
  return /^service:(.+)$/.exec(group)?.[1] ?? null;
}
