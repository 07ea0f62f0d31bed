import { describe, expect, test } from 'vitest';
import { ecsClients } from '../../../../src/adapters/aws/ecs-clients.ts';
import { EcsRollouts } from '../../../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import { never, options } from '../stage.ts';
import { ask, home, look, seen, tasksOf } from './looking.ts';
import { Refusal } from './stub-ecs.ts';
import { definitionArn, deployment, service, serviceDeployment } from './town.ts';
import { fits } from './virtual-time.ts';

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
