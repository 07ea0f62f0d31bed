import {
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { rolling } from './rolling.ts';
import { cluster, service } from './started.ts';

describe('a task that fails says why', () => {
  test.each([
    ['crash-loop', 40, 'EssentialContainerExited', /^Essential container in task exited$/, 1, undefined],
    ['exit-zero', 40, 'EssentialContainerExited', /^Essential container in task exited$/, 0, undefined],
    [
      'out-of-memory',
      40,
      'EssentialContainerExited',
      /^Essential container in task exited$/,
      137,
      /^OutOfMemoryError: Container killed due to memory usage$/,
    ],
    ['killed', 40, 'EssentialContainerExited', /^Essential container in task exited$/, 137, undefined],
    [
      'image-pull',
      50,
      'TaskFailedToStart',
      /^CannotPullContainerError: .*registry\.example\/core:new: not found$/,
      undefined,
      /^CannotPullContainerError/,
    ],
    [
      'missing-secret',
      40,
      'TaskFailedToStart',
      /^ResourceInitializationError: unable to pull secrets .*arn:aws:secretsmanager:eu-west-1:123456789012:secret:bf-manage-core\/database/,
      undefined,
      undefined,
    ],
    [
      'eni',
      45,
      'TaskFailedToStart',
      /^ResourceInitializationError: failed to configure ENI/,
      undefined,
      undefined,
    ],
    [
      'log-group-missing',
      40,
      'TaskFailedToStart',
      /^ResourceInitializationError: failed to validate logger args.*log group does not exist/,
      undefined,
      undefined,
    ],
    [
      'cannot-start',
      35,
      'TaskFailedToStart',
      /^Task failed to start$/,
      undefined,
      /^CannotStartContainerError/,
    ],
    ['exec-format', 35, 'TaskFailedToStart', /^Task failed to start$/, undefined, /exec format error$/],
    [
      'elb-health',
      180,
      'ServiceSchedulerInitiated',
      /^Task failed ELB health checks in \(target-group arn:aws:elasticloadbalancing:/,
      143,
      undefined,
    ],
    [
      'container-health',
      135,
      'ServiceSchedulerInitiated',
      /^Task failed container health checks$/,
      143,
      undefined,
    ],
  ])('%s', async (script, seconds, stopCode, stoppedReason, exitCode, reason) => {
    const at = await rolling();
    const { deployment } = await at.deploy({ script });
    await at.goTo(seconds);
    const [first] = await at.tasksOf(deployment);
    expect(first).toMatchObject({
      stopCode,
      stoppedReason: expect.stringMatching(stoppedReason),
      desiredStatus: 'STOPPED',
      stoppingAt: expect.any(Date),
    });
    const [container] = first?.containers ?? [];
    expect(container?.exitCode).toBe(exitCode);
    if (reason) expect(container?.reason).toMatch(reason);
    else expect(container).not.toHaveProperty('reason');
  });

  test('and where the group is missing, the logs say so too', async () => {
    const at = await rolling();
    const { taskDefinition } = await at.deploy({ script: 'log-group-missing' });
    const answer = await at.ecsClient.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    const group =
      answer.taskDefinition?.containerDefinitions?.[0]?.logConfiguration?.options?.['awslogs-group'];
    await expect(at.lines(group)).rejects.toThrow('The specified log group does not exist.');
  });
});

test('a task of a crash loop goes through every status, and its times are those of the clock', async () => {
  const at = await rolling();
  const { deployment } = await at.deploy({ script: 'crash-loop' });
  const seen: string[] = [];
  for (let seconds = 1; seconds < 48; seconds += 1) {
    await at.goTo(seconds);
    const [first] = await at.tasksOf(deployment);
    const status = first?.lastStatus ?? '';
    if (status !== seen.at(-1)) seen.push(status);
  }
  expect(seen).toEqual(['', 'PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'DEPROVISIONING', 'STOPPED']);
  const [first] = await at.tasksOf(deployment);
  const ms = (from?: Date, to?: Date) => (to?.getTime() ?? 0) - (from?.getTime() ?? 0);
  expect(ms(first?.createdAt, first?.startedAt)).toBe(26_000);
  expect(ms(first?.startedAt, first?.stoppingAt)).toBe(4000);
  expect(ms(first?.stoppingAt, first?.stoppedAt)).toBe(12_000);
});

test('an old task leaves for the new deployment, and is drained from the load balancer', async () => {
  const at = await rolling();
  const begun = await at.deploy({ script: 'healthy' });
  const seen: string[] = [];
  for (let seconds = 180; seconds < 275; seconds += 1) {
    await at.goTo(seconds);
    const [old] = await at.tasksOf(begun.before);
    if (old?.lastStatus !== seen.at(-1)) seen.push(old?.lastStatus ?? '');
  }
  expect(seen).toEqual(['RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']);
  const [old] = await at.tasksOf(begun.before);
  expect(old).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Scaling activity initiated by (deployment ${begun.deployment})`,
    containers: [{ exitCode: 0 }],
  });
});

test('tasks that end are neither running nor pending, and are listed as STOPPED', async () => {
  const at = await rolling();
  const { before } = await at.deploy({ script: 'healthy' });
  await at.goTo(200);
  expect(await at.described()).toMatchObject({ runningCount: 2, pendingCount: 0 });
  const list = async (desiredStatus: 'RUNNING' | 'STOPPED') =>
    (await at.ecsClient.send(new ListTasksCommand({ cluster, serviceName: service, desiredStatus })))
      .taskArns;
  const ending = (await at.tasksOf(before)).map(({ taskArn }) => taskArn);
  expect(await list('STOPPED')).toEqual(ending);
  expect(await list('RUNNING')).toHaveLength(2);
});

test('a container health check is UNKNOWN, then HEALTHY; one that fails is UNHEALTHY', async () => {
  const at = await rolling();
  const { deployment } = await at.deploy({ script: 'healthy', healthCheck: true });
  const health = async () => (await at.tasksOf(deployment)).map(({ healthStatus }) => healthStatus);
  await at.goTo(40);
  expect(await health()).toEqual(['UNKNOWN', 'UNKNOWN']);
  await at.goTo(62);
  expect(await health()).toEqual(['HEALTHY', 'HEALTHY']);
  const next = await at.deploy({ script: 'container-health' });
  await at.goTo(123);
  const unhealthy = await at.tasksOf(next.deployment);
  expect(unhealthy.map(({ healthStatus }) => healthStatus)).toEqual(['UNHEALTHY', 'UNHEALTHY']);
});

describe('events', () => {
  test('tell of a rollout that goes well, newest first', async () => {
    const at = await rolling();
    const { deployment } = await at.deploy({ script: 'healthy' });
    await at.goTo(275);
    const events = (await at.described()).events ?? [];
    const said = events.map(({ message = '' }) => message.replaceAll(/[0-9a-f]{32}/g, 'ID'));
    const group =
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/bf-manage-core/943f017f100becff';
    expect(said.slice(0, 7)).toEqual(
      [
        'has reached a steady state.',
        `(deployment ${deployment}) deployment completed.`,
        'has stopped 2 running tasks: (task ID) (task ID).',
        'has begun draining connections on 2 tasks.',
        `deregistered 2 targets in (target-group ${group})`,
        `registered 2 targets in (target-group ${group})`,
        'has started 2 tasks: (task ID) (task ID).',
      ].map((text) => `(service ${service}) ${text}`),
    );
    for (const { id } of events) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test('tell of a crash loop and of the way back', async () => {
    const at = await rolling();
    const { deployment, before } = await at.deploy({ script: 'crash-loop' });
    await at.goTo(115);
    const said = await at.events();
    expect(said).toContain(
      `(service ${service}) (deployment ${deployment}) deployment failed: tasks failed to start.`,
    );
    expect(said).toContain(`(service ${service}) rolling back to deployment ${before}.`);
    expect(said.filter((text) => text.includes('is unable to consistently start tasks'))).toHaveLength(1);
  });

  test.each([
    ['placement', 15, 'was unable to place a task because no container instance met all'],
    ['missing-secret', 40, 'was unable to place a task. Reason: ResourceInitializationError'],
    ['elb-health', 110, 'is unhealthy in (target-group'],
    ['container-health', 125, 'failed container health checks.'],
  ])('tell of %s', async (script, seconds, text) => {
    const at = await rolling();
    await at.deploy({ script });
    await at.goTo(seconds);
    expect((await at.events()).some((message) => message.includes(text))).toBe(true);
  });

  test('are a hundred at most', async () => {
    const at = await rolling();
    for (let i = 0; i < 30; i += 1) {
      await at.deploy({ script: 'healthy-fast' });
      await at.goTo(20);
    }
    expect(await at.events()).toHaveLength(100);
  });
});

test('the count of failed tasks begins again when one runs', async () => {
  const at = await rolling();
  const { deployment } = await at.deploy({ script: 'crash-no-breaker' });
  const failed = async () =>
    (await at.described()).deployments?.find(({ id }) => id === deployment)?.failedTasks;
  await at.goTo(35);
  expect(await failed()).toBe(2);
  await at.goTo(70);
  expect(await failed()).toBe(0);
  await at.goTo(75);
  expect(await failed()).toBe(4);
});

test('a crash loop without an end pauses longer and longer', async () => {
  const at = await rolling();
  const { deployment } = await at.deploy({ script: 'crash-no-breaker', desired: 1 });
  await at.goTo(1800);
  const began = (await at.tasksOf(deployment)).map(({ createdAt }) => createdAt?.getTime() ?? 0).sort();
  const gaps = began.slice(1).map((time, i) => time - (began[i] ?? 0));
  expect(gaps.length).toBeGreaterThan(4);
  for (const [i, gap] of gaps.slice(1).entries()) expect(gap).toBeGreaterThan(gaps[i] ?? 0);
});

test('a revision of the service knows its digest once a task has pulled the image', async () => {
  const at = await rolling();
  const digest = `sha256:${'d'.repeat(64)}`;
  await at.deploy({ script: 'healthy', digest });
  const images = async () => {
    const arn = (await at.rollout())?.targetServiceRevision?.arn ?? '';
    const answer = await at.ecsClient.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }),
    );
    return answer.serviceRevisions?.[0];
  };
  await at.goTo(10);
  expect((await images())?.containerImages).toEqual([
    { containerName: service, image: 'registry.example/core:new' },
  ]);
  await at.goTo(27);
  expect(await images()).toMatchObject({
    taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/bf-manage-core:42',
    containerImages: [{ imageDigest: digest }],
  });
});
