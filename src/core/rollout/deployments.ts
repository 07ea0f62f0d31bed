import type { EcsDeployment, ObservedService } from './observation.ts';

/**
 * What moves a service: its deployments or, where CODE_DEPLOY or an EXTERNAL controller does it, its task sets in the
 * same words. A task set has no rollout state.
 */
export function deploymentsOf({ deployments, taskSets }: ObservedService): EcsDeployment[] {
  const sets = taskSets.map(({ id, status, taskDefinition, createdAt }) => ({
    id,
    status,
    taskDefinition,
    createdAt,
    desired: 0,
    running: 0,
    pending: 0,
    failedTasks: 0,
    rolloutState: null,
    rolloutStateReason: '',
  }));
  return [...deployments, ...sets];
}
