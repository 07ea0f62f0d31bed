import type { z } from 'zod';
import type { Call } from './call.ts';
import { listContainerInstances, listContainerInstancesInput } from './ecs/container-instances.ts';
import { describeTasks, describeTasksInput } from './ecs/describe-tasks.ts';
import { listTasks, listTasksInput } from './ecs/list-tasks.ts';
import {
  describeServiceDeployments,
  describeServiceDeploymentsInput,
  listServiceDeployments,
  listServiceDeploymentsInput,
} from './ecs/service-deployments.ts';
import { describeServiceRevisions, describeServiceRevisionsInput } from './ecs/service-revisions.ts';
import { describeServices, describeServicesInput } from './ecs/services.ts';
import { describeTaskDefinition, describeTaskDefinitionInput } from './ecs/task-definitions.ts';
import { readInput } from './input.ts';
import type { BucketName } from './limits.ts';
import { filterLogEvents, filterLogEventsInput } from './logs/filter-log-events.ts';
import { describeLogGroups, describeLogGroupsInput } from './logs/log-groups.ts';

export type ServiceName = 'ecs' | 'logs';

export interface Operation {
  name: string;
  service: ServiceName;
  bucket: BucketName;
  /** Reads the input and answers; throws ApiError. */
  run: (call: Call, input: unknown) => object;
}

function operation<T>(
  service: ServiceName,
  name: string,
  bucket: BucketName,
  schema: z.ZodType<T>,
  answer: (call: Call, input: T) => object,
): Operation {
  return { service, name, bucket, run: (call, input) => answer(call, readInput(schema, input)) };
}

/** Everything that this simulated ECS and CloudWatch Logs can do. */
export const operations: readonly Operation[] = [
  operation('ecs', 'DescribeServices', 'services', describeServicesInput, describeServices),
  operation('ecs', 'ListTasks', 'tasks', listTasksInput, listTasks),
  operation('ecs', 'DescribeTasks', 'tasks', describeTasksInput, describeTasks),
  operation(
    'ecs',
    'DescribeTaskDefinition',
    'taskDefinitions',
    describeTaskDefinitionInput,
    describeTaskDefinition,
  ),
  operation(
    'ecs',
    'ListServiceDeployments',
    'serviceDeployments',
    listServiceDeploymentsInput,
    listServiceDeployments,
  ),
  operation(
    'ecs',
    'DescribeServiceDeployments',
    'serviceDeployments',
    describeServiceDeploymentsInput,
    describeServiceDeployments,
  ),
  operation(
    'ecs',
    'DescribeServiceRevisions',
    'serviceDeployments',
    describeServiceRevisionsInput,
    describeServiceRevisions,
  ),
  operation(
    'ecs',
    'ListContainerInstances',
    'containerInstances',
    listContainerInstancesInput,
    listContainerInstances,
  ),
  operation('logs', 'FilterLogEvents', 'logEvents', filterLogEventsInput, filterLogEvents),
  operation('logs', 'DescribeLogGroups', 'logGroups', describeLogGroupsInput, describeLogGroups),
];

const targets: Record<ServiceName, string> = {
  ecs: 'AmazonEC2ContainerServiceV20141113',
  logs: 'Logs_20140328',
};

/** What an `X-Amz-Target` header asks for; undefined for what there is not. */
export function operationOf(target: string): Operation | undefined {
  return operations.find(({ name, service }) => target === `${targets[service]}.${name}`);
}
