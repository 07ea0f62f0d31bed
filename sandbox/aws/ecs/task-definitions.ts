import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Call } from '../call.ts';
import type { Region } from '../region.ts';
import { seconds } from './names.ts';
import type { TaskDefinition } from './task.ts';

export const describeTaskDefinitionInput = z.strictObject({
  taskDefinition: z.string().exactOptional(),
  include: z.array(z.enum(['TAGS'])).exactOptional(),
});

/** `DescribeTaskDefinition`: by `family` (its newest), `family:revision` or ARN. */
export function describeTaskDefinition({ region }: Call, input: z.infer<typeof describeTaskDefinitionInput>) {
  const given = input.taskDefinition ?? '';
  if (given === '') throw new ApiError('ClientException', 'Task definition can not be blank.');
  const found = definitionIn(region, given);
  if (!found) throw new ApiError('ClientException', 'Unable to describe task definition.');
  return { taskDefinition: definitionJson(region, found), tags: [] };
}

/** The revision that is meant by `family` (its newest), `family:revision` or ARN; undefined when there is none. */
export function definitionIn(region: Region, given: string): TaskDefinition | undefined {
  const prefix = region.arn('ecs', 'task-definition/');
  const [family = '', revision] = (given.startsWith(prefix) ? given.slice(prefix.length) : given).split(':');
  const ofFamily = region.definitionsOf(family);
  if (revision === undefined) return ofFamily.at(-1);
  return ofFamily.find((one) => String(one.revision) === revision);
}

function logConfiguration(region: Region, { logDriver, logGroup, streamPrefix }: TaskDefinition) {
  if (logDriver === 'awsfirelens') return { logDriver, options: { Name: 'cloudwatch', region: region.name } };
  const options = {
    'awslogs-group': logGroup,
    'awslogs-region': region.name,
    ...(streamPrefix === null ? {} : { 'awslogs-stream-prefix': streamPrefix }),
  };
  return { logDriver, options };
}

const healthCheck = {
  command: ['CMD-SHELL', 'curl -f http://localhost:8000/health || exit 1'],
  interval: 30,
  timeout: 5,
  retries: 3,
};

function definitionJson(region: Region, definition: TaskDefinition) {
  const { family, revision, image, container, migration, hasHealthCheck, registeredAt } = definition;
  const role = `arn:aws:iam::${region.accountId}:role/${family}`;
  const usual = {
    image,
    cpu: 0,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
    logConfiguration: logConfiguration(region, definition),
    systemControls: [],
  };
  return {
    taskDefinitionArn: region.arn('ecs', `task-definition/${family}:${revision}`),
    containerDefinitions: [
      {
        ...usual,
        name: container,
        portMappings: [{ containerPort: 8000, hostPort: 8000, protocol: 'tcp' }],
        essential: true,
        ...(hasHealthCheck ? { healthCheck } : {}),
      },
      ...(migration === null
        ? []
        : [{ ...usual, name: migration, portMappings: [], essential: false, command: ['migrate'] }]),
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
