import { z } from 'zod';
import { invalidParameter } from '../api-error.ts';
import type { Call } from '../call.ts';

export const describeLogGroupsInput = z.strictObject({
  logGroupNamePrefix: z.string().min(1).max(512).exactOptional(),
  logGroupNamePattern: z.string().max(512).exactOptional(),
  nextToken: z.string().min(1).exactOptional(),
  limit: z.int().min(1).max(50).exactOptional(),
  logGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']).exactOptional(),
});

/** `DescribeLogGroups`: by name, 50 a page; by the start of the name, or by a part of it without regard to case. */
export function describeLogGroups({ region }: Call, input: z.infer<typeof describeLogGroupsInput>) {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, nextToken, limit = 50 } = input;
  if (prefix !== undefined && pattern !== undefined)
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  const after = nextToken === undefined ? '' : Buffer.from(nextToken, 'base64url').toString('utf8');
  if (after !== '' && !region.groups.has(after))
    throw invalidParameter('The specified nextToken is invalid.');
  const all = [...region.groups.values()]
    .filter(
      ({ name }) =>
        name.startsWith(prefix ?? '') &&
        name.toLowerCase().includes((pattern ?? '').toLowerCase()) &&
        (input.logGroupClass ?? 'STANDARD') === 'STANDARD' &&
        name > after,
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = all.slice(0, limit);
  const last = all.length > limit ? shown.at(-1) : undefined;
  return {
    logGroups: shown.map(({ name, createdAt, retentionInDays }) => ({
      logGroupName: name,
      creationTime: createdAt,
      retentionInDays,
      metricFilterCount: 0,
      arn: region.arn('logs', `log-group:${name}:*`),
      storedBytes: 0,
      logGroupClass: 'STANDARD',
      logGroupArn: region.arn('logs', `log-group:${name}`),
    })),
    ...(last ? { nextToken: Buffer.from(last.name).toString('base64url') } : {}),
  };
}
