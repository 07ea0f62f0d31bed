import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import type { Region } from '../region.ts';
import type { Cluster, Deployment, Service } from './entities.ts';
import { livingTasks } from './fleet.ts';
import { clusterOf, nameIn, seconds } from './names.ts';

export const describeServicesInput = z.strictObject({
  cluster: z.string().exactOptional(),
  services: z.array(z.string()).exactOptional(),
  include: z.array(z.enum(['TAGS'])).exactOptional(),
});

/** `DescribeServices`: up to 10; one that is not there is a failure MISSING, no error. */
export function describeServices({ region }: Call, input: z.infer<typeof describeServicesInput>) {
  const { services = [] } = input;
  if (services.length === 0) throw invalidParameter('Services cannot be empty.');
  if (services.length > 10) throw invalidParameter('Services cannot have more than 10 elements.');
  const cluster = clusterOf(region, input.cluster);
  const found: object[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const given of services) {
    const name = nameIn(region, cluster, given, 'service');
    const service = name === null ? undefined : cluster.services.get(name);
    if (service) found.push(serviceJson(region, cluster, service));
    else failures.push({ arn: missingArn(region, cluster, given), reason: 'MISSING' });
  }
  return { services: found, failures };
}

function missingArn(region: Region, cluster: Cluster, given: string): string {
  return given.startsWith('arn:') ? given : region.arn('ecs', `service/${cluster.name}/${given}`);
}

function serviceJson(region: Region, cluster: Cluster, service: Service) {
  const deployments = service.deployments.map((one) => deploymentJson(region, cluster, service, one));
  const sum = (count: 'runningCount' | 'pendingCount') =>
    deployments.reduce((total, one) => total + one[count], 0);
  const [primary] = deployments;
  return {
    serviceArn: region.arn('ecs', `service/${cluster.name}/${service.name}`),
    serviceName: service.name,
    clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
    loadBalancers: [],
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum('runningCount'),
    pendingCount: sum('pendingCount'),
    launchType: 'FARGATE',
    platformVersion: 'LATEST',
    platformFamily: 'Linux',
    ...(primary ? { taskDefinition: primary.taskDefinition } : {}),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
      strategy: 'ROLLING',
    },
    deployments,
    roleArn: `arn:aws:iam::${region.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: service.events.slice(0, 100).map((event) => ({ ...event, createdAt: seconds(event.createdAt) })),
    createdAt: seconds(service.createdAt),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    enableECSManagedTags: true,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
  };
}

function deploymentJson(region: Region, cluster: Cluster, service: Service, deployment: Deployment) {
  const { family, revision } = deployment.definition;
  const living = livingTasks(cluster, service, deployment);
  const runningCount = living.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: region.arn('ecs', `task-definition/${family}:${revision}`),
    desiredCount: deployment.desiredCount,
    pendingCount: living.length - runningCount,
    runningCount,
    failedTasks: deployment.failedTasks,
    createdAt: seconds(deployment.createdAt),
    updatedAt: seconds(deployment.updatedAt),
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}
