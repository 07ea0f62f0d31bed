import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { rolling } from './rolling.ts';
import { service } from './started.ts';

const listening = 'INFO  Listening on port 8000';

/** What the tasks of a rollout have written after so many seconds. */
async function written(wish: Parameters<Awaited<ReturnType<typeof rolling>>['deploy']>[0], seconds = 60) {
  const at = await rolling();
  const begun = await at.deploy(wish);
  await at.goTo(seconds);
  return { at, begun, lines: await at.lines(), tasks: await at.tasksOf(begun.deployment) };
}

const texts = (lines: { text: string }[]) => lines.map(({ text }) => text);

test('each task writes its start into a stream of its own', async () => {
  const { lines, tasks } = await written({ script: 'healthy' });
  const ids = tasks.map(({ taskArn = '' }) => taskArn.split('/').at(-1));
  const streams = lines.filter(({ text }) => text === listening).map(({ stream }) => stream);
  expect(streams.sort()).toEqual(ids.map((id) => `${service}/${service}/${id}`).sort());
});

test('a line is written when its time has come, not before', async () => {
  const at = await rolling();
  const { deployment } = await at.deploy({ script: 'healthy', desired: 1 });
  await at.goTo(31);
  const [task] = await at.tasksOf(deployment);
  const startedAt = task?.startedAt?.getTime() ?? 0;
  expect(texts(await at.lines())).not.toContain(listening);
  await at.goTo(32.5);
  const found = (await at.lines()).find(({ text }) => text === listening);
  expect(found?.at).toBe(startedAt + 4000);
});

// Eight times as fast, lines of the trace fall into one millisecond.
test.each([1, 8])('a crash leaves a stack trace, in its order, also at pace %i', async (pace) => {
  const { lines } = await written({ script: 'crash-loop', desired: 1, pace }, 40 / pace);
  expect(texts(lines)).toEqual([
    'INFO  starting manage with 2 workers',
    'ERROR unhandled exception, the process ends',
    'Traceback (most recent call last):',
    '  File "/app/manage/__main__.py", line 41, in <module>',
    '    serve(load_settings())',
    '  File "/app/manage/settings.py", line 88, in load_settings',
    '    raise ConfigurationError(f"{name} is not set")',
    'manage.errors.ConfigurationError: TARIFF_SERVICE_URL is not set',
  ]);
});

test('a task writes nothing after its end', async () => {
  const lines = [3900, 4100].map((afterMs) => ({ afterMs, text: `after ${afterMs}` }));
  const crashed = await written({ script: 'crash-loop', desired: 1, lines }, 40);
  expect(texts(crashed.lines)).toEqual(['after 3900']);
});

describe('logs that behave as', () => {
  test.each([
    ['none', []],
    ['dropped', ['INFO  starting manage with 2 workers', 'INFO  database connected pool=10']],
  ] as const)('%s', async (logs, expected) => {
    const { lines } = await written({ script: 'healthy', desired: 1, logs });
    expect(texts(lines)).toEqual(expected);
  });

  test.each([
    ['normal', listening, true],
    ['missing-success', listening, false],
    ['failure-line', 'ERROR database connection refused host=db.internal port=5432 attempt=1', true],
    ['migration-ok', 'INFO  migrations: 3 applied successfully', true],
    ['migration-fails', 'INFO  migrations: 3 applied successfully', false],
    ['migration-fails', 'ERROR migrations: 0043_tariff_zone failed: relation "tariff" does not exist', true],
    ['migration-none-pending', 'INFO  migrations: no pending migrations', true],
    ['migration-hangs', 'INFO  migrations: 3 applied successfully', false],
    ['contradictory', 'INFO  migrations: 3 applied successfully', true],
    ['contradictory', 'ERROR migrations: 0043_tariff_zone failed: relation "tariff" does not exist', true],
  ] as const)('%s: %s %s', async (logs, text, isThere) => {
    const { lines } = await written({ script: 'healthy', logs });
    expect(texts(lines).includes(text)).toBe(isThere);
  });

  test('late are found 90 seconds later, at the time at which they were written', async () => {
    const { at, lines } = await written({ script: 'healthy', desired: 1, logs: 'late' }, 110);
    expect(texts(lines)).not.toContain(listening);
    await at.goTo(125);
    expect(texts(await at.lines())).toContain(listening);
  });
});

describe('a container that migrates', () => {
  test.each([
    ['migration-ok', 'STOPPED', 0],
    ['migration-none-pending', 'STOPPED', 0],
    ['contradictory', 'STOPPED', 0],
    ['migration-fails', 'STOPPED', 1],
    ['migration-hangs', 'RUNNING', undefined],
  ] as const)('has its own stream and exit code: %s', async (logs, lastStatus, exitCode) => {
    const { at, begun, lines, tasks } = await written({ script: 'healthy', migration: true, logs });
    for (const { containers = [], taskArn = '' } of tasks) {
      const migrate = containers.find(({ name }) => name === 'migrate');
      expect([migrate?.lastStatus, migrate?.exitCode]).toEqual([lastStatus, exitCode]);
      const stream = `${service}/migrate/${taskArn.split('/').at(-1)}`;
      expect(lines.filter((line) => line.stream === stream).length).toBeGreaterThan(0);
    }
    const answer = await at.ecsClient.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: begun.taskDefinition }),
    );
    expect(answer.taskDefinition?.containerDefinitions).toMatchObject([
      { name: service, essential: true },
      { name: 'migrate', essential: false },
    ]);
  });

  test('says what it did also when nobody asked how it goes', async () => {
    const { lines } = await written({ script: 'healthy', migration: 'db' });
    const said = lines.filter(({ stream }) => stream.includes('/db/'));
    expect(texts(said)).toContain('INFO  migrations: 3 applied successfully');
  });
});

test('own lines are written instead, by the container and task that they name', async () => {
  const { lines, tasks } = await written({
    script: 'healthy',
    migration: true,
    lines: [
      { afterMs: 1000, text: 'ready' },
      { afterMs: 1500, text: 'schema is new', container: 'migrate' },
      { afterMs: 2000, text: 'I am the leader', task: 1 },
    ],
  });
  expect(texts(lines).filter((text) => text === 'ready')).toHaveLength(2);
  expect(lines.find(({ text }) => text === 'schema is new')?.stream).toContain('/migrate/');
  const [, second] = tasks;
  const leaders = lines.filter(({ text }) => text === 'I am the leader').map(({ stream }) => stream);
  expect(leaders).toEqual([`${service}/${service}/${second?.taskArn?.split('/').at(-1)}`]);
  expect(lines).toHaveLength(5);
});

test.each([
  ['no stream prefix', { streamPrefix: null }, 'awslogs', /^[0-9a-f]{64}$/],
  ['another driver', { logDriver: 'awsfirelens' as const }, 'awsfirelens', /^bf-manage-core-firelens-/],
])('a task definition with %s names no stream of a task', async (_, wish, driver, stream) => {
  const { at, begun, lines } = await written({ script: 'healthy', ...wish });
  const answer = await at.ecsClient.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: begun.taskDefinition }),
  );
  const configuration = answer.taskDefinition?.containerDefinitions?.[0]?.logConfiguration;
  expect(configuration?.logDriver).toBe(driver);
  expect(configuration?.options).not.toHaveProperty('awslogs-stream-prefix');
  for (const line of lines) expect(line.stream).toMatch(stream);
});
