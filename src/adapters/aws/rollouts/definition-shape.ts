import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { LogTarget, ObservedDefinition } from '../../../core/rollout/observation.ts';

/** A task definition in our words. */
export function observedDefinition(definition: TaskDefinition): ObservedDefinition {
  return {
    arn: definition.taskDefinitionArn ?? '',
    family: definition.family ?? '',
    revision: definition.revision ?? 0,
    containers: (definition.containerDefinitions ?? []).map((container) => ({
      name: container.name ?? '',
      image: container.image ?? '',
      essential: container.essential ?? true,
      hasHealthCheck: container.healthCheck !== undefined,
      logDriver: container.logConfiguration?.logDriver ?? null,
      logs: logTargetOf(container),
    })),
  };
}

function logTargetOf({ logConfiguration }: ContainerDefinition): LogTarget | null {
  if (logConfiguration?.logDriver !== 'awslogs') return null;
  const options = logConfiguration.options ?? {};
  const [group, region] = [options['awslogs-group'], options['awslogs-region']];
  if (!group || !region) return null;
  return { group, region, prefix: options['awslogs-stream-prefix'] || null };
}
