import { type ECSClient, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs';
import type { OutsideError } from '../../../core/ports.ts';
import type { Asked } from './asked.ts';
import type { PacedCalls } from './calls.ts';
import { pagesOf } from './pages.ts';
import { isDenied, nameOf } from './read.ts';
import { primaryOf } from './service-shape.ts';

/** The deployment under test, what came before it and what came after it. */
const newest = 3;
/** What was deployed longer before PRIMARY is not looked for. */
const lookBackMs = 86_400_000;

/** ARNs of the newest service deployments of each service, newest first, in the order of the services. */
export async function listServiceDeployments(
  client: ECSClient,
  calls: PacedCalls,
  services: readonly Pick<Asked, 'cluster' | 'name' | 'service'>[],
  now: number,
  signal: AbortSignal,
): Promise<({ value: string[] } | { error: OutsideError })[]> {
  const lists = await pagesOf(
    calls,
    'ListServiceDeployments',
    services,
    ({ cluster, name, service }, token) => {
      const since = Date.parse(primaryOf(service)?.createdAt ?? '') || now;
      const createdAt = { after: new Date(Math.max(0, since - lookBackMs)) };
      const command = new ListServiceDeploymentsCommand({ cluster, service: name, createdAt, ...token });
      return (abortSignal) => client.send(command, { abortSignal });
    },
    signal,
  );
  return lists.map((read) => {
    if ('error' in read) return read;
    const briefs = read.value.flatMap(({ serviceDeployments = [] }) => serviceDeployments);
    const byAge = briefs.sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
    return { value: byAge.slice(0, newest).map(({ serviceDeploymentArn = '' }) => serviceDeploymentArn) };
  });
}

/** Refusals that say that there is nothing to be read here, not that something is wrong. */
export function mayNotBeRead(error: OutsideError): boolean {
  return (
    isDenied(error) || ['UnsupportedFeatureException', 'ServiceNotFoundException'].includes(nameOf(error))
  );
}
