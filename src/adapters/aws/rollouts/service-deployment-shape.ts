import type { ServiceDeployment as Described } from '@aws-sdk/client-ecs';
import type { ServiceDeployment } from '../../../core/rollout/observation.ts';
import { isoOf } from './read.ts';
import type { Revision } from './revisions.ts';

/** A service deployment in our words, but for what its revision brings; that is read apart. */
export interface DescribedDeployment
  extends Omit<ServiceDeployment, 'targetTaskDefinition' | 'targetDigests'> {
  /** ARN of the revision that it brings; empty for none. */
  revision: string;
}

/** What is kept of a description: the whole of it would be kept a thousand times. */
export function describedDeployment(described: Described): DescribedDeployment {
  const { deploymentCircuitBreaker: breaker, alarms, rollback } = described;
  return {
    arn: described.serviceDeploymentArn ?? '',
    revision: described.targetServiceRevision?.arn ?? '',
    status: described.status ?? '',
    statusReason: described.statusReason ?? '',
    createdAt: isoOf(described.createdAt),
    circuitBreaker: breaker
      ? {
          status: breaker.status ?? '',
          failures: breaker.failureCount ?? 0,
          threshold: breaker.threshold ?? 0,
        }
      : null,
    alarms: alarms ? { status: alarms.status ?? '', triggered: alarms.triggeredAlarmNames ?? [] } : null,
    rollback: rollback ? { reason: rollback.reason ?? '', to: rollback.serviceRevisionArn ?? null } : null,
    stage: described.lifecycleStage ?? null,
    awaiting: (described.lifecycleHookDetails ?? [])
      .filter(({ status }) => status === 'AWAITING_ACTION')
      .map(({ targetArn, hookId }) => targetArn ?? hookId ?? ''),
  };
}

/** `brought` is the revision that it brings; null when it could not be read. */
export function observedServiceDeployment(
  { revision: _, ...described }: DescribedDeployment,
  brought: Revision | null,
): ServiceDeployment {
  return {
    ...described,
    targetTaskDefinition: brought?.taskDefinition ?? null,
    targetDigests: brought?.digests ?? [],
  };
}

const ended = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

/** Whether nothing more will happen to it. */
export function hasEnded({ status }: Pick<DescribedDeployment, 'status'>): boolean {
  return ended.includes(status);
}

/** One of the list of a service. */
export interface Listed {
  arn: string;
  /** As it was last described; null before. */
  described: DescribedDeployment | null;
}
