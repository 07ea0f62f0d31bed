import { describe, expect, test } from 'vitest';
import { failure, never } from '../stage.ts';
import { ask, home, look, seen, tasksOf } from './looking.ts';
import { Refusal } from './stub-ecs.ts';
import { definitionArn, service, serviceDeployment, serviceDeploymentArn, ten } from './town.ts';

describe('one look', () => {
  test('gives service, tasks, definition and service deployments', async () => {
    const { rollouts } = await look({
      services: [service('a')],
      tasks: [
        { id: 'old', service: 'a', startedBy: 'ecs-svc/1', lastStatus: 'STOPPED', stoppedReason: 'Scaling' },
        { id: 'new', service: 'a', startedBy: 'ecs-svc/2' },
        { id: 'other', service: null, startedBy: 'cron' },
      ],
      serviceDeployments: { a: [serviceDeployment('2')] },
    });
    const [answer] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(answer)).toMatchObject({
      at: '2026-11-21T10:00:00.000Z',
      service: { status: 'ACTIVE', controller: 'ECS', deployments: [{ id: 'ecs-svc/2', desired: 1 }] },
      tasks: [
        { id: 'new', lastStatus: 'RUNNING', stoppedAt: null },
        { id: 'old', lastStatus: 'STOPPED', stoppedReason: 'Scaling', containers: [{ exitCode: 1 }] },
      ],
      definitions: [{ arn: definitionArn(2), family: 'app', revision: 2 }],
      serviceDeployments: [
        {
          arn: serviceDeploymentArn('2'),
          status: 'IN_PROGRESS',
          targetTaskDefinition: definitionArn(2),
          targetDigests: [{ container: 'app', image: 'app:2', digest: `sha256:${'b'.repeat(64)}` }],
        },
      ],
      instances: null,
    });
  });

  test('gives the events of a service from the moment that is asked for, of two questions from the earlier one', async () => {
    const event = (id: string, createdAt?: number) => ({ id, createdAt, message: `event ${id}` });
    const events = [
      event('now', ten + 1),
      event('then', ten),
      event('before', ten - 0.001),
      event('undated'),
    ];
    const { rollouts } = await look({
      services: [service('a', { events }), service('b', { events })],
      tasks: tasksOf('a', 1),
    });
    const at = (seconds: number) => new Date(seconds * 1_000);
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:service/c/b';
    const answers = await rollouts.observe(
      home,
      [
        { ...ask('a'), since: at(ten) },
        { ...ask('b'), since: at(ten + 2) },
        { ...ask(arn), since: at(ten + 1) },
        { ...ask('b'), since: at(ten + 3) },
      ],
      never,
    );
    const told = answers.map((answer) => seen(answer).service.events.map(({ id }) => id));
    expect(told).toEqual([['now', 'then'], ['now'], ['now'], ['now']]);
  });

  test('answers in the order of the questions, also when one is asked twice', async () => {
    const names = ['c', 'a', 'b', 'a'];
    const { rollouts, ecs } = await look({
      services: ['a', 'b', 'c'].map((name) => service(name)),
      tasks: tasksOf('a', 1),
    });
    const answers = await rollouts.observe(
      home,
      names.map((name) => ask(name)),
      never,
    );
    expect(answers.map((answer) => seen(answer).tasks.length)).toEqual([0, 1, 0, 1]);
    expect(ecs.of('DescribeServices')).toEqual([{ cluster: 'c', services: ['c', 'a', 'b'] }]);
  });

  test('of many services describes ten in a call and lists the tasks of their cluster together', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `s${i}`);
    const tasks = names.flatMap((name) => tasksOf(name, 5));
    const { rollouts, ecs } = await look({ services: names.map((name) => service(name)), tasks });
    const answers = await rollouts.observe(
      home,
      names.map((name) => ask(name)),
      never,
    );
    expect(answers.map((answer) => seen(answer).tasks.length)).toEqual(names.map(() => 5));
    expect(ecs.of('DescribeServices')).toHaveLength(3);
    expect(ecs.of('ListTasks')).toEqual([
      { cluster: 'c', desiredStatus: 'RUNNING' },
      { cluster: 'c', desiredStatus: 'RUNNING', nextToken: '100' },
      { cluster: 'c', desiredStatus: 'STOPPED' },
    ]);
    expect(ecs.of('DescribeTasks').map(({ tasks: some }) => (some as string[]).length)).toEqual([100, 25]);
  });

  test('of one service asks for its tasks alone', async () => {
    const { rollouts, ecs } = await look({
      services: [service('a')],
      tasks: [...tasksOf('a', 2), ...tasksOf('b', 3)],
    });
    await rollouts.observe(home, [ask('a')], never);
    expect(ecs.of('ListTasks')).toEqual([
      { cluster: 'c', desiredStatus: 'RUNNING', serviceName: 'a' },
      { cluster: 'c', desiredStatus: 'STOPPED', serviceName: 'a' },
    ]);
    expect(ecs.of('DescribeTasks')).toHaveLength(1);
  });

  test('gives up the list of a cluster that has more pages than the services have lists, and remembers it', async () => {
    const { rollouts, ecs, time } = await look({
      services: [service('a'), service('b')],
      tasks: [...tasksOf('x', 40), ...tasksOf('a', 1), ...tasksOf('b', 1)],
      pageSize: 5,
    });
    const questions = [ask('a'), ask('b')];
    const answers = await rollouts.observe(home, questions, never);
    expect(answers.map((answer) => seen(answer).tasks.length)).toEqual([1, 1]);
    expect(ecs.of('ListTasks')).toHaveLength(4 + 4);
    ecs.forget();
    await rollouts.observe(home, questions, never);
    expect(ecs.of('ListTasks').map(({ serviceName }) => serviceName)).toEqual(['a', 'b', 'a', 'b']);
    time.advance(600_000);
    ecs.forget();
    await rollouts.observe(home, questions, never);
    expect(ecs.of('ListTasks')).toHaveLength(4 + 4);
  });

  test.each([1, 2])('reads on after an empty page, with %i services', async (count) => {
    const names = ['a', 'b'].slice(0, count);
    const { rollouts, ecs, town } = await look({ services: names.map((name) => service(name)) });
    town.tasks = names.flatMap((name) => tasksOf(name, 1));
    const list = ecs.answers['ListTasks'];
    ecs.answers['ListTasks'] = (input) =>
      input['nextToken'] === undefined ? { taskArns: [], nextToken: '0' } : (list?.(input) ?? {});
    const answers = await rollouts.observe(
      home,
      names.map((name) => ask(name)),
      never,
    );
    expect(answers.map((answer) => seen(answer).tasks.length)).toEqual(names.map(() => 1));
  });

  test('asks nothing about the tasks of a service that was deleted', async () => {
    const { rollouts, ecs } = await look({
      services: [service('a', { status: 'INACTIVE', deployments: [] })],
    });
    expect(seen((await rollouts.observe(home, [ask('a')], never))[0]).service.status).toBe('INACTIVE');
    expect(ecs.of('ListTasks')).toEqual([]);
  });

  test('counts the instances that a DAEMON runs on', async () => {
    const { rollouts, ecs } = await look({
      services: [service('a', { schedulingStrategy: 'DAEMON' }), service('b')],
      instances: 3,
    });
    const answers = await rollouts.observe(home, [ask('a'), ask('b')], never);
    expect(answers.map((answer) => seen(answer).instances)).toEqual([3, null]);
    expect(ecs.of('ListContainerInstances')).toHaveLength(1);
  });
});

describe('a snapshot', () => {
  test('has PRIMARY, its task definition and the newest service deployment', async () => {
    const { rollouts, time } = await look({
      services: [service('a')],
      serviceDeployments: {
        a: [
          serviceDeployment('1', { createdAt: ten - 100 }),
          serviceDeployment('2'),
          serviceDeployment('0', { createdAt: ten - 200 }),
        ],
      },
    });
    expect(await rollouts.snapshot({ ...home, cluster: 'c', service: 'a' }, never)).toEqual({
      primary: 'ecs-svc/2',
      taskDefinition: definitionArn(2),
      serviceDeployment: serviceDeploymentArn('2'),
      at: time.now().toISOString(),
    });
  });

  test('of no service, or of one that was deleted, is empty', async () => {
    const { rollouts } = await look({ services: [service('gone', { status: 'INACTIVE' })] });
    for (const name of ['gone', 'nowhere'])
      expect(await rollouts.snapshot({ ...home, cluster: 'c', service: name }, never)).toMatchObject({
        primary: null,
        taskDefinition: null,
        serviceDeployment: null,
      });
  });

  test('of what may not be seen is refused; without service deployments it stands', async () => {
    const { rollouts, ecs } = await look({ services: [service('a')] });
    const denied = () => {
      throw new Refusal('AccessDeniedException');
    };
    ecs.answers['ListServiceDeployments'] = denied;
    const place = { ...home, cluster: 'c', service: 'a' };
    expect(await rollouts.snapshot(place, never)).toMatchObject({
      primary: 'ecs-svc/2',
      serviceDeployment: null,
    });
    ecs.answers['DescribeServices'] = denied;
    const { kind, problem } = await failure(rollouts.snapshot(place, never));
    expect([kind, problem.code]).toEqual(['refused', 'aws-refused']);
  });
});
