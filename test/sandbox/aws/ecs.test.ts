import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  paginateListTasks,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { isShown } from '../../../sandbox/aws/ecs/list-tasks.ts';
import { cluster, service, started } from './started.ts';

const image = (commit: string) => `registry.betterfleet.example/bf-manage-core:${commit.repeat(40)}`;
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const arn = 'arn:aws:ecs:eu-west-1:123456789012';

async function looking() {
  const all = await started();
  const client = all.ecs();
  const described = async () => {
    const answer = await client.send(new DescribeServicesCommand({ cluster, services: [service] }));
    return answer.services?.[0];
  };
  const list = async (desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING') => {
    const answer = await client.send(new ListTasksCommand({ cluster, serviceName: service, desiredStatus }));
    return answer.taskArns ?? [];
  };
  const tasks = async (desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING') => {
    const found = await list(desiredStatus);
    return (await client.send(new DescribeTasksCommand({ cluster, tasks: found }))).tasks ?? [];
  };
  return { ...all, client, described, list, tasks };
}

describe('the default world', () => {
  test('has one service that is well', async () => {
    const { described } = await looking();
    const found = await described();
    expect(found).toMatchObject({
      serviceArn: `${arn}:service/manage-staging/bf-manage-core`,
      clusterArn: `${arn}:cluster/manage-staging`,
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 2,
      pendingCount: 0,
      taskDefinition: `${arn}:task-definition/bf-manage-core:41`,
      deploymentController: { type: 'ECS' },
    });
    expect(found?.deployments).toHaveLength(1);
    expect(found?.deployments?.[0]).toMatchObject({
      id: expect.stringMatching(/^ecs-svc\/\d{19}$/),
      status: 'PRIMARY',
      rolloutState: 'COMPLETED',
      runningCount: 2,
      failedTasks: 0,
      taskDefinition: `${arn}:task-definition/bf-manage-core:41`,
    });
    expect(found?.createdAt?.getTime()).toBeLessThan(Date.now() - 6 * 86_400_000);
    expect(found?.events?.map(({ message }) => message)).toEqual([
      '(service bf-manage-core) has reached a steady state.',
      `(service bf-manage-core) (deployment ${found?.deployments?.[0]?.id}) deployment completed.`,
    ]);
  });

  test('shows tasks with their image, its digest and the deployment that started them', async () => {
    const { described, tasks } = await looking();
    const [deployment] = (await described())?.deployments ?? [];
    const found = await tasks();
    expect(found).toHaveLength(2);
    for (const task of found) {
      expect(task).toMatchObject({
        lastStatus: 'RUNNING',
        startedBy: deployment?.id,
        group: 'service:bf-manage-core',
        taskDefinitionArn: `${arn}:task-definition/bf-manage-core:41`,
      });
      expect(task).not.toHaveProperty('stoppedAt', expect.anything());
      expect(task.containers?.[0]).toMatchObject({
        name: 'bf-manage-core',
        image: image('0'),
        imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      });
    }
  });

  test.each(['bf-manage-core', 'bf-manage-core:41', `${arn}:task-definition/bf-manage-core:41`])(
    'describes the task definition %s, with where it logs to',
    async (taskDefinition) => {
      const { client } = await looking();
      const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      expect(answer.taskDefinition).toMatchObject({
        family: 'bf-manage-core',
        revision: 41,
        status: 'ACTIVE',
      });
      expect(answer.taskDefinition?.containerDefinitions?.[0]).toMatchObject({
        image: image('0'),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/manage-staging/bf-manage-core',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'bf-manage-core',
          },
        },
      });
    },
  );
});

describe('a service that is changed', () => {
  test('runs another image in another revision and deployment; the tasks of before have stopped', async () => {
    const { control, described, tasks } = await looking();
    const before = await described();
    await control.setService({ cluster, service, image: image('a'), digest: digest('b') });
    const after = await described();
    expect(after?.taskDefinition).toBe(`${arn}:task-definition/bf-manage-core:42`);
    expect(after?.deployments?.[0]?.id).not.toBe(before?.deployments?.[0]?.id);
    expect((await tasks()).map(({ containers }) => containers?.[0]?.image)).toEqual([image('a'), image('a')]);
    expect((await tasks()).map(({ containers }) => containers?.[0]?.imageDigest)).toEqual([
      digest('b'),
      digest('b'),
    ]);
    expect(await tasks('STOPPED')).toEqual([
      expect.objectContaining({ lastStatus: 'STOPPED', stopCode: 'ServiceSchedulerInitiated' }),
      expect.objectContaining({ startedBy: before?.deployments?.[0]?.id }),
    ]);
  });

  test('with another digest alone keeps its revision and has another deployment', async () => {
    const { control, described, tasks } = await looking();
    const before = await described();
    await control.setService({ cluster, service, digest: digest('c') });
    const after = await described();
    expect(after?.taskDefinition).toBe(before?.taskDefinition);
    expect(after?.deployments?.[0]?.id).not.toBe(before?.deployments?.[0]?.id);
    expect((await tasks())[0]?.containers?.[0]?.imageDigest).toBe(digest('c'));
  });

  test('that does not run all its tasks is in progress, and a pending task has no digest yet', async () => {
    const { control, described, tasks } = await looking();
    await control.setService({ cluster, service, desiredCount: 3, runningCount: 1 });
    const found = await described();
    expect(found).toMatchObject({ desiredCount: 3, runningCount: 1, pendingCount: 2 });
    expect(found?.deployments?.[0]?.rolloutState).toBe('IN_PROGRESS');
    const [running, ...pending] = await tasks();
    expect(running?.containers?.[0]?.imageDigest).toBeDefined();
    expect(pending.map(({ lastStatus, containers }) => [lastStatus, containers?.[0]?.imageDigest])).toEqual([
      ['PENDING', undefined],
      ['PENDING', undefined],
    ]);
  });

  test.each(['INACTIVE', 'DRAINING'] as const)('is %s and runs nothing', async (status) => {
    const { control, described, list } = await looking();
    await control.setService({ cluster, service, status });
    expect(await described()).toMatchObject({ status, desiredCount: 0, runningCount: 0 });
    expect(await list()).toEqual([]);
  });

  test('can be added, with its cluster and log group, but not twice', async () => {
    const { control, client } = await looking();
    const spec = { cluster: 'manage-other', name: 'bf-manage-web', image: 'example/web:1', desiredCount: 1 };
    await control.addService(spec);
    const answer = await client.send(
      new DescribeServicesCommand({ cluster: 'manage-other', services: ['bf-manage-web'] }),
    );
    expect(answer.services?.[0]).toMatchObject({ runningCount: 1 });
    expect((await control.state()).regions[0]?.logGroups.map(({ name }) => name)).toContain(
      '/ecs/manage-other/bf-manage-web',
    );
    await expect(control.addService(spec)).rejects.toThrow('409');
    await expect(control.setService({ cluster, service: 'nothing' })).rejects.toThrow('404');
  });
});

describe('what is asked for by name', () => {
  test('may be an ARN', async () => {
    const { client, list } = await looking();
    const answer = await client.send(
      new DescribeServicesCommand({
        cluster: `${arn}:cluster/manage-staging`,
        services: [`${arn}:service/manage-staging/bf-manage-core`],
      }),
    );
    expect(answer.services).toHaveLength(1);
    const ids = (await list()).map((one) => one.split('/').at(-1) ?? '');
    const byId = await client.send(new DescribeTasksCommand({ cluster, tasks: ids }));
    expect(byId.tasks?.map(({ taskArn }) => taskArn)).toEqual(await list());
  });

  test('and is not there is a failure MISSING beside what is', async () => {
    const { client, list } = await looking();
    const services = await client.send(
      new DescribeServicesCommand({ cluster, services: [service, 'nothing'] }),
    );
    expect(services.services).toHaveLength(1);
    expect(services.failures).toEqual([{ arn: `${arn}:service/manage-staging/nothing`, reason: 'MISSING' }]);
    const [task = ''] = await list();
    const unknown = 'f'.repeat(32);
    const tasks = await client.send(new DescribeTasksCommand({ cluster, tasks: [task, unknown] }));
    expect(tasks.tasks).toHaveLength(1);
    expect(tasks.failures).toEqual([{ arn: `${arn}:task/manage-staging/${unknown}`, reason: 'MISSING' }]);
  });
});

test('tasks are listed page by page, and a token holds for its own query only', async () => {
  const { control, client } = await looking();
  await control.setService({ cluster, service, desiredCount: 7 });
  const pages: number[] = [];
  const seen = new Set<string>();
  for await (const page of paginateListTasks({ client, pageSize: 3 }, { cluster, serviceName: service })) {
    pages.push(page.taskArns?.length ?? 0);
    for (const one of page.taskArns ?? []) seen.add(one);
  }
  expect(pages).toEqual([3, 3, 1]);
  expect(seen.size).toBe(7);
  const { nextToken } = await client.send(new ListTasksCommand({ cluster, maxResults: 3 }));
  const other = client.send(
    new ListTasksCommand({ cluster, serviceName: service, maxResults: 3, nextToken: nextToken ?? '' }),
  );
  await expect(other).rejects.toThrow('Invalid token.');
});

test('tasks of one deployment are listed by startedBy, running or not', async () => {
  const { client, described } = await looking();
  const startedBy = (await described())?.deployments?.[0]?.id ?? '';
  const answer = await client.send(new ListTasksCommand({ cluster, startedBy }));
  expect(answer.taskArns).toHaveLength(2);
});

test.each([
  ['has not stopped', null, true],
  ['stopped 59 minutes ago', 59, true],
  ['stopped 60 minutes ago', 60, false],
])('a task that %s is shown or not', (_, minutes, shown) => {
  const now = 100 * 3_600_000;
  expect(isShown({ stoppedAt: minutes === null ? null : now - minutes * 60_000 }, now)).toBe(shown);
});
