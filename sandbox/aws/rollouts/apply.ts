import type { Cluster, Service } from '../ecs/entities.ts';
import type { Region } from '../region.ts';
import type { Change } from './change.ts';

/** Lets a step happen to a service. */
export function apply(region: Region, cluster: Cluster, service: Service, { at, step }: Change): void {
  switch (step.kind) {
    case 'event':
      service.events.unshift({ id: step.id, createdAt: at, message: step.message });
      return;
    case 'service':
      Object.assign(service, step.set);
      return;
    case 'deployment-added':
      for (const one of service.deployments) one.status = 'ACTIVE';
      service.deployments.unshift(step.deployment);
      return;
    case 'deployment':
      change(service.deployments, step.id, { ...step.set, updatedAt: at });
      return;
    case 'deployment-gone':
      service.deployments = service.deployments.filter(({ id }) => id !== step.id);
      return;
    case 'task-set-added':
      service.taskSets.push(step.taskSet);
      return;
    case 'task-set':
      change(service.taskSets, step.id, { ...step.set, updatedAt: at });
      return;
    case 'task-set-gone':
      service.taskSets = service.taskSets.filter(({ id }) => id !== step.id);
      return;
    case 'task-added':
      cluster.tasks.add(step.task);
      return;
    case 'task': {
      const task = cluster.tasks.byId(step.id);
      if (task) Object.assign(task, step.set);
      return;
    }
    case 'rollout-added':
      service.serviceDeployments.unshift(step.rollout);
      service.revisions.push(step.revision);
      return;
    case 'rollout':
      change(service.serviceDeployments, step.id, { ...step.set, updatedAt: at });
      return;
    case 'revision-resolved':
      change(service.revisions, step.id, { isResolved: true });
      return;
    case 'line':
      // A group that does not exist takes nothing: ECS would have refused to start the task.
      region.groups.get(step.group)?.put(step.stream, at, step.text, step.lateMs);
      return;
  }
}

/** What is gone is not changed any more. */
function change<T extends { id: string }>(all: T[], id: string, set: Partial<T>): void {
  const found = all.find((one) => one.id === id);
  if (found) Object.assign(found, set);
}
