import { DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { cluster, logGroup, service, started } from './started.ts';

const many = (count: number) => Array.from({ length: count }, (_, i) => `name-${i}`);

describe('ECS refuses', () => {
  test.each([
    ['no services', new DescribeServicesCommand({ cluster, services: [] }), 'InvalidParameterException'],
    [
      '11 services',
      new DescribeServicesCommand({ cluster, services: many(11) }),
      'InvalidParameterException',
    ],
    [
      'an unknown cluster',
      new DescribeServicesCommand({ cluster: 'nowhere', services: [service] }),
      'ClusterNotFoundException',
    ],
    [
      'no cluster, for there is no default one',
      new DescribeServicesCommand({ services: [service] }),
      'ClusterNotFoundException',
    ],
    [
      'an ARN of another region',
      new DescribeServicesCommand({
        cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/manage-staging',
        services: [service],
      }),
      'InvalidParameterException',
    ],
    [
      'a value that is none of the list',
      new DescribeServicesCommand({ cluster, services: [service], include: ['COLOUR' as 'TAGS'] }),
      'InvalidParameterException',
    ],
    ['no tasks', new DescribeTasksCommand({ cluster, tasks: [] }), 'InvalidParameterException'],
    ['101 tasks', new DescribeTasksCommand({ cluster, tasks: many(101) }), 'InvalidParameterException'],
    [
      'tasks of an unknown service',
      new ListTasksCommand({ cluster, serviceName: 'nothing' }),
      'ServiceNotFoundException',
    ],
    ['101 tasks a page', new ListTasksCommand({ cluster, maxResults: 101 }), 'InvalidParameterException'],
    [
      'startedBy beside another filter',
      new ListTasksCommand({ cluster, startedBy: 'ecs-svc/1', serviceName: service }),
      'InvalidParameterException',
    ],
    ['a wrong token', new ListTasksCommand({ cluster, nextToken: 'bm8=' }), 'InvalidParameterException'],
    [
      'an unknown task definition',
      new DescribeTaskDefinitionCommand({ taskDefinition: 'bf-manage-core:7' }),
      'ClientException',
    ],
    ['an operation that it does not have', new ListClustersCommand({}), 'UnknownOperationException'],
  ])('%s', async (_, command, name) => {
    const { ecs } = await started();
    const sent = ecs().send(command as DescribeServicesCommand);
    await expect(sent).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});

describe('CloudWatch Logs refuses', () => {
  const filter = (input: ConstructorParameters<typeof FilterLogEventsCommand>[0]) =>
    new FilterLogEventsCommand({ logGroupName: logGroup, ...input });

  test.each([
    ['an unknown group', filter({ logGroupName: '/ecs/nothing' }), 'ResourceNotFoundException'],
    [
      'a named stream that does not exist',
      filter({ logStreamNames: ['nothing/nothing/0'] }),
      'ResourceNotFoundException',
    ],
    [
      'names and prefix of streams at once',
      filter({ logStreamNames: ['a'], logStreamNamePrefix: 'a' }),
      'InvalidParameterException',
    ],
    [
      'name and identifier of the group at once',
      filter({ logGroupIdentifier: logGroup }),
      'InvalidParameterException',
    ],
    ['an end before the start', filter({ startTime: 5, endTime: 4 }), 'InvalidParameterException'],
    ['a limit of 0', filter({ limit: 0 }), 'InvalidParameterException'],
    ['a limit over 10,000', filter({ limit: 10_001 }), 'InvalidParameterException'],
    ['a time before 1970', filter({ startTime: -1 }), 'InvalidParameterException'],
    ['a time of half a millisecond', filter({ startTime: 0.5 }), 'SerializationException'],
    ['a wrong token', filter({ nextToken: 'bm8' }), 'InvalidParameterException'],
    [
      'a pattern that does not close its quotes',
      filter({ filterPattern: '"open' }),
      'InvalidParameterException',
    ],
    ['a bare word with a colon', filter({ filterPattern: 'code:500' }), 'InvalidParameterException'],
    ['a pattern for JSON', filter({ filterPattern: '{ $.level = "error" }' }), 'InvalidParameterException'],
    ['? beside a word', filter({ filterPattern: '?ERROR failed' }), 'InvalidParameterException'],
    ['a page of 51 groups', new DescribeLogGroupsCommand({ limit: 51 }), 'InvalidParameterException'],
  ])('%s', async (_, command, name) => {
    const { logs } = await started();
    const sent = logs().send(command as FilterLogEventsCommand);
    await expect(sent).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });
});

describe('a request that no client would send is refused:', () => {
  const stamp = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const signed = (key: string, scope: string, date = stamp()) => ({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeServices',
    'x-amz-date': date,
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/${date.slice(0, 8)}/${scope}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  });
  const good = (key: string) => signed(key, 'eu-west-1/ecs');
  const asked = JSON.stringify({ cluster, services: [service] });

  test.each<[string, (key: string) => Record<string, string>, string, string]>([
    [
      'no signature',
      (key) => ({ ...good(key), authorization: '' }),
      asked,
      'MissingAuthenticationTokenException',
    ],
    [
      'a bearer token',
      (key) => ({ ...good(key), authorization: 'Bearer x' }),
      asked,
      'IncompleteSignatureException',
    ],
    [
      'no Signature in the header',
      (key) => ({ ...good(key), authorization: good(key).authorization.replace(/, Signature.*/, '') }),
      asked,
      'IncompleteSignatureException',
    ],
    ['no date', (key) => ({ ...good(key), 'x-amz-date': '' }), asked, 'IncompleteSignatureException'],
    ['another key', () => good('AKIAANOTHEREXAMPLEKEY'), asked, 'UnrecognizedClientException'],
    ['no region', (key) => signed(key, 'nowhere/ecs'), asked, 'InvalidSignatureException'],
    [
      'signed for another service',
      (key) => signed(key, 'eu-west-1/logs'),
      asked,
      'InvalidSignatureException',
    ],
    [
      'signed long ago',
      (key) => signed(key, 'eu-west-1/ecs', '20250101T000000Z'),
      asked,
      'InvalidSignatureException',
    ],
    [
      'signed for another day',
      (key) => ({ ...good(key), 'x-amz-date': '20250101T000000Z' }),
      asked,
      'InvalidSignatureException',
    ],
    ['no target', (key) => ({ ...good(key), 'x-amz-target': '' }), asked, 'UnknownOperationException'],
    [
      'plain JSON',
      (key) => ({ ...good(key), 'content-type': 'application/json' }),
      asked,
      'UnknownOperationException',
    ],
    ['no JSON', good, '{', 'SerializationException'],
    ['a list', good, '[]', 'SerializationException'],
    ['a member of the wrong type', good, '{"cluster":5}', 'SerializationException'],
    ['a member that there is not', good, '{"Cluster":"manage-staging"}', 'SerializationException'],
    ['no services at all', good, '{"cluster":"manage-staging"}', 'InvalidParameterException'],
  ])('%s', async (_, headers, body, type) => {
    const { aws } = await started();
    const response = await fetch(aws.url, { method: 'POST', headers: headers(aws.accessKeyId), body });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(response.headers.get('x-amzn-requestid')).not.toBeNull();
    expect(await response.json()).toMatchObject({ __type: type });
  });

  test('the same with all that belongs to it is answered', async () => {
    const { aws } = await started();
    const headers = good(aws.accessKeyId);
    expect((await fetch(aws.url, { method: 'POST', headers, body: asked })).status).toBe(200);
  });
});

test('a key that it does not know is refused through the real client too', async () => {
  const { ecs } = await started();
  const client = ecs({ accessKeyId: 'AKIAANOTHEREXAMPLEKEY' });
  await expect(
    client.send(new DescribeServicesCommand({ cluster, services: [service] })),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});

test('an operation that is not allowed is refused until it is, the others are not', async () => {
  const { ecs, control } = await started();
  const client = ecs();
  const describeServices = new DescribeServicesCommand({ cluster, services: [service] });
  await control.access({ operation: 'DescribeServices', allowed: false });
  await expect(client.send(describeServices)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('is not authorized to perform: ecs:DescribeServices'),
  });
  await client.send(new ListTasksCommand({ cluster }));
  await control.access({ operation: 'DescribeServices', allowed: true });
  await client.send(describeServices);
});

test('a region knows nothing of another', async () => {
  const { ecs, logs, control } = await started();
  const elsewhere = { region: 'us-east-1' };
  const describeServices = new DescribeServicesCommand({ cluster, services: [service] });
  await expect(ecs(elsewhere).send(describeServices)).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
  });
  const search = new FilterLogEventsCommand({ logGroupName: logGroup });
  await expect(logs(elsewhere).send(search)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await control.addService({ ...elsewhere, cluster, name: service, image: 'example/core:us' });
  const there = await ecs(elsewhere).send(describeServices);
  expect(there.services?.[0]?.serviceArn).toContain(':us-east-1:');
  const here = await ecs().send(describeServices);
  expect(here.services?.[0]?.taskDefinition).not.toBe(there.services?.[0]?.taskDefinition);
});
