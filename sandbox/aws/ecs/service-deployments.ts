import { z } from 'zod';
import { ApiError, invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { hex } from '../draw.ts';
import type { Region } from '../region.ts';
import type { Cluster, Service, ServiceDeployment } from './entities.ts';
import { offsetOf, tokenFor } from './list-token.ts';
import { clusterOf, nameIn, partArn, partIn, present, seconds } from './names.ts';
import { configuration, taskCounts } from './services.ts';

const statuses = [
  'PENDING',
  'SUCCESSFUL',
  'STOPPED',
  'STOP_REQUESTED',
  'IN_PROGRESS',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const;

/** ECS keeps 90 days of them. */
const keptFor = 90 * 86_400_000;

export const listServiceDeploymentsInput = z.strictObject({
  service: z.string(),
  cluster: z.string().exactOptional(),
  status: z.array(z.enum(statuses)).exactOptional(),
  /** Seconds since 1970. */
  createdAt: z
    .strictObject({ before: z.number().exactOptional(), after: z.number().exactOptional() })
    .exactOptional(),
  nextToken: z.string().exactOptional(),
  maxResults: z.int().min(1).max(100).exactOptional(),
});

/** `ListServiceDeployments`: those of one service, newest first. Services of other controllers have none to list. */
export function listServiceDeployments(
  { region, now }: Call,
  input: z.infer<typeof listServiceDeploymentsInput>,
) {
  const { nextToken, maxResults = 20, ...query } = input;
  const cluster = clusterOf(region, query.cluster);
  const service = cluster.services.get(nameIn(region, cluster, query.service, 'service') ?? '');
  if (!service) throw new ApiError('ServiceNotFoundException', 'Service not found.');
  if (service.controller !== 'ECS')
    throw new ApiError(
      'UnsupportedFeatureException',
      'Service deployments are only supported for services that use the ECS deployment controller.',
    );
  const { after = 0, before = Number.POSITIVE_INFINITY } = query.createdAt ?? {};
  const found = service.serviceDeployments.filter(
    ({ status, createdAt }) =>
      now - createdAt < keptFor &&
      createdAt > after * 1000 &&
      createdAt < before * 1000 &&
      (query.status === undefined || query.status.length === 0 || query.status.includes(status)),
  );
  const key = hex(JSON.stringify(query)).slice(0, 16);
  const offset = nextToken === undefined ? 0 : offsetOf(nextToken, key);
  const more = offset + maxResults < found.length;
  return {
    serviceDeployments: found
      .slice(offset, offset + maxResults)
      .map((one) => briefJson(region, cluster, service, one)),
    ...(more ? { nextToken: tokenFor(offset + maxResults, key) } : {}),
  };
}

export const describeServiceDeploymentsInput = z.strictObject({
  serviceDeploymentArns: z.array(z.string()),
});

/** `DescribeServiceDeployments`: up to 20 ARNs; one that is not there is a failure MISSING. */
export function describeServiceDeployments(
  { region }: Call,
  { serviceDeploymentArns: arns }: z.infer<typeof describeServiceDeploymentsInput>,
) {
  if (arns.length === 0) throw invalidParameter('serviceDeploymentArns cannot be empty.');
  if (arns.length > 20) throw invalidParameter('serviceDeploymentArns cannot have more than 20 elements.');
  const found: object[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const arn of arns) {
    const part = partIn(region, 'service-deployment', arn);
    const one = part?.service.serviceDeployments.find(({ id }) => id === part.id);
    if (part && one) found.push(deploymentJson(region, part.cluster, part.service, one));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { serviceDeployments: found, failures };
}

const secondsOrNull = (ms: number | null) => (ms === null ? null : seconds(ms));

function usual(region: Region, cluster: Cluster, service: Service, one: ServiceDeployment) {
  return {
    serviceDeploymentArn: partArn(region, cluster, service, 'service-deployment', one.id),
    serviceArn: region.arn('ecs', `service/${cluster.name}/${service.name}`),
    clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
    createdAt: seconds(one.createdAt),
    startedAt: secondsOrNull(one.startedAt),
    finishedAt: secondsOrNull(one.finishedAt),
    status: one.status,
    statusReason: one.statusReason,
  };
}

function briefJson(region: Region, cluster: Cluster, service: Service, one: ServiceDeployment) {
  const targetServiceRevisionArn = partArn(region, cluster, service, 'service-revision', one.target);
  return present({ ...usual(region, cluster, service, one), targetServiceRevisionArn });
}

function deploymentJson(region: Region, cluster: Cluster, service: Service, one: ServiceDeployment) {
  const { breaker, alarms, rollback } = one;
  const arn = (revision: string) => partArn(region, cluster, service, 'service-revision', revision);
  const of = (revision: string, percent: number | null) =>
    revisionSummary(cluster, service, revision, arn(revision), percent);
  const rest = one.trafficPercent === null ? null : 100 - one.trafficPercent;
  return present({
    ...usual(region, cluster, service, one),
    stoppedAt: secondsOrNull(one.stoppedAt),
    updatedAt: seconds(one.updatedAt),
    sourceServiceRevisions: one.source === null ? [] : [of(one.source, rest)],
    targetServiceRevision: of(one.target, one.trafficPercent),
    lifecycleStage: one.stage,
    lifecycleHookDetails: one.hooks.map(({ id, status }) => ({ hookId: id, targetType: 'PAUSE', status })),
    deploymentConfiguration: configuration(service.rules),
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: seconds(rollback.startedAt),
      serviceRevisionArn: arn(rollback.revision),
    },
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failures,
      threshold: breaker.threshold,
    },
    alarms: alarms && {
      status: alarms.status,
      alarmNames: service.rules.alarms,
      triggeredAlarmNames: alarms.triggered,
    },
  });
}

/** A revision whose deployment is over has no tasks. */
function revisionSummary(
  cluster: Cluster,
  service: Service,
  revision: string,
  arn: string,
  percent: number | null,
) {
  const deployment = service.deployments.find((one) => one.revision === revision);
  const counts = deployment && taskCounts(cluster, service, deployment);
  return present({
    arn,
    requestedTaskCount: deployment?.desiredCount ?? 0,
    runningTaskCount: counts?.runningTaskCount ?? 0,
    pendingTaskCount: counts?.pendingTaskCount ?? 0,
    requestedProductionTrafficWeight: percent,
  });
}
