import type { ServiceDeployment as Described, ServiceRevision } from '@aws-sdk/client-ecs';
import type { ServiceDeployment } from '../../../core/rollout/observation.ts';
import { isoOf } from './read.ts';

/** A service deployment in our words; `revision` is the one that it brings, null when it could not be read. */
export function observedServiceDeployment(
  described: Described,
  revision: ServiceRevision | null,
): ServiceDeployment {
  const { deploymentCircuitBreaker: breaker, alarms, rollback } = described;
  return {
    arn: described.serviceDeploymentArn ?? '',
    status: described.status ?? '',
    statusReason: described.statusReason ?? '',
    createdAt: isoOf(described.createdAt),
    targetTaskDefinition: revision?.taskDefinition ?? null,
    targetDigests: (revision?.containerImages ?? []).map(({ containerName, image, imageDigest }) => ({
      container: containerName ?? '',
      image: image ?? '',
      digest: imageDigest ?? null,
    })),
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

const ended = ['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'];

/** Whether nothing more will happen to it. */
export function hasEnded({ status = '' }: { status?: string | undefined }): boolean {
  return ended.includes(status);
}

/** One of the list of a service. */
export interface Listed {
  arn: string;
  /** As it was last described; null before. */
  described: Described | null;
}

/** ARN of the revision that it brings; empty for none. */
export function targetOf({ targetServiceRevision }: Described): string {
  return targetServiceRevision?.arn ?? '';
}
