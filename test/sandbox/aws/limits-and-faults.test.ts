import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeServicesCommand, DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { grantedRate, Limits } from '../../../sandbox/aws/limits.ts';
import { until } from '../../support/until.ts';
import { cluster, logGroup, service, started } from './started.ts';

const describeServices = new DescribeServicesCommand({ cluster, services: [service] });
const throttled = { name: 'ThrottlingException', message: 'Rate exceeded' };
/** So slow that nothing comes back while a test lasts. */
const perSecond = 0.001;

describe('a bucket of tokens', () => {
  test('gives its burst at once, then as much as comes back', () => {
    const limits = new Limits();
    const rate = { burst: 3, perSecond: 2 };
    const take = (now: number) => () => limits.take('eu-west-1', 'services', rate, now);
    for (let i = 0; i < 3; i += 1) take(1000)();
    expect(take(1000)).toThrow('Rate exceeded');
    expect(take(1499)).toThrow('Rate exceeded');
    take(1500)();
    expect(take(1500)).toThrow('Rate exceeded');
    for (let i = 0; i < 3; i += 1) take(60_000)();
    expect(take(60_000)).toThrow('Rate exceeded');
  });

  test('is as large as AWS says', () => {
    expect(grantedRate('services', 'eu-west-1')).toEqual({ burst: 100, perSecond: 20 });
    expect(grantedRate('logEvents', 'us-east-1').burst).toBe(25);
    expect(grantedRate('logEvents', 'us-west-2').burst).toBe(10);
    expect(grantedRate('logEvents', 'eu-west-1').burst).toBe(5);
    expect(grantedRate('serviceDeployments', 'eu-west-1')).toEqual({ burst: 50, perSecond: 20 });
  });

  test('is shared by what reads tasks, in one region, and by nothing else', async () => {
    const { ecs, control } = await started({ limits: { tasks: { burst: 2, perSecond } } });
    const client = ecs();
    const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster }));
    const describeTasks = new DescribeTasksCommand({ cluster, tasks: taskArns });
    await client.send(describeTasks);
    await expect(client.send(describeTasks)).rejects.toMatchObject(throttled);
    await client.send(describeServices);
    await control.addService({ region: 'us-east-1', cluster, name: service, image: 'example/core:us' });
    await ecs({ region: 'us-east-1' }).send(new ListTasksCommand({ cluster }));
    await control.world({ limits: {} });
    await client.send(describeTasks);
  });

  test('throttles a search of a log too', async () => {
    const { logs } = await started({ limits: { logEvents: { burst: 1, perSecond } } });
    const client = logs();
    const search = new FilterLogEventsCommand({ logGroupName: logGroup, limit: 1 });
    await client.send(search);
    await expect(client.send(search)).rejects.toMatchObject(throttled);
  });
});

describe('a fault', () => {
  test.each([
    ['http500', { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } }],
    ['http503', { name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } }],
    ['throttle', { ...throttled, $metadata: { httpStatusCode: 400 } }],
    ['reset', { code: 'ECONNRESET' }],
    ['outage', { code: 'ECONNRESET' }],
  ] as const)('%s strikes as often as told', async (kind, error) => {
    const { ecs, control } = await started();
    const client = ecs();
    await control.addFault({ kind, times: 1 });
    await expect(client.send(describeServices)).rejects.toMatchObject(error);
    await client.send(describeServices);
    const [first, second] = await control.requests('DescribeServices');
    expect(first).toMatchObject({ fault: kind, region: 'eu-west-1', input: { cluster } });
    expect(second).toMatchObject({ status: 200 });
    expect(second).not.toHaveProperty('fault');
  });

  test('acceptThenTimeout leaves the caller without an answer', async () => {
    const { ecs, control } = await started();
    await control.addFault({ kind: 'acceptThenTimeout' });
    const patience = new AbortController();
    const sent = ecs().send(describeServices, { abortSignal: patience.signal });
    const refused = expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    await until('the fault struck', async () => (await control.state()).faults[0]?.struck === 1);
    patience.abort();
    await refused;
    await until('it was logged', async () => (await control.requests())[0]?.status === null);
  });

  test('acceptThenTimeout ends in a reset for a caller that waits', async () => {
    const { ecs, control } = await started();
    await control.addFault({ kind: 'acceptThenTimeout', delayMs: 10 });
    await expect(ecs().send(describeServices)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('slow answers late, but answers', async () => {
    const { ecs, control } = await started();
    await control.addFault({ kind: 'slow', delayMs: 10 });
    expect((await ecs().send(describeServices)).services).toHaveLength(1);
    expect(await control.requests()).toMatchObject([{ fault: 'slow', status: 200 }]);
  });

  test('may concern one operation or one region, and ends when it is taken back', async () => {
    const { ecs, control } = await started();
    const client = ecs();
    const fault = await control.addFault({ kind: 'http500', operation: 'ListTasks' });
    await control.addFault({ kind: 'http500', region: 'us-east-1' });
    await client.send(describeServices);
    await expect(client.send(new ListTasksCommand({ cluster }))).rejects.toThrow();
    await control.removeFault(fault.id);
    await client.send(new ListTasksCommand({ cluster }));
    await expect(ecs({ region: 'us-east-1' }).send(describeServices)).rejects.toMatchObject({
      name: 'InternalFailure',
    });
    expect(await control.removeFault()).toEqual({ removed: 1 });
    await expect(control.removeFault(9)).rejects.toThrow('404');
  });

  test('that strikes by chance strikes the same way for the same seed', async () => {
    const outcomes = async () => {
      const { ecs, control } = await started();
      await control.addFault({ kind: 'http500', probability: 0.5, seed: 7 });
      const client = ecs();
      const seen: boolean[] = [];
      for (let i = 0; i < 20; i += 1)
        seen.push(
          await client.send(describeServices).then(
            () => true,
            () => false,
          ),
        );
      return seen;
    };
    const first = await outcomes();
    expect(await outcomes()).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });
});

test.each([
  ['world', { colour: 'red' }],
  ['world', { limits: { nothing: { burst: 1, perSecond: 1 } } }],
  ['services', { cluster, name: 'x' }],
  ['services/set', { cluster, service, desiredCount: -1 }],
  ['lines', { group: logGroup, lines: [] }],
  ['background', { group: logGroup, text: 'x', perMinute: 501 }],
  ['access', { operation: 'DropTables', allowed: true }],
  ['faults', { kind: 'fire' }],
  ['clock', { advanceMs: -1 }],
  ['deploy', { cluster, service, script: 'healthy', logs: 'loud' }],
  ['fleet', { cluster, prefix: 'x', script: 'healthy', count: 0 }],
  ['roles', { arn: 'gonogo' }],
])('control refuses a wrong body: %s %j', async (path, body) => {
  const { aws } = await started();
  const response = await fetch(`${aws.url}/_control/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(response.status).toBe(400);
});
