import type { EcsDeployment, ObservedService } from '../../../core/rollout/observation.ts';
import { primaryOf } from './service-shape.ts';

/** ECS's words, in the reason of a deployment, for one that ended badly or brings the one before back. */
const trouble = /rolling back|circuit breaker/i;

/**
 * What of a service says that its service deployments have something to tell: which deployment is PRIMARY, which
 * are in trouble, and which of those under test are gone. The same text as long as there is nothing new.
 */
export function signsOf(one: { service: ObservedService; underTest: readonly string[] }): string {
  const { deployments } = one.service;
  const troubled = deployments.filter(isTroubled).map(({ id }) => id);
  const gone = one.underTest.filter((id) => !deployments.some((deployment) => deployment.id === id));
  return JSON.stringify([primaryOf(one.service)?.id ?? null, troubled, gone]);
}

function isTroubled({ rolloutState, rolloutStateReason }: EcsDeployment): boolean {
  return rolloutState === 'FAILED' || trouble.test(rolloutStateReason);
}
