import { describe, expect, test, vi } from 'vitest';
import { EcsContainers } from '../../../src/adapters/aws/ecs-containers.ts';
import { imageParts } from '../../../src/adapters/aws/image.ts';
import { nobody } from '../gitlab/stub.ts';
import { aws, failure, never, options, pointTo } from './stage.ts';

const place = { region: 'eu-west-1', cluster: 'manage-staging', service: 'bf-manage-core' };
const digest = `sha256:${'a'.repeat(64)}`;
const image = 'registry.example.com:5000/bf-manage-core:2026.47.0';
const spec = { cluster: place.cluster, name: place.service, image, digest, desiredCount: 1 };

describe('what runs', () => {
  test('is each container of each running task, with tag and digest', async () => {
    await aws({ services: [{ ...spec, desiredCount: 2 }] });
    const running = await new EcsContainers(options).running(place, never);
    const one = { task: expect.stringMatching(/^[0-9a-f]{32}$/), image, tag: '2026.47.0', digest };
    expect(running).toMatchObject([one, one]);
    expect(new Set(running?.map(({ task }) => task)).size).toBe(2);
  });

  test('is found of more tasks than AWS describes at once', async () => {
    const { control } = await aws({ services: [{ ...spec, desiredCount: 130 }] });
    expect(await new EcsContainers(options).running(place, never)).toHaveLength(130);
    expect(await control.requests('DescribeTasks')).toHaveLength(2);
    expect((await control.requests('ListTasks')).length).toBeGreaterThanOrEqual(2);
  });

  test('is not what is stopped or about to start', async () => {
    const { control } = await aws({ services: [{ ...spec, desiredCount: 3 }] });
    await control.setService({ ...place, runningCount: 1 });
    expect(await new EcsContainers(options).running(place, never)).toHaveLength(1);
  });

  test('is nothing where the service has no tasks', async () => {
    await aws({ services: [{ ...spec, desiredCount: 0 }] });
    expect(await new EcsContainers(options).running(place, never)).toEqual([]);
  });

  test('is looked for in its own region', async () => {
    await aws({ services: [{ ...spec, region: 'us-east-1' }] });
    const containers = new EcsContainers(options);
    expect(await containers.running({ ...place, region: 'us-east-1' }, never)).toHaveLength(1);
    expect((await failure(containers.running(place, never))).kind).toBe('refused');
  });
});

test('a service that is not there, or was deleted, is none', async () => {
  const { control } = await aws({ services: [spec] });
  const containers = new EcsContainers(options);
  expect(await containers.running({ ...place, service: 'nowhere' }, never)).toBeNull();
  await control.setService({ ...place, status: 'INACTIVE' });
  expect(await containers.running(place, never)).toBeNull();
});

describe('a read of ECS', () => {
  test('of a cluster that is not there is refused', async () => {
    await aws({ services: [spec] });
    const error = await failure(new EcsContainers(options).running({ ...place, cluster: 'none' }, never));
    expect([error.kind, error.problem.code]).toEqual(['refused', 'aws-refused']);
    expect(error.problem.why).toMatch(/^ClusterNotFoundException: /);
  });

  test.each(['DescribeServices', 'ListTasks', 'DescribeTasks'] as const)(
    'that may not use %s is refused',
    async (operation) => {
      const { control } = await aws({ services: [spec] });
      await control.access({ operation, allowed: false });
      const { kind, problem } = await failure(new EcsContainers(options).running(place, never));
      expect([kind, problem.code]).toEqual(['refused', 'aws-refused']);
      expect(problem.why).toContain('AccessDenied');
    },
  );

  test('with credentials that AWS does not know is refused', async () => {
    await aws({ services: [spec] });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIANOBODYNOBODY1234');
    expect((await failure(new EcsContainers(options).running(place, never))).kind).toBe('refused');
  });

  test.each(['http500', 'http503', 'reset', 'throttle'] as const)('is repeated after %s', async (kind) => {
    const { control } = await aws({ services: [spec] });
    await control.addFault({ kind, operation: 'DescribeTasks', times: 1 });
    expect(await new EcsContainers(options).running(place, never)).toHaveLength(1);
  });

  test.each([
    ['http500', 'unreachable'],
    ['outage', 'unreachable'],
    ['throttle', 'busy'],
  ] as const)('while there is %s ends as %s', async (kind, expected) => {
    const { control } = await aws({ services: [spec] });
    await control.addFault({ kind });
    const error = await failure(new EcsContainers(options).running(place, never));
    expect([error.kind, error.problem.code]).toEqual([expected, 'aws-unread']);
    expect(await control.requests('DescribeServices')).toHaveLength(5);
  });

  test('without an answer in time, or from nobody, throws', async () => {
    const { control } = await aws({ services: [spec] });
    await control.addFault({ kind: 'slow', delayMs: 60_000 });
    const late = await failure(new EcsContainers({ timeoutMs: 100 }).running(place, never));
    expect([late.kind, late.problem.code]).toEqual(['unreachable', 'aws-unread']);
    pointTo(await nobody());
    const gone = await failure(new EcsContainers(options).running(place, never));
    expect([gone.kind, gone.problem.why]).toEqual(['unreachable', expect.stringContaining('ECONNREFUSED')]);
  });

  test('ends when its caller ends it, with the caller’s reason', async () => {
    const { control } = await aws({ services: [spec] });
    await control.addFault({ kind: 'slow', delayMs: 60_000 });
    const stop = new AbortController();
    const reading = new EcsContainers(options).running(place, stop.signal);
    await vi.waitFor(async () => expect((await control.state()).faults[0]?.struck).toBe(1));
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

test.each([
  ['app', null, null],
  ['app:1.2', '1.2', null],
  ['host:5000/team/app', null, null],
  ['host:5000/team/app:1.2', '1.2', null],
  [`host:5000/team/app@${digest}`, null, digest],
  [`host:5000/team/app:1.2@${digest}`, '1.2', digest],
])('the image %s has the tag %s and the digest %s', (name, tag, expected) => {
  expect(imageParts(name)).toEqual({ tag, digest: expected });
});
