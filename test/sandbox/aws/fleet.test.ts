import { DescribeServicesCommand, paginateListTasks } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { rolling } from './rolling.ts';

const cluster = 'fleet';

describe('a fleet', () => {
  test('rolls one service after the other', async () => {
    const at = await rolling();
    const wish = { cluster, count: 5, prefix: 'svc', script: 'healthy-fast', spreadMs: 40_000 };
    const services = await at.control.addFleet(wish);
    expect(services).toEqual(['svc-0001', 'svc-0002', 'svc-0003', 'svc-0004', 'svc-0005']);
    const states = async () => {
      const answer = await at.ecsClient.send(new DescribeServicesCommand({ cluster, services }));
      return (answer.services ?? []).map(({ deployments = [] }) => deployments.length);
    };
    expect(await states()).toEqual([2, 1, 1, 1, 1]);
    await at.control.advance(12_000);
    expect(await states()).toEqual([2, 2, 1, 1, 1]);
    await at.control.advance(4000);
    expect(await states()).toEqual([1, 2, 1, 1, 1]);
    await at.control.advance(60_000);
    expect(await states()).toEqual([1, 1, 1, 1, 1]);
    const [first] =
      (await at.ecsClient.send(new DescribeServicesCommand({ cluster, services }))).services ?? [];
    expect(first?.taskDefinition).toContain(':task-definition/svc-0001:42');
  });

  test('has the tasks and lines of each service apart', async () => {
    const at = await rolling();
    await at.control.addFleet({ cluster, count: 3, prefix: 'svc', script: 'healthy-fast', desired: 2 });
    await at.control.advance(20_000);
    const tasks: string[] = [];
    const paginator = paginateListTasks({ client: at.ecsClient }, { cluster, serviceName: 'svc-0002' });
    for await (const { taskArns = [] } of paginator) tasks.push(...taskArns);
    expect(tasks).toHaveLength(2);
    const ids = tasks.map((arn) => arn.split('/').at(-1));
    const lines = await at.lines(`/ecs/${cluster}/svc-0002`);
    expect(new Set(lines.map(({ stream }) => stream.split('/').at(-1)))).toEqual(new Set(ids));
  });

  test('of five thousand in five regions is there, and rolls', async () => {
    const at = await rolling();
    const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-southeast-2'];
    const wish = { cluster, count: 1000, prefix: 'svc', script: 'healthy-fast', spreadMs: 60_000 };
    for (const region of regions) await at.control.addFleet({ ...wish, region });
    await at.control.advance(90_000);
    for (const region of regions) {
      const asked = { cluster, services: ['svc-0001', 'svc-1000'] };
      const { services = [] } = await at.ecs({ region }).send(new DescribeServicesCommand(asked));
      expect(services.map(({ deployments }) => deployments?.[0]?.rolloutState)).toEqual([
        'COMPLETED',
        'COMPLETED',
      ]);
    }
  });

  test('is of services that run for long: each shows a hundred events, the newest first', async () => {
    const at = await rolling();
    const services = await at.control.addFleet({ cluster, count: 1, prefix: 'svc', script: 'healthy' });
    const answer = await at.ecsClient.send(new DescribeServicesCommand({ cluster, services }));
    const events = answer.services?.[0]?.events ?? [];
    expect(events).toHaveLength(100);
    const times = events.map(({ createdAt }) => createdAt?.getTime() ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(events.at(-1)?.message).toBe('(service svc-0001) has reached a steady state.');
  });

  test('takes no name that there is already', async () => {
    const { control } = await rolling();
    const wish = { cluster, count: 1, prefix: 'svc', script: 'healthy' };
    await control.addFleet(wish);
    await expect(control.addFleet(wish)).rejects.toThrow('409');
  });
});
