import type { ObservedDefinition, ObservedTask } from './observation.ts';

/** Whether tasks run and are healthy, as far as their definition lets ECS know. */

/** Running, and to go on running. */
export function isRunning({ lastStatus, desiredStatus }: ObservedTask): boolean {
  return lastStatus === 'RUNNING' && desiredStatus !== 'STOPPED';
}

/** A container that is not essential may be unhealthy: ECS itself takes no notice of it. */
export function isUnhealthy(task: ObservedTask, definition: ObservedDefinition | null): boolean {
  const isMinor = (name: string) =>
    definition?.containers.some((one) => one.name === name && !one.essential) ?? false;
  return (
    task.health === 'UNHEALTHY' ||
    task.containers.some(({ name, health }) => health === 'UNHEALTHY' && !isMinor(name))
  );
}

/**
 * Healthy where a health check is defined. Without its definition nobody knows whether there is one: then only a
 * task that ECS itself calls healthy counts (F6).
 */
export function isHealthy(task: ObservedTask, definition: ObservedDefinition | null): boolean {
  if (!isRunning(task) || isUnhealthy(task, definition)) return false;
  if (task.health === 'HEALTHY') return true;
  if (!definition) return false;
  const checked = definition.containers.filter((one) => one.essential && one.hasHealthCheck);
  return checked.every(({ name }) =>
    task.containers.some((container) => container.name === name && container.health === 'HEALTHY'),
  );
}
