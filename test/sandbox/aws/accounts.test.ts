import { DescribeServicesCommand, type ECSClientConfig } from '@aws-sdk/client-ecs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { describe, expect, test } from 'vitest';
import { Accounts } from '../../../sandbox/aws/accounts.ts';
import { authenticate } from '../../../sandbox/aws/credential.ts';
import { defaultWorld } from '../../../sandbox/aws/world.ts';
import { cluster, service, started } from './started.ts';

const production = '210987654321';
const arn = `arn:aws:iam::${production}:role/gonogo-read-only`;
const describeServices = new DescribeServicesCommand({ cluster, services: [service] });

async function taking(registered: { externalId?: string } = {}) {
  const all = await started();
  const { aws, control } = all;
  await control.addRole({ arn, ...registered });
  const usual = { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey };
  const master = {
    endpoint: aws.url,
    region: aws.region,
    credentials: usual,
    maxAttempts: 1,
  };
  const credentials = (
    params: Partial<{ RoleArn: string; ExternalId: string; DurationSeconds: number }> = {},
  ) =>
    fromTemporaryCredentials({
      params: { RoleArn: arn, RoleSessionName: 'gonogo', ...params },
      clientConfig: master,
    });
  const client = (params = {}) =>
    all.ecs({ credentials: credentials(params) as NonNullable<ECSClientConfig['credentials']> });
  return { ...all, credentials, client };
}

describe('a role that is taken', () => {
  test('sees its own account alone, each region for itself', async () => {
    const { client, control, ecs } = await taking();
    await control.addService({ account: production, cluster, name: service, image: 'example/production:1' });
    const there = await client().send(describeServices);
    expect(there.services?.[0]?.serviceArn).toBe(
      `arn:aws:ecs:eu-west-1:${production}:service/${cluster}/${service}`,
    );
    const here = await ecs().send(describeServices);
    expect(here.services?.[0]?.serviceArn).toBe(
      `arn:aws:ecs:eu-west-1:123456789012:service/${cluster}/${service}`,
    );
    const state = await control.state();
    expect(state.otherAccounts).toMatchObject([{ id: production, regions: [{ name: 'eu-west-1' }] }]);
  });

  test('gives a key for an hour, by a request that the log shows', async () => {
    const { credentials, control } = await taking();
    const before = Date.now();
    const key = await credentials()();
    expect(key.accessKeyId).toMatch(/^ASIA[0-9A-F]{16}$/);
    const left = (key.expiration?.getTime() ?? 0) - before;
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThan(3_700_000);
    expect(await control.requests('AssumeRole')).toMatchObject([
      { status: 200, region: 'eu-west-1', input: { RoleArn: arn, RoleSessionName: 'gonogo' } },
    ]);
  });

  test('has its own limits and permissions', async () => {
    const { client, control, ecs } = await taking();
    await control.addService({ account: production, cluster, name: service, image: 'example/production:1' });
    await control.world({ limits: { services: { burst: 1, perSecond: 0.001 } } });
    await ecs().send(describeServices);
    const theirs = client();
    await theirs.send(describeServices);
    await expect(theirs.send(describeServices)).rejects.toMatchObject({ name: 'ThrottlingException' });
    await control.world({ limits: {} });
    await control.access({ account: production, operation: 'DescribeServices', allowed: false });
    await expect(theirs.send(describeServices)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`${production}:assumed-role/gonogo-read-only/gonogo`),
    });
    await ecs().send(describeServices);
  });
});

describe('a role is refused', () => {
  test.each([
    ['that nobody registered', { RoleArn: `arn:aws:iam::${production}:role/other` }, 'AccessDenied'],
    ['with a wrong external id', { ExternalId: 'wrong' }, 'AccessDenied'],
    ['without its external id', {}, 'AccessDenied'],
    ['for less than a quarter of an hour', { ExternalId: 'right', DurationSeconds: 60 }, 'ValidationError'],
    ['for longer than an hour', { ExternalId: 'right', DurationSeconds: 7200 }, 'ValidationError'],
    ['that is no ARN', { RoleArn: 'gonogo-read-only-role' }, 'ValidationError'],
  ])('%s', async (_, params, name) => {
    const { credentials } = await taking({ externalId: 'right' });
    await expect(credentials(params)()).rejects.toMatchObject({ name });
  });

  test('to a caller who may not take any', async () => {
    const { credentials, control } = await taking();
    await control.access({ operation: 'AssumeRole', allowed: false });
    await expect(credentials()()).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('but given with the right external id', async () => {
    const { credentials } = await taking({ externalId: 'right' });
    expect((await credentials({ ExternalId: 'right' })()).accessKeyId).toMatch(/^ASIA/);
  });
});

describe('a temporary key', () => {
  test('is no good without its session token, or with another', async () => {
    const { credentials, ecs } = await taking();
    const { sessionToken, ...key } = await credentials()();
    const unknown = { name: 'UnrecognizedClientException' };
    await expect(ecs({ credentials: key }).send(describeServices)).rejects.toMatchObject(unknown);
    const torn = { ...key, sessionToken: `${sessionToken}x` };
    await expect(ecs({ credentials: torn }).send(describeServices)).rejects.toMatchObject(unknown);
  });

  test('ends after its time', () => {
    const now = Date.UTC(2026, 0, 2, 3, 4, 5);
    const accounts = new Accounts(defaultWorld(), 'AKIAIOSFODNN7EXAMPLE', now);
    const key = accounts.give({ arn, externalId: null }, 'gonogo', 900, now - 899_000);
    const scope = `Credential=${key.accessKeyId}/20260102/eu-west-1/ecs/aws4_request`;
    const headers = {
      authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      'x-amz-date': '20260102T030405Z',
      'x-amz-security-token': key.token,
    };
    expect(authenticate(headers, accounts, 'ecs', now).account.id).toBe(production);
    expect(() => authenticate(headers, accounts, 'ecs', now + 1000)).toThrow('is expired');
  });
});
