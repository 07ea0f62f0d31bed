import { onTestFinished, vi } from 'vitest';
import { awsControl } from '../../../sandbox/aws/control-client.ts';
import { type AwsWorld, startAws } from '../../../sandbox/aws/server.ts';
import { OutsideError } from '../../../src/core/ports.ts';

export const never = new AbortController().signal;
export const options = { timeoutMs: 5_000 };

/** A simulated AWS that the SDK finds as it finds the real one: by its own environment. */
export async function aws(world: Partial<AwsWorld> = {}) {
  const server = await startAws({ world: { services: [], background: [], ingestionDelayMs: 0, ...world } });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  pointTo(server.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.secretAccessKey);
  return { server, control: awsControl(server.url) };
}

export function pointTo(url: string): void {
  vi.stubEnv('AWS_ENDPOINT_URL_ECS', url);
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', url);
}

export async function failure(reading: Promise<unknown>): Promise<OutsideError> {
  const error = await reading.then(
    () => new Error('it was read'),
    (reason: unknown) => reason,
  );
  if (error instanceof OutsideError) return error;
  throw error;
}
