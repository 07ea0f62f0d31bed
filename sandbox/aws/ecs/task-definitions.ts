import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Call } from '../call.ts';
import type { Region } from '../region.ts';
import type { TaskDefinition } from './entities.ts';
import { seconds } from './names.ts';

export const describeTaskDefinitionInput = z.strictObject({
  taskDefinition: z.string().exactOptional(),
  include: z.array(z.enum(['TAGS'])).exactOptional(),
});

/** `DescribeTaskDefinition`: by `family` (its newest), `family:revision` or ARN. */
export function describeTaskDefinition({ region }: Call, input: z.infer<typeof describeTaskDefinitionInput>) {
  const given = input.taskDefinition ?? '';
  if (given === '') throw new ApiError('ClientException', 'Task definition can not be blank.');
  const found = find(region, given);
  if (!found) throw new ApiError('ClientException', 'Unable to describe task definition.');
  return { taskDefinition: definitionJson(region, found), tags: [] };
}

function find(region: Region, given: string): TaskDefinition | undefined {
  const prefix = region.arn('ecs', 'task-definition/');
  const [family, revision] = (given.startsWith(prefix) ? given.slice(prefix.length) : given).split(':');
  const ofFamily = region.definitions.filter((one) => one.family === family);
  if (revision === undefined) return ofFamily.at(-1);
  return ofFamily.find((one) => String(one.revision) === revision);
}

function definitionJson(region: Region, definition: TaskDefinition) {
  const { family, revision, image, container, logGroup, streamPrefix, registeredAt } = definition;
  const role = `arn:aws:iam::${region.accountId}:role/${family}`;
  const options = {
    'awslogs-group': logGroup,
    'awslogs-region': region.name,
    'awslogs-stream-prefix': streamPrefix,
  };
  return {
    taskDefinitionArn: region.arn('ecs', `task-definition/${family}:${revision}`),
    containerDefinitions: [
      {
        name: container,
        image,
        cpu: 0,
        portMappings: [{ containerPort: 8000, hostPort: 8000, protocol: 'tcp' }],
        essential: true,
        environment: [],
        mountPoints: [],
        volumesFrom: [],
        logConfiguration: { logDriver: 'awslogs', options },
        systemControls: [],
      },
    ],
    family,
    taskRoleArn: `${role}-task`,
    executionRoleArn: `${role}-execution`,
    networkMode: 'awsvpc',
    revision,
    volumes: [],
    status: 'ACTIVE',
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.logging-driver.awslogs' }],
    placementConstraints: [],
    compatibilities: ['EC2', 'FARGATE'],
    requiresCompatibilities: ['FARGATE'],
    cpu: '512',
    memory: '1024',
    registeredAt: seconds(registeredAt),
    registeredBy: `arn:aws:sts::${region.accountId}:assumed-role/deployer/pipeline`,
  };
}
