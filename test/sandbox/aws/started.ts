import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { onTestFinished } from 'vitest';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { type AwsWorld, startAws } from '../../../sandbox/aws/server.ts';

export const cluster = 'manage-staging';
export const service = 'bf-manage-core';
export const logGroup = '/ecs/manage-staging/bf-manage-core';

export interface Caller {
  region?: string;
  accessKeyId?: string;
  /** Instead of the key of the world. */
  credentials?: NonNullable<ECSClientConfig['credentials']>;
}

/** A simulated AWS with the real clients, which try once. */
export async function started(world: Partial<AwsWorld> = {}) {
  const aws = await startAws({ world });
  onTestFinished(() => aws.close());
  const options = ({ region = aws.region, accessKeyId = aws.accessKeyId, credentials }: Caller) => ({
    endpoint: aws.url,
    region,
    credentials: credentials ?? { accessKeyId, secretAccessKey: aws.secretAccessKey },
    maxAttempts: 1,
  });
  const ecs = (caller: Caller = {}) => {
    const client = new ECSClient(options(caller));
    onTestFinished(() => client.destroy());
    return client;
  };
  const logs = (caller: Caller = {}) => {
    const client = new CloudWatchLogsClient(options(caller));
    onTestFinished(() => client.destroy());
    return client;
  };
  return { aws, ecs, logs, control: awsControl(aws.url) };
}
