import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { hex } from '../draw.ts';
import { offsetOf, tokenFor } from './list-token.ts';
import { clusterOf } from './names.ts';

export const listContainerInstancesInput = z.strictObject({
  cluster: z.string().exactOptional(),
  filter: z.string().exactOptional(),
  nextToken: z.string().exactOptional(),
  maxResults: z.int().min(1).max(100).exactOptional(),
  status: z
    .enum(['ACTIVE', 'DRAINING', 'REGISTERING', 'DEREGISTERING', 'REGISTRATION_FAILED'])
    .exactOptional(),
});

/** `ListContainerInstances`: every instance here is ACTIVE; a cluster on Fargate has none. */
export function listContainerInstances({ region }: Call, input: z.infer<typeof listContainerInstancesInput>) {
  const { nextToken, maxResults = 100, ...query } = input;
  if (query.filter !== undefined)
    throw invalidParameter('A filter of container instances is not part of the simulated service.');
  const cluster = clusterOf(region, query.cluster);
  const count = (query.status ?? 'ACTIVE') === 'ACTIVE' ? cluster.instances : 0;
  const arns = Array.from({ length: count }, (_, i) =>
    region.arn('ecs', `container-instance/${cluster.name}/${hex(`${cluster.name} ${i}`).slice(0, 32)}`),
  );
  const key = hex(JSON.stringify(query)).slice(0, 16);
  const offset = nextToken === undefined ? 0 : offsetOf(nextToken, key);
  const more = offset + maxResults < count;
  return {
    containerInstanceArns: arns.slice(offset, offset + maxResults),
    ...(more ? { nextToken: tokenFor(offset + maxResults, key) } : {}),
  };
}
