import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListContainerInstancesCommand,
  ListServiceDeploymentsCommand,
  type ListServiceDeploymentsCommandOutput,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { rolling } from './rolling.ts';
import { cluster, service, started } from './started.ts';

const arn = 'arn:aws:ecs:eu-west-1:123456789012';

describe('a service deployment', () => {
  test.each([
    ['healthy', 100, 'IN_PROGRESS'],
    ['healthy', 275, 'SUCCESSFUL'],
    ['crash-loop', 75, 'ROLLBACK_IN_PROGRESS'],
    ['crash-loop', 115, 'ROLLBACK_SUCCESSFUL'],
    ['rolled-back', 0, 'ROLLBACK_SUCCESSFUL'],
    ['rollback-by-person', 45, 'ROLLBACK_REQUESTED'],
    ['rollback-fails', 130, 'ROLLBACK_FAILED'],
    ['stopped', 40, 'STOP_REQUESTED'],
    ['stopped', 60, 'STOPPED'],
    ['crash-no-rollback', 75, 'STOPPED'],
  ])('of %s after %s s is %s', async (script, seconds, status) => {
    const at = await rolling();
    const { serviceDeployment } = await at.deploy({ script });
    await at.goTo(seconds);
    expect(await at.rollout()).toMatchObject({ serviceDeploymentArn: serviceDeployment, status });
  });

  test('that is rolled back says why, to what, and how often tasks failed', async () => {
    const at = await rolling();
    await at.deploy({ script: 'crash-loop' });
    await at.goTo(35);
    expect(await at.rollout()).toMatchObject({
      deploymentCircuitBreaker: { status: 'MONITORING', failureCount: 2, threshold: 3 },
    });
    await at.goTo(115);
    const found = await at.rollout();
    expect(found).toMatchObject({
      statusReason: expect.stringContaining('circuit breaker'),
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3, threshold: 3 },
      rollback: { reason: expect.stringContaining('circuit breaker') },
      finishedAt: expect.any(Date),
    });
    expect(found?.rollback?.serviceRevisionArn).toBe(found?.sourceServiceRevisions?.[0]?.arn);
    expect((await at.described()).deployments?.[0]).toMatchObject({
      rolloutStateReason: expect.stringMatching(/^ECS deployment ecs-svc\/\d+ completed\.$/),
    });
  });

  test('says where it goes back to while it does', async () => {
    const at = await rolling();
    const { before } = await at.deploy({ script: 'crash-loop' });
    await at.goTo(80);
    const [primary, failed] = (await at.described()).deployments ?? [];
    expect(primary?.rolloutStateReason).toBe(
      `ECS deployment circuit breaker: rolling back to deploymentId ${before}.`,
    );
    expect(failed?.rolloutStateReason).toBe('ECS deployment circuit breaker: tasks failed to start.');
  });

  test('names the alarm that went off', async () => {
    const at = await rolling();
    await at.deploy({ script: 'rollback-by-alarm' });
    await at.goTo(95);
    expect((await at.rollout())?.alarms).toEqual({
      status: 'TRIGGERED',
      alarmNames: ['manage-5xx-rate'],
      triggeredAlarmNames: ['manage-5xx-rate'],
    });
    expect((await at.described()).deploymentConfiguration?.alarms).toMatchObject({ enable: true });
  });

  test.each([
    ['blue-green', 100, 'SCALE_UP', 0],
    ['blue-green', 300, 'BAKE_TIME', 100],
    ['blue-green', 520, 'CLEAN_UP', 100],
    ['canary', 300, 'PRODUCTION_TRAFFIC_SHIFT', 10],
    ['linear', 320, 'PRODUCTION_TRAFFIC_SHIFT', 60],
    ['hook-awaiting', 1000, 'POST_TEST_TRAFFIC_SHIFT', 0],
  ])('of %s after %s s is at %s with %s %% of the traffic', async (script, seconds, stage, percent) => {
    const at = await rolling();
    await at.deploy({ script });
    await at.goTo(seconds);
    expect(await at.rollout()).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: stage,
      targetServiceRevision: { requestedProductionTrafficWeight: percent },
    });
  });

  test('that waits for somebody says so', async () => {
    const at = await rolling();
    await at.deploy({ script: 'hook-awaiting' });
    await at.goTo(1000);
    expect((await at.rollout())?.lifecycleHookDetails).toMatchObject([{ status: 'AWAITING_ACTION' }]);
  });
});

test('a list is newest first, by status and time, page by page', async () => {
  const at = await rolling();
  for (let i = 0; i < 4; i += 1) {
    await at.deploy({ script: 'healthy-fast' });
    await at.goTo(20);
  }
  await at.deploy({ script: 'healthy' });
  const pages: number[] = [];
  const times: number[] = [];
  const asked = { cluster, service };
  let token: { nextToken?: string } | null = {};
  while (token) {
    const page: ListServiceDeploymentsCommandOutput = await at.ecsClient.send(
      new ListServiceDeploymentsCommand({ ...asked, maxResults: 4, ...token }),
    );
    pages.push(page.serviceDeployments?.length ?? 0);
    times.push(...(page.serviceDeployments ?? []).map(({ createdAt }) => createdAt?.getTime() ?? 0));
    token = page.nextToken === undefined ? null : { nextToken: page.nextToken };
  }
  expect(pages).toEqual([4, 2]);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  const some = await at.ecsClient.send(
    new ListServiceDeploymentsCommand({ ...asked, status: ['IN_PROGRESS'] }),
  );
  expect(some.serviceDeployments).toHaveLength(1);
  const recent = await at.ecsClient.send(
    new ListServiceDeploymentsCommand({ ...asked, createdAt: { after: new Date((times[2] ?? 0) + 1) } }),
  );
  expect(recent.serviceDeployments).toHaveLength(2);
});

test('what is not there is a failure MISSING beside what is', async () => {
  const at = await rolling();
  const { serviceDeployment } = await at.deploy({ script: 'healthy' });
  const missing = `${arn}:service-deployment/${cluster}/${service}/nothing`;
  const deployments = await at.ecsClient.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [serviceDeployment ?? '', missing] }),
  );
  expect(deployments.serviceDeployments).toHaveLength(1);
  expect(deployments.failures).toEqual([{ arn: missing, reason: 'MISSING' }]);
  const none = `${arn}:service-revision/${cluster}/${service}/1`;
  const revisions = await at.ecsClient.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [none] }),
  );
  expect(revisions.failures).toEqual([{ arn: none, reason: 'MISSING' }]);
});

test('container instances are listed as many as there are', async () => {
  const { ecs, control } = await started();
  await control.setInstances({ cluster, count: 3 });
  const answer = await ecs().send(new ListContainerInstancesCommand({ cluster, maxResults: 2 }));
  expect(answer.containerInstanceArns).toHaveLength(2);
  const { nextToken = '' } = answer;
  const rest = await ecs().send(new ListContainerInstancesCommand({ cluster, maxResults: 2, nextToken }));
  expect(rest.containerInstanceArns).toHaveLength(1);
  expect(rest).not.toHaveProperty('nextToken', expect.anything());
});

describe('ECS refuses', () => {
  const many = (kind: string) =>
    Array.from({ length: 21 }, (_, i) => `${arn}:${kind}/${cluster}/${service}/${i}`);

  test.each([
    [
      '21 service deployments',
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: many('service-deployment') }),
      'InvalidParameterException',
    ],
    [
      'no service deployments',
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [] }),
      'InvalidParameterException',
    ],
    [
      'an ARN of another account',
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [
          `arn:aws:ecs:eu-west-1:999999999999:service-deployment/${cluster}/${service}/1`,
        ],
      }),
      'InvalidParameterException',
    ],
    [
      '21 revisions',
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: many('service-revision') }),
      'InvalidParameterException',
    ],
    [
      'an ARN of something else',
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [`${arn}:service/${cluster}/${service}`] }),
      'InvalidParameterException',
    ],
    [
      'to list those of an unknown service',
      new ListServiceDeploymentsCommand({ cluster, service: 'nothing' }),
      'ServiceNotFoundException',
    ],
    [
      'a status that there is not',
      new ListServiceDeploymentsCommand({ cluster, service, status: ['DONE' as 'STOPPED'] }),
      'InvalidParameterException',
    ],
    [
      'container instances of an unknown cluster',
      new ListContainerInstancesCommand({ cluster: 'nowhere' }),
      'ClusterNotFoundException',
    ],
  ])('%s', async (_, command, name) => {
    const { ecs } = await started();
    const sent = ecs().send(command as DescribeServiceDeploymentsCommand);
    await expect(sent).rejects.toMatchObject({ name });
  });

  test('to list those of a service that CodeDeploy moves', async () => {
    const { ecs, control } = await started();
    await control.addService({ cluster, name: 'moved', image: 'example/moved:1', controller: 'CODE_DEPLOY' });
    const sent = ecs().send(new ListServiceDeploymentsCommand({ cluster, service: 'moved' }));
    await expect(sent).rejects.toMatchObject({ name: 'UnsupportedFeatureException' });
  });
});

test('they share one bucket, and nobody else takes from it', async () => {
  const { ecs } = await started({ limits: { serviceDeployments: { burst: 1, perSecond: 0.001 } } });
  const client = ecs();
  const list = new ListServiceDeploymentsCommand({ cluster, service });
  const { serviceDeployments = [] } = await client.send(list);
  const arns = serviceDeployments.map(({ serviceDeploymentArn = '' }) => serviceDeploymentArn);
  const describeThem = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns });
  await expect(client.send(describeThem)).rejects.toMatchObject({ name: 'ThrottlingException' });
  await client.send(new ListContainerInstancesCommand({ cluster }));
});
