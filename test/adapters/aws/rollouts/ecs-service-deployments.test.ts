import { describe, expect, test } from 'vitest';
import { never } from '../stage.ts';
import { ask, home, look, seen } from './looking.ts';
import { Refusal } from './stub-ecs.ts';
import { definitionArn, deployment, service, serviceDeployment, serviceDeploymentArn, ten } from './town.ts';

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
