import { describe, expect, test } from 'vitest';
import { never } from '../stage.ts';
import { ask, home, look, seen, tasksOf } from './looking.ts';
import { definitionArn, deployment, service, ten } from './town.ts';

describe('a task', () => {
  const described = (ecs: { of: (operation: string) => Record<string, unknown>[] }) =>
    ecs.of('DescribeTasks').flatMap(({ tasks }) => (tasks as string[]).map((arn) => arn.split('/').at(-1)));

  test('that stopped is described once, one under test at every look, one of an old deployment once', async () => {
    const { rollouts, ecs } = await look({
      services: [
        service('a', {
          deployments: [deployment('ecs-svc/2'), deployment('ecs-svc/1', { status: 'ACTIVE' })],
        }),
      ],
      tasks: [
        { id: 'stopped', service: 'a', startedBy: 'ecs-svc/2', lastStatus: 'STOPPED' },
        { id: 'new', service: 'a', startedBy: 'ecs-svc/2' },
        { id: 'old', service: 'a', startedBy: 'ecs-svc/1' },
        { id: 'stopping', service: 'a', startedBy: 'ecs-svc/1', desiredStatus: 'STOPPED' },
      ],
    });
    await rollouts.observe(home, [ask('a')], never);
    expect(described(ecs).sort()).toEqual(['new', 'old', 'stopped', 'stopping']);
    ecs.forget();
    const [again] = await rollouts.observe(home, [ask('a')], never);
    expect(described(ecs).sort()).toEqual(['new', 'stopping']);
    expect(
      seen(again)
        .tasks.map(({ id }) => id)
        .sort(),
    ).toEqual(['new', 'old', 'stopped', 'stopping']);
  });

  test('is told by each of two looks at once', async () => {
    const { rollouts } = await look({ services: [service('a')], tasks: tasksOf('a', 2) });
    const both = await Promise.all([1, 2].map(() => rollouts.observe(home, [ask('a')], never)));
    expect(both.map(([one]) => seen(one).tasks.map(({ id }) => id))).toEqual([
      ['a-0', 'a-1'],
      ['a-0', 'a-1'],
    ]);
  });

  test('of an old deployment is described again once it is to stop', async () => {
    const { rollouts, ecs, town } = await look({
      services: [
        service('a', {
          deployments: [deployment('ecs-svc/2'), deployment('ecs-svc/1', { status: 'ACTIVE' })],
        }),
      ],
      tasks: [{ id: 'old', service: 'a', startedBy: 'ecs-svc/1' }],
    });
    await rollouts.observe(home, [ask('a')], never);
    town.tasks = [{ id: 'old', service: 'a', startedBy: 'ecs-svc/1', lastStatus: 'STOPPED' }];
    ecs.forget();
    const [again] = await rollouts.observe(home, [ask('a')], never);
    expect(described(ecs)).toEqual(['old']);
    expect(seen(again).tasks).toMatchObject([{ id: 'old', lastStatus: 'STOPPED' }]);
  });

  test('of nobody who was asked about is described once, and again when somebody asks', async () => {
    const { rollouts, ecs } = await look({
      services: [service('a'), service('b'), service('x')],
      tasks: [...tasksOf('a', 1), ...tasksOf('b', 1), ...tasksOf('x', 1)],
    });
    await rollouts.observe(home, [ask('a'), ask('b')], never);
    ecs.forget();
    await rollouts.observe(home, [ask('a'), ask('b')], never);
    expect(described(ecs)).toEqual(['a-0', 'b-0']);
    ecs.forget();
    const [x] = await rollouts.observe(home, [ask('x')], never);
    expect(seen(x).tasks).toMatchObject([{ id: 'x-0' }]);
  });

  test('that another deployment than PRIMARY made before the question is not told, but to an earlier one', async () => {
    const [old, primary] = ['ecs-svc/1', 'ecs-svc/2'];
    const before = { service: 'a', createdAt: ten - 60 };
    const { rollouts, ecs, town } = await look({
      services: [service('a')],
      tasks: [
        { ...before, id: 'running', startedBy: old },
        { ...before, id: 'stopped', startedBy: old, lastStatus: 'STOPPED' },
        { ...before, id: 'nobody', startedBy: '' },
        { ...before, id: 'primary', startedBy: primary },
        { service: 'a', id: 'new', startedBy: old },
        { service: 'a', id: 'unmade', startedBy: old, createdAt: null },
      ],
    });
    const toldSince = async (seconds: number) => {
      ecs.forget();
      const since = new Date(seconds * 1_000);
      const [answer] = await rollouts.observe(home, [{ ...ask('a'), since }], never);
      return seen(answer)
        .tasks.map(({ id }) => id)
        .sort();
    };
    const fresh = ['new', 'nobody', 'primary', 'unmade'];
    expect(await toldSince(ten)).toEqual(fresh);
    expect(await toldSince(ten)).toEqual(fresh);
    expect(described(ecs).filter((id) => id === 'running' || id === 'stopped')).toEqual([]);
    const all = [...fresh, 'running', 'stopped'].sort();
    expect(await toldSince(ten - 60)).toEqual(all);
    // What ran before is PRIMARY again.
    town.services = [service('a', { deployments: [deployment(old)] })];
    expect(await toldSince(ten)).toEqual(all.filter((id) => id !== 'primary'));
  });

  test('that ECS ceased to show is not shown', async () => {
    const { rollouts, ecs, town } = await look({ services: [service('a')], tasks: tasksOf('a', 2) });
    await rollouts.observe(home, [ask('a')], never);
    const describeTasks = ecs.answers['DescribeTasks'];
    ecs.answers['DescribeTasks'] = (input) => {
      town.tasks = town.tasks.slice(1);
      return describeTasks?.(input) ?? {};
    };
    const [again] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(again).tasks.map(({ id }) => id)).toEqual(['a-1']);
  });
});

describe('a task definition', () => {
  test('is read once, of PRIMARY and of the deployment under test', async () => {
    const { rollouts, ecs, town } = await look({
      services: [
        service('a', {
          deployments: [
            deployment('ecs-svc/3', { taskDefinition: definitionArn(3) }),
            deployment('ecs-svc/2', { status: 'ACTIVE' }),
            deployment('ecs-svc/1', { status: 'ACTIVE', taskDefinition: definitionArn(1) }),
          ],
        }),
      ],
      tasks: [{ id: 'new', service: 'a', startedBy: 'ecs-svc/2' }],
    });
    const [answer] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(answer).definitions.map(({ revision }) => revision)).toEqual([3, 2]);
    // The deployment under test is listed no more: its tasks still name it.
    town.services = [
      service('a', { deployments: [deployment('ecs-svc/3', { taskDefinition: definitionArn(3) })] }),
    ];
    const [later] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(later).definitions.map(({ revision }) => revision)).toEqual([3, 2]);
    expect(ecs.of('DescribeTaskDefinition')).toHaveLength(2);
  });

  test('is read of the newest deployment that is listed no more, where nobody knows the one under test', async () => {
    const { rollouts } = await look({
      services: [service('a', { deployments: [deployment('ecs-svc/3')] })],
      tasks: [
        {
          id: 'old',
          service: 'a',
          startedBy: 'ecs-svc/1',
          revision: 5,
          lastStatus: 'STOPPED',
          createdAt: ten - 60,
        },
        { id: 'new', service: 'a', startedBy: 'ecs-svc/2', revision: 7, lastStatus: 'STOPPED' },
      ],
    });
    const unknown = ask('a', null);
    const [answer] = await rollouts.observe(home, [unknown], never);
    expect(seen(answer).definitions.map(({ revision }) => revision)).toEqual([2, 7]);
    const [later] = await rollouts.observe(home, [{ ...unknown, deployment: 'ecs-svc/3' }], never);
    expect(seen(later).definitions.map(({ revision }) => revision)).toEqual([2]);
  });
});
