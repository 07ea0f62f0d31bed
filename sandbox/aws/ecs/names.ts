import { ApiError, invalidParameter } from '../api-error.ts';
import type { Region } from '../region.ts';
import type { Cluster, Service } from './entities.ts';
import type { TaskDefinition } from './task.ts';

/** The cluster that is meant by a name or an ARN; `default` when none is. Throws ClusterNotFoundException. */
export function clusterOf(region: Region, given: string | undefined): Cluster {
  const path = pathOf(region, given ?? 'default', 'cluster');
  const cluster = region.clusters.get(path.at(-1) ?? '');
  if (!cluster) throw new ApiError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

/** The name behind a service name or ARN, null when the ARN is of another cluster. */
export function nameIn(
  region: Region,
  cluster: Cluster,
  given: string,
  kind: 'service' | 'task',
): string | null {
  const path = pathOf(region, given, kind);
  if (path.length > 1 && path[0] !== cluster.name) return null;
  return path.at(-1) ?? '';
}

/** What follows the kind in an ARN, or the name itself. Throws for an ARN of something else or somewhere else. */
function pathOf(region: Region, given: string, kind: string): string[] {
  if (!given.startsWith('arn:')) return [given];
  const prefix = region.arn('ecs', `${kind}/`);
  if (!given.startsWith(prefix)) throw invalidParameter(`Invalid identifier: Unexpected resource ${given}`);
  return given.slice(prefix.length).split('/');
}

export function definitionArn(region: Region, { family, revision }: TaskDefinition): string {
  return region.arn('ecs', `task-definition/${family}:${revision}`);
}

type PartOfService = 'service-deployment' | 'service-revision';

/** The ARN of what belongs to a service: `KIND/CLUSTER/SERVICE/ID`. */
export function partArn(
  region: Region,
  cluster: Cluster,
  service: Service,
  kind: PartOfService,
  id: string,
): string {
  return region.arn('ecs', `${kind}/${cluster.name}/${service.name}/${id}`);
}

/**
 * What an ARN of {@link partArn} means: null when its service is not there. Throws InvalidParameterException for what
 * is no such ARN of this account and region.
 */
export function partIn(
  region: Region,
  kind: PartOfService,
  arn: string,
): { cluster: Cluster; service: Service; id: string } | null {
  const prefix = region.arn('ecs', `${kind}/`);
  const [clusterName, serviceName, id, ...more] = arn.startsWith(prefix)
    ? arn.slice(prefix.length).split('/')
    : [];
  if (clusterName === undefined || serviceName === undefined || id === undefined || more.length > 0)
    throw invalidParameter(
      `Invalid identifier: Identifier is for ${arn}. Your accountId is ${region.accountId}`,
    );
  const cluster = region.clusters.get(clusterName);
  const service = cluster?.services.get(serviceName);
  return cluster && service ? { cluster, service, id } : null;
}

/** ECS writes times as seconds since 1970. */
export function seconds(ms: number): number {
  return ms / 1000;
}

/** Leaves out the members that are null, as ECS does. */
export function present<T extends Record<string, unknown>>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Partial<T>;
}
