import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import type { EcsDeployment, EcsTaskSet, ObservedService } from '../../../core/rollout/observation.ts';
import { isoOf } from './read.ts';

/**
 * A service in our words, with its events from `since` on: ECS shows a hundred of each, nearly all of them of before,
 * and a thousand services are kept in memory for the length of a look.
 */
export function observedService(service: Service, since: Date): ObservedService {
  return {
    status: service.status ?? '',
    controller: service.deploymentController?.type ?? 'ECS',
    scheduling: service.schedulingStrategy ?? 'REPLICA',
    strategy: service.deploymentConfiguration?.strategy ?? 'ROLLING',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deployments: (service.deployments ?? []).map(deploymentOf),
    taskSets: (service.taskSets ?? []).map(taskSetOf),
    events: (service.events ?? [])
      .filter(({ createdAt }) => createdAt && createdAt >= since)
      .map(({ id = '', createdAt, message = '' }) => ({ id, at: isoOf(createdAt), message })),
  };
}

function deploymentOf(deployment: Deployment): EcsDeployment {
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    taskDefinition: deployment.taskDefinition ?? '',
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    rolloutState: deployment.rolloutState ?? null,
    rolloutStateReason: deployment.rolloutStateReason ?? '',
    createdAt: isoOf(deployment.createdAt),
  };
}

function taskSetOf(set: TaskSet): EcsTaskSet {
  return {
    id: set.id ?? '',
    status: set.status ?? '',
    taskDefinition: set.taskDefinition ?? '',
    stability: set.stabilityStatus ?? '',
    createdAt: isoOf(set.createdAt),
  };
}

/** What serves now: the PRIMARY deployment, or the PRIMARY task set where task sets move the service. */
export function primaryOf(
  service: ObservedService,
): Pick<EcsDeployment, 'id' | 'taskDefinition' | 'createdAt'> | null {
  return [...service.deployments, ...service.taskSets].find(({ status }) => status === 'PRIMARY') ?? null;
}
