import { describe, expect, test } from 'vitest';
import { ecsClients } from '../../../../src/adapters/aws/place-clients.ts';
import { EcsRollouts } from '../../../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import type { Observation } from '../../../../src/core/rollout/observation.ts';
import type { Look } from '../../../../src/core/rollout/sources.ts';
import { failure, never, options } from '../stage.ts';
import { Refusal, stubEcs } from './stub-ecs.ts';
import {
  answersFor,
  definitionArn,
  deployment,
  emptyTown,
  service,
  serviceDeployment,
  serviceDeploymentArn,
  type Town,
  type TownTask,
  ten,
} from './town.ts';
import { fits, virtualTime } from './virtual-time.ts';

const home = { account: null, region: 'eu-west-1' };
const ask = (name: string, under: string | null = 'ecs-svc/2', cluster = 'c') => ({
  cluster,
  service: name,
  deployment: under,
});

async function look(town: Partial<Town>) {
  const time = virtualTime();
  const whole = { ...emptyTown(), ...town };
  const ecs = await stubEcs(answersFor(whole), time.now);
  const rollouts = new EcsRollouts(ecsClients(options, []), time);
  return { time, town: whole, ecs, rollouts };
}

function seen(answer: Look | undefined): Extract<Observation, { kind: 'service' }> {
  if (!answer || !('observation' in answer) || answer.observation.kind !== 'service')
    throw new Error(`No service: ${JSON.stringify(answer)}`);
  return answer.observation;
}

const tasksOf = (name: string, count: number, startedBy = 'ecs-svc/2'): TownTask[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${name}-${i}`, service: name, startedBy }));

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
    const unknown = { cluster: 'c', service: 'a', deployment: null };
    const [answer] = await rollouts.observe(home, [unknown], never);
    expect(seen(answer).definitions.map(({ revision }) => revision)).toEqual([2, 7]);
    const [later] = await rollouts.observe(home, [{ ...unknown, deployment: 'ecs-svc/3' }], never);
    expect(seen(later).definitions.map(({ revision }) => revision)).toEqual([2]);
  });
});

describe('service deployments', () => {
  const under = (members: Record<string, unknown> = {}) => ({
    services: [service('a', members)],
    serviceDeployments: {
      a: [serviceDeployment('1', { createdAt: ten - 9_000, status: 'SUCCESSFUL' }), serviceDeployment('2')],
    },
  });

  test('are listed at the first look; those that have not ended are described at each', async () => {
    const { rollouts, ecs, town } = await look(under());
    const [first] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(first).serviceDeployments.map(({ status }) => status)).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
    expect(ecs.of('ListServiceDeployments')).toEqual([
      { cluster: 'c', service: 'a', createdAt: { after: ten - 86_400 } },
    ]);
    ecs.forget();
    town.serviceDeployments['a'] = [serviceDeployment('2', { status: 'STOP_REQUESTED' })];
    const [second] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(second).serviceDeployments.map(({ status }) => status)).toEqual([
      'STOP_REQUESTED',
      'SUCCESSFUL',
    ]);
    expect(ecs.of('ListServiceDeployments')).toEqual([]);
    expect(ecs.of('DescribeServiceDeployments')).toEqual([
      { serviceDeploymentArns: [serviceDeploymentArn('2')] },
    ]);
    expect(ecs.of('DescribeServiceRevisions')).toEqual([]);
  });

  test.each<[string, ReturnType<typeof deployment>[]]>([
    ['PRIMARY is another', [deployment('ecs-svc/3'), deployment('ecs-svc/2', { status: 'ACTIVE' })]],
    ['a deployment FAILED', [deployment('ecs-svc/2', { rolloutState: 'FAILED' })]],
    [
      'the circuit breaker struck',
      [
        deployment('ecs-svc/2', {
          rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
        }),
      ],
    ],
    [
      'it is being rolled back',
      [
        deployment('ecs-svc/2', {
          rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
        }),
      ],
    ],
  ])('are listed again, once, when %s', async (_, deployments) => {
    const { rollouts, ecs, town } = await look(under());
    await rollouts.observe(home, [ask('a')], never);
    town.services = [service('a', { deployments })];
    ecs.forget();
    await rollouts.observe(home, [ask('a')], never);
    await rollouts.observe(home, [ask('a')], never);
    expect(ecs.of('ListServiceDeployments')).toHaveLength(1);
  });

  test('are listed again, once, when the deployment under test is gone', async () => {
    const primary = deployment('ecs-svc/3');
    const { rollouts, ecs, town } = await look(
      under({ deployments: [primary, deployment('ecs-svc/2', { status: 'ACTIVE' })] }),
    );
    await rollouts.observe(home, [ask('a')], never);
    town.services = [service('a', { deployments: [primary] })];
    ecs.forget();
    await rollouts.observe(home, [ask('a')], never);
    await rollouts.observe(home, [ask('a')], never);
    expect(ecs.of('ListServiceDeployments')).toHaveLength(1);
  });

  test('get the digests of their images once they were pulled', async () => {
    const { rollouts, ecs, time } = await look(under());
    const [revisions, digest] = [ecs.answers['DescribeServiceRevisions'], `sha256:${'b'.repeat(64)}`];
    ecs.answers['DescribeServiceRevisions'] = ({ serviceRevisionArns }) => ({
      serviceRevisions: (serviceRevisionArns as string[]).map((serviceRevisionArn) => ({
        serviceRevisionArn,
        containerImages: [{ containerName: 'app', image: 'app:2' }],
      })),
    });
    const digests = async () =>
      seen((await rollouts.observe(home, [ask('a')], never))[0]).serviceDeployments[0]?.targetDigests;
    expect(await digests()).toMatchObject([{ container: 'app', digest: null }]);
    ecs.answers['DescribeServiceRevisions'] = revisions ?? (() => ({}));
    expect(await digests()).toMatchObject([{ digest: null }]);
    time.advance(30_000);
    expect(await digests()).toMatchObject([{ digest }]);
    time.advance(30_000);
    await digests();
    expect(ecs.of('DescribeServiceRevisions')).toHaveLength(2);
  });

  test('are listed again while traffic shifts and the newest that is known is over', async () => {
    const blueGreen = { deploymentConfiguration: { strategy: 'BLUE_GREEN' } };
    const { rollouts, ecs, town } = await look({
      services: [service('a', blueGreen)],
      serviceDeployments: { a: [serviceDeployment('1', { status: 'SUCCESSFUL' })] },
    });
    await rollouts.observe(home, [ask('a')], never);
    town.serviceDeployments['a']?.push(
      serviceDeployment('2', { createdAt: ten + 1, lifecycleStage: 'BAKE_TIME' }),
    );
    const [second] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(second).serviceDeployments[0]).toMatchObject({ status: 'IN_PROGRESS', stage: 'BAKE_TIME' });
    await rollouts.observe(home, [ask('a')], never);
    expect(ecs.of('ListServiceDeployments')).toHaveLength(2);
  });

  test('of many services are described twenty in a call', async () => {
    const names = Array.from({ length: 45 }, (_, i) => `s${i}`);
    const { rollouts, ecs } = await look({
      services: names.map((name) => service(name)),
      serviceDeployments: Object.fromEntries(names.map((name) => [name, [serviceDeployment(name)]])),
    });
    await rollouts.observe(
      home,
      names.map((name) => ask(name)),
      never,
    );
    const sizes = ecs
      .of('DescribeServiceDeployments')
      .map(({ serviceDeploymentArns: arns }) => (arns as string[]).length);
    expect(sizes.sort((a, b) => b - a)).toEqual([20, 20, 5]);
  });

  test.each(['ListServiceDeployments', 'DescribeServiceDeployments'])(
    'are none where %s is denied, and that is not asked again for a while',
    async (operation) => {
      const { rollouts, ecs, time } = await look(under());
      ecs.answers[operation] = () => {
        throw new Refusal('AccessDeniedException');
      };
      for (const _ of [1, 2]) {
        const [answer] = await rollouts.observe(home, [ask('a')], never);
        expect(seen(answer).serviceDeployments).toEqual([]);
      }
      expect(ecs.of(operation)).toHaveLength(1);
      time.advance(600_000);
      await rollouts.observe(home, [ask('a')], never);
      expect(ecs.of(operation)).toHaveLength(2);
    },
  );

  test('stay known without their images where revisions may not be read', async () => {
    const { rollouts, ecs } = await look(under());
    ecs.answers['DescribeServiceRevisions'] = () => {
      throw new Refusal('AccessDeniedException');
    };
    const [answer] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(answer).serviceDeployments[0]).toMatchObject({
      targetTaskDefinition: null,
      targetDigests: [],
    });
  });

  test('say who is awaited, what alarms and why it is rolled back', async () => {
    const { rollouts } = await look({
      services: [service('a')],
      serviceDeployments: {
        a: [
          serviceDeployment('2', {
            status: 'ROLLBACK_IN_PROGRESS',
            statusReason: 'Alarm.',
            alarms: { status: 'TRIGGERED', alarmNames: ['x', 'y'], triggeredAlarmNames: ['x'] },
            deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 1, threshold: 3 },
            rollback: { reason: 'Alarm x', serviceRevisionArn: 'arn:revision' },
            lifecycleHookDetails: [
              { hookId: 'h1', status: 'AWAITING_ACTION' },
              { hookId: 'h2', status: 'SUCCEEDED' },
            ],
          }),
        ],
      },
    });
    const [answer] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(answer).serviceDeployments).toMatchObject([
      {
        statusReason: 'Alarm.',
        alarms: { status: 'TRIGGERED', triggered: ['x'] },
        circuitBreaker: { status: 'MONITORING', failures: 1, threshold: 3 },
        rollback: { reason: 'Alarm x', to: 'arn:revision' },
        awaiting: ['h1'],
      },
    ]);
  });

  test('are not asked for where CODE_DEPLOY moves the service', async () => {
    const { rollouts, ecs } = await look({
      services: [
        service('a', {
          deploymentController: { type: 'CODE_DEPLOY' },
          deployments: [],
          taskSets: [
            {
              id: 'ecs-svc/7',
              status: 'PRIMARY',
              taskDefinition: definitionArn(7),
              stabilityStatus: 'STEADY_STATE',
              createdAt: ten,
            },
          ],
        }),
      ],
    });
    const [answer] = await rollouts.observe(home, [ask('a', null)], never);
    expect(seen(answer).service.taskSets).toMatchObject([{ id: 'ecs-svc/7', stability: 'STEADY_STATE' }]);
    expect(seen(answer).definitions).toMatchObject([{ revision: 7 }]);
    expect(ecs.of('ListServiceDeployments')).toEqual([]);
  });
});

describe('what is refused', () => {
  test('for one service spoils no other, and is not asked again for a minute', async () => {
    const { rollouts, ecs, time } = await look({ services: [service('a'), service('b')] });
    const describeServices = ecs.answers['DescribeServices'];
    ecs.answers['DescribeServices'] = (input) => {
      if ((input['services'] as string[]).includes('b')) throw new Refusal('AccessDeniedException', 'Not b.');
      return describeServices?.(input) ?? {};
    };
    const questions = [ask('a'), ask('b'), ask('c')];
    const answers = await rollouts.observe(home, questions, never);
    expect(seen(answers[0]).service.status).toBe('ACTIVE');
    expect(answers[1]).toMatchObject({
      observation: { kind: 'nothing', why: 'denied', said: expect.stringContaining('Not b.') },
    });
    expect(answers[2]).toMatchObject({
      observation: { kind: 'nothing', why: 'no-service', said: 'MISSING' },
    });
    expect(ecs.of('DescribeServices')).toHaveLength(4);
    ecs.forget();
    expect((await rollouts.observe(home, questions, never))[1]).toMatchObject({
      observation: { why: 'denied' },
    });
    expect(ecs.of('DescribeServices')).toEqual([{ cluster: 'c', services: ['a', 'c'] }]);
    time.advance(60_000);
    ecs.forget();
    await rollouts.observe(home, questions, never);
    expect(ecs.of('DescribeServices')).toHaveLength(4);
  });

  test('for a cluster that is not there is told of its services alone', async () => {
    const { rollouts, ecs } = await look({ services: [service('a')] });
    const describeServices = ecs.answers['DescribeServices'];
    ecs.answers['DescribeServices'] = (input) => {
      if (input['cluster'] === 'none') throw new Refusal('ClusterNotFoundException');
      return describeServices?.(input) ?? {};
    };
    const answers = await rollouts.observe(
      home,
      [ask('x', null, 'none'), ask('y', null, 'none'), ask('a')],
      never,
    );
    expect(answers[0]).toMatchObject({ observation: { kind: 'nothing', why: 'no-cluster' } });
    expect(answers[1]).toMatchObject({ observation: { kind: 'nothing', why: 'no-cluster' } });
    expect(seen(answers[2]).service.status).toBe('ACTIVE');
    expect(ecs.of('DescribeServices')).toHaveLength(2);
  });

  test.each(['ListTasks', 'DescribeTasks', 'DescribeTaskDefinition'])(
    'in %s leaves nothing to judge by: denied',
    async (operation) => {
      const { rollouts, ecs } = await look({ services: [service('a')], tasks: tasksOf('a', 1) });
      ecs.answers[operation] = () => {
        throw new Refusal('AccessDeniedException');
      };
      const [answer] = await rollouts.observe(home, [ask('a')], never);
      expect(answer).toMatchObject({ observation: { kind: 'nothing', why: 'denied' } });
    },
  );

  test('for a cluster’s tasks spoils no other cluster', async () => {
    const { rollouts, ecs } = await look({ services: [service('a')], tasks: tasksOf('a', 1) });
    const listTasks = ecs.answers['ListTasks'];
    ecs.answers['ListTasks'] = (input) => {
      if (input['cluster'] === 'ill') throw new Refusal('ServerException', 'ill', 500);
      return listTasks?.(input) ?? {};
    };
    const [ill, well] = await rollouts.observe(home, [ask('a', null, 'ill'), ask('a')], never);
    expect(ill).toMatchObject({ error: { kind: 'unreachable' } });
    expect(seen(well).tasks).toHaveLength(1);
  });

  test('because AWS does not know who asks is asked once', async () => {
    const { rollouts, ecs } = await look({});
    ecs.answers['DescribeServices'] = () => {
      throw new Refusal('UnrecognizedClientException');
    };
    const answers = await rollouts.observe(home, [ask('a'), ask('b')], never);
    expect(answers).toMatchObject([{ error: { kind: 'refused' } }, { error: { kind: 'refused' } }]);
    expect(ecs.of('DescribeServices')).toHaveLength(1);
  });

  test('because the catalogue has no such account is an error of every question', async () => {
    const { rollouts } = await look({});
    const answers = await rollouts.observe(
      { account: 'nowhere', region: 'eu-west-1' },
      [ask('a'), ask('b')],
      never,
    );
    expect(answers).toMatchObject([{ error: { kind: 'refused' } }, { error: { kind: 'refused' } }]);
  });
});

describe('a throttle', () => {
  test('is waited for, longer each time, and then the look goes on', async () => {
    const { rollouts, ecs, time } = await look({ services: [service('a')] });
    const describeServices = ecs.answers['DescribeServices'];
    let refusals = 4;
    ecs.answers['DescribeServices'] = (input) => {
      refusals -= 1;
      if (refusals >= 0) throw new Refusal('ThrottlingException', 'Rate exceeded');
      return describeServices?.(input) ?? {};
    };
    const [answer] = await rollouts.observe(home, [ask('a')], never);
    expect(seen(answer).service.status).toBe('ACTIVE');
    // One request each time: the SDK does not repeat a throttled one by itself.
    expect(ecs.of('DescribeServices')).toHaveLength(5);
    expect(rollouts.callsMade()).toMatchObject({ DescribeServices: 5 });
    const longest = [1_000, 2_000, 4_000, 8_000];
    for (const [i, most] of longest.entries()) {
      expect(time.pauses[i]).toBeGreaterThanOrEqual(most / 2);
      expect(time.pauses[i]).toBeLessThanOrEqual(most);
    }
  });

  test('holds everybody at the same bucket, in other workers too', async () => {
    const { rollouts, ecs, time } = await look({ services: [service('a')] });
    const describeServices = ecs.answers['DescribeServices'];
    ecs.answers['DescribeServices'] = () => {
      ecs.answers['DescribeServices'] = describeServices ?? (() => ({}));
      throw new Refusal('ThrottlingException', 'Rate exceeded');
    };
    const before = time.now().getTime();
    await rollouts.observe(home, [ask('a')], never);
    const other = new EcsRollouts(ecsClients(options, []), time);
    await other.observe(home, [ask('a')], never);
    const times = ecs.calls
      .filter(({ operation }) => operation === 'DescribeServices')
      .map(({ at }) => at - before);
    expect(times).toHaveLength(3);
    expect(times[1]).toBeGreaterThanOrEqual(500);
    // And one spacing behind: 16 a second.
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(62.5);
  });

  test('that never ends is waited for until the caller ends it, with the caller’s reason', async () => {
    const { rollouts, ecs } = await look({ services: [service('a')] });
    const reason = new Error('enough');
    const stop = new AbortController();
    ecs.answers['DescribeServices'] = () => {
      if (ecs.calls.length === 12) stop.abort(reason);
      throw new Refusal('ThrottlingException', 'Rate exceeded');
    };
    await expect(rollouts.observe(home, [ask('a')], stop.signal)).rejects.toBe(reason);
    expect(ecs.calls).toHaveLength(12);
  });
});

test('a look at 300 services stays within what AWS grants, from the first call on', async () => {
  const names = Array.from({ length: 300 }, (_, i) => `s${i}`);
  const { rollouts, ecs, time } = await look({
    services: names.map((name, i) =>
      service(name, { deployments: [deployment('ecs-svc/2', { taskDefinition: definitionArn(i) })] }),
    ),
    tasks: names.flatMap((name) => tasksOf(name, 2)),
    serviceDeployments: Object.fromEntries(names.map((name) => [name, [serviceDeployment(name)]])),
  });
  const questions = names.map((name) => ask(name));
  const start = time.now().getTime();
  for (const _ of [1, 2, 3]) {
    const answers = await rollouts.observe(home, questions, never);
    expect(answers.map((answer) => seen(answer).tasks.length)).toEqual(names.map(() => 2));
  }
  const times = (...operations: string[]) =>
    ecs.calls.filter(({ operation }) => operations.includes(operation)).map(({ at }) => at);
  expect(fits(times('DescribeServices'), { burst: 80, perSecond: 16 })).toBe(true);
  expect(fits(times('ListTasks', 'DescribeTasks'), { burst: 80, perSecond: 16 })).toBe(true);
  const ofDeployments = times(
    'ListServiceDeployments',
    'DescribeServiceDeployments',
    'DescribeServiceRevisions',
  );
  expect(fits(ofDeployments, { burst: 40, perSecond: 16 })).toBe(true);
  expect(fits(times('DescribeTaskDefinition'), { burst: 40, perSecond: 16 })).toBe(true);
  expect(rollouts.callsMade()).toEqual({
    DescribeServices: 90,
    ListTasks: 21,
    DescribeTasks: 18,
    DescribeTaskDefinition: 300,
    ListServiceDeployments: 300,
    DescribeServiceDeployments: 45,
    DescribeServiceRevisions: 15,
  });
  expect(time.now().getTime() - start).toBeLessThan(30_000);
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
