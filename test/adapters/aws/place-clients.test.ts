import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { attempts } from '../../../src/adapters/aws/connection-retries.ts';
import { ecsClients } from '../../../src/adapters/aws/ecs-clients.ts';
import { logsClients } from '../../../src/adapters/aws/logs-clients.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { Refusal, stubEcs } from './rollouts/stub-ecs.ts';
import { options } from './stage.ts';

const production = {
  id: 'production',
  roleArn: 'arn:aws:iam::210987654321:role/gonogo',
  externalId: 'only-gonogo',
};
const accounts = [
  production,
  { id: 'plain', roleArn: 'arn:aws:iam::111111111111:role/gonogo', externalId: null },
];
const describeOne = new DescribeServicesCommand({ cluster: 'c', services: ['a'] });

/** An STS that gives anybody keys, and notes what it was asked for. */
async function stubSts() {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push(new URLSearchParams(body));
    response.writeHead(200, { 'content-type': 'text/xml' }).end(`<AssumeRoleResponse><AssumeRoleResult>
      <Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>any</SecretAccessKey>
      <SessionToken>the-session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
    </AssumeRoleResult></AssumeRoleResponse>`);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return asked;
}

describe('a client of another account', () => {
  test('takes its role once, with the external id, and reads with the keys it got', async () => {
    const ecs = await stubEcs({ DescribeServices: () => ({ services: [], failures: [] }) });
    const asked = await stubSts();
    const client = ecsClients(options, accounts)({ account: 'production', region: 'eu-west-1' });
    await client.send(describeOne);
    await client.send(describeOne);
    expect(asked.map((query) => Object.fromEntries(query))).toEqual([
      expect.objectContaining({
        Action: 'AssumeRole',
        RoleArn: production.roleArn,
        RoleSessionName: 'gonogo',
        ExternalId: 'only-gonogo',
      }),
    ]);
    expect(ecs.headers.map(({ authorization = '' }) => authorization)).toEqual([
      expect.stringContaining('ASIAIOSFODNN7EXAMPLE/'),
      expect.stringContaining('ASIAIOSFODNN7EXAMPLE/'),
    ]);
    expect(ecs.headers[0]?.['x-amz-security-token']).toBe('the-session');
  });

  test('sends no external id where the catalogue has none', async () => {
    await stubEcs({ DescribeServices: () => ({}) });
    const asked = await stubSts();
    await ecsClients(options, accounts)({ account: 'plain', region: 'eu-west-1' }).send(describeOne);
    expect(asked[0]?.has('ExternalId')).toBe(false);
  });

  test('that the catalogue does not have is refused', () => {
    const clientOf = logsClients(options, accounts);
    expect(() => clientOf({ account: 'nowhere', region: 'eu-west-1' })).toThrow(OutsideError);
  });
});

test('there is one client for each account and region', async () => {
  await stubEcs({});
  const clientOf = ecsClients(options, accounts);
  const [own, other] = [
    { account: null, region: 'eu-west-1' },
    { account: 'plain', region: 'eu-west-1' },
  ];
  expect(clientOf({ ...own })).toBe(clientOf({ ...own }));
  expect(clientOf(other)).not.toBe(clientOf(own));
  expect(clientOf({ ...own, region: 'us-east-1' })).not.toBe(clientOf(own));
});

describe('the SDK by itself', () => {
  const client = () => ecsClients(options, accounts)({ account: null, region: 'eu-west-1' });

  test.each([
    ['what broke on the other side', new Refusal('ServerException', 'ill', 500), attempts],
    ['no throttle', new Refusal('ThrottlingException', 'Rate exceeded'), 1],
    ['no refusal', new Refusal('AccessDeniedException'), 1],
  ])('repeats %s', async (_, refusal, calls) => {
    const ecs = await stubEcs({
      DescribeServices: () => {
        throw refusal;
      },
    });
    await expect(client().send(describeOne)).rejects.toThrow();
    expect(ecs.calls).toHaveLength(calls);
  });

  test('writes no copy of what it read into a log', async () => {
    await stubEcs({ DescribeServices: () => ({ services: [{ serviceName: 'a' }] }) });
    const info = vi.fn();
    const other = () => undefined;
    const one = client();
    one.config.logger = { debug: other, info, warn: other, error: other };
    await one.send(describeOne);
    expect(info).not.toHaveBeenCalled();
  });

  test('goes on after a fault that passes', async () => {
    let isIll = true;
    const ecs = await stubEcs({
      DescribeServices: () => {
        if (!isIll) return { services: [] };
        isIll = false;
        throw new Refusal('ServiceUnavailableException', 'ill', 503);
      },
    });
    await client().send(describeOne);
    expect(ecs.calls).toHaveLength(2);
  });
});
