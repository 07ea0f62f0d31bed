import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import type { Region } from '../region.ts';
import { livingTasks, type Owning } from './deployments.ts';
import type { Cluster, Deployment, DeploymentRules, Service, TaskSet } from './entities.ts';
import { clusterOf, definitionArn, nameIn, partArn, seconds } from './names.ts';

export const describeServicesInput = z.strictObject({
  cluster: z.string().exactOptional(),
  services: z.array(z.string()).exactOptional(),
  include: z.array(z.enum(['TAGS'])).exactOptional(),
});

/** ECS shows the newest events alone. */
const shownEvents = 100;

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
  const taskSets = service.taskSets.map((one) => taskSetJson(region, cluster, service, one));
  const sum = (count: 'runningCount' | 'pendingCount') =>
    [...deployments, ...taskSets].reduce((total, one) => total + one[count], 0);
  const primary = deployments[0] ?? taskSets.find(({ status }) => status === 'PRIMARY');
  const isDaemon = service.scheduling === 'DAEMON';
  return {
    serviceArn: region.arn('ecs', `service/${cluster.name}/${service.name}`),
    serviceName: service.name,
    clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
    loadBalancers: loadBalancers(service),
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum('runningCount'),
    pendingCount: sum('pendingCount'),
    launchType: isDaemon ? 'EC2' : 'FARGATE',
    ...(isDaemon ? {} : { platformVersion: 'LATEST', platformFamily: 'Linux' }),
    ...(primary ? { taskDefinition: primary.taskDefinition } : {}),
    deploymentConfiguration: configuration(service.rules),
    ...(service.controller === 'ECS' ? {} : { taskSets }),
    deployments,
    roleArn: `arn:aws:iam::${region.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: service.events
      .slice(0, shownEvents)
      .map((event) => ({ ...event, createdAt: seconds(event.createdAt) })),
    createdAt: seconds(service.createdAt),
    ...current(region, cluster, service),
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: service.scheduling,
    deploymentController: { type: service.controller },
    enableECSManagedTags: true,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
  };
}

function loadBalancers({ targetGroup, deployments, taskSets }: Service): object[] {
  const [definition] = [...deployments, ...taskSets].map((one) => one.definition);
  if (targetGroup === null || !definition) return [];
  return [{ targetGroupArn: targetGroup, containerName: definition.container, containerPort: 8000 }];
}

/** `deploymentConfiguration` as services and service deployments have it. */
export function configuration({ strategy, bakeMinutes, breaker, alarms }: DeploymentRules) {
  return {
    deploymentCircuitBreaker: breaker,
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    ...(alarms.length > 0 ? { alarms: { alarmNames: alarms, rollback: true, enable: true } } : {}),
    strategy,
    ...(strategy === 'ROLLING' ? {} : { bakeTimeInMinutes: bakeMinutes }),
    ...(strategy === 'CANARY'
      ? { canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 5 } }
      : {}),
    ...(strategy === 'LINEAR' ? { linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 1 } } : {}),
  };
}

/** The newest service deployment and the revisions that have tasks. */
function current(region: Region, cluster: Cluster, service: Service) {
  const [newest] = service.serviceDeployments;
  if (!newest) return {};
  return {
    currentServiceDeployment: partArn(region, cluster, service, 'service-deployment', newest.id),
    currentServiceRevisions: service.deployments.map((one) => ({
      arn: partArn(region, cluster, service, 'service-revision', one.revision),
      requestedTaskCount: one.desiredCount,
      ...taskCounts(cluster, service, one),
    })),
  };
}

/** How many tasks of a deployment or task set run, and how many are on their way. Those that end are neither. */
function counts(cluster: Cluster, service: Service, of: Owning) {
  const wanted = livingTasks(cluster, service, of).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  const runningCount = wanted.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return { runningCount, pendingCount: wanted.length - runningCount };
}

/** The same in the words of service deployments. */
export function taskCounts(cluster: Cluster, service: Service, of: Owning) {
  const { runningCount, pendingCount } = counts(cluster, service, of);
  return { runningTaskCount: runningCount, pendingTaskCount: pendingCount };
}

function deploymentJson(region: Region, cluster: Cluster, service: Service, deployment: Deployment) {
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: definitionArn(region, deployment.definition),
    desiredCount: deployment.desiredCount,
    ...counts(cluster, service, deployment),
    failedTasks: deployment.failedTasks,
    createdAt: seconds(deployment.createdAt),
    updatedAt: seconds(deployment.updatedAt),
    ...launch(service),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

function taskSetJson(region: Region, cluster: Cluster, service: Service, set: TaskSet) {
  const arn = `task-set/${cluster.name}/${service.name}/${set.id}`;
  return {
    id: set.id,
    taskSetArn: region.arn('ecs', arn),
    serviceArn: region.arn('ecs', `service/${cluster.name}/${service.name}`),
    clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
    startedBy: service.controller === 'CODE_DEPLOY' ? 'CODE_DEPLOY' : 'pipeline',
    status: set.status,
    taskDefinition: definitionArn(region, set.definition),
    computedDesiredCount: set.desiredCount,
    ...counts(cluster, service, set),
    createdAt: seconds(set.createdAt),
    updatedAt: seconds(set.updatedAt),
    ...launch(service),
    loadBalancers: loadBalancers(service),
    scale: { value: 100, unit: 'PERCENT' },
    stabilityStatus: set.stability,
    stabilityStatusAt: seconds(set.updatedAt),
  };
}

function launch({ scheduling }: Service) {
  if (scheduling === 'DAEMON') return { launchType: 'EC2' };
  return { launchType: 'FARGATE', platformVersion: '1.4.0', platformFamily: 'Linux' };
}
