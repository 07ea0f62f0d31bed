import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { definitionArn, partIn, seconds } from './names.ts';

export const describeServiceRevisionsInput = z.strictObject({ serviceRevisionArns: z.array(z.string()) });

/** `DescribeServiceRevisions`: up to 20 ARNs; the digest of an image is there once a task has pulled it. */
export function describeServiceRevisions(
  { region }: Call,
  { serviceRevisionArns: arns }: z.infer<typeof describeServiceRevisionsInput>,
) {
  if (arns.length === 0) throw invalidParameter('serviceRevisionArns cannot be empty.');
  if (arns.length > 20) throw invalidParameter('serviceRevisionArns cannot have more than 20 elements.');
  const found: object[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const arn of arns) {
    const part = partIn(region, 'service-revision', arn);
    const revision = part?.service.revisions.find(({ id }) => id === part.id);
    if (!part || !revision) {
      failures.push({ arn, reason: 'MISSING' });
      continue;
    }
    const { definition, digest, isResolved, createdAt } = revision;
    const { cluster, service } = part;
    const names = [definition.container, ...(definition.migration === null ? [] : [definition.migration])];
    found.push({
      serviceRevisionArn: arn,
      serviceArn: region.arn('ecs', `service/${cluster.name}/${service.name}`),
      clusterArn: region.arn('ecs', `cluster/${cluster.name}`),
      taskDefinition: definitionArn(region, definition),
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      platformFamily: 'Linux',
      containerImages: names.map((containerName) => ({
        containerName,
        image: definition.image,
        ...(isResolved ? { imageDigest: digest } : {}),
      })),
      guardDutyEnabled: false,
      createdAt: seconds(createdAt),
    });
  }
  return { serviceRevisions: found, failures };
}
