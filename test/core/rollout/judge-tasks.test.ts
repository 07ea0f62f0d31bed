import { describe, expect, test } from 'vitest';
import {
  at,
  definition,
  deployment,
  event,
  judged,
  lines,
  observed,
  oldDeployment,
  oldTask,
  rollout,
  stoppedTask,
  task,
  unstartedTask,
  watched,
} from './support.ts';

/** Rows 7 to 10 of the verdict table: what its tasks do. */

const done = deployment({ rolloutState: 'COMPLETED' });
const unplacedEvent = (seconds: number) =>
  event(
    seconds,
    '(service app) was unable to place a task because no container instance met all of its requirements.',
  );
const secretless =
  'ResourceInitializationError: unable to pull secrets or registry auth: retrieve secret from asm';

describe('row 7: it does not start', () => {
  test.each([
    ['CannotPullContainerError: failed to resolve ref: not found', /no such image/],
    [secretless, /secret/],
    ['ResourceInitializationError: failed to configure ENI', /network interface/],
    [
      'ResourceInitializationError: failed to validate logger args: The specified log group does not exist',
      /log group/,
    ],
    ['CannotStartContainerError: failed to get container status', /could not start/],
    ['CannotStartContainerError: exec /app: exec format error', /another processor/],
  ])('%s fails on the first', (stoppedReason, reason) => {
    const seen = observed({ tasks: [unstartedTask('a', stoppedReason), task('b')] });
    const verdict = judged(60, seen);
    expect(verdict).toMatchObject({ row: 7, outcome: 'fail', failures: [{ task: 'a', stoppedReason }] });
    expect(verdict.reason).toMatch(reason);
    expect(verdict.remedy).toMatch(/service owner|platform team/);
  });

  test('it goes before tasks that stop (row 8), whichever was first', () => {
    const tasks = [stoppedTask('a'), stoppedTask('b'), unstartedTask('c', secretless)];
    expect(judged(60, observed({ tasks })).row).toBe(7);
  });

  test('one of the old deployment says nothing', () => {
    const tasks = [task('a'), task('b'), { ...unstartedTask('c', secretless), startedBy: 'ecs-svc/1' }];
    const seen = observed({ deployments: [done, oldDeployment()], tasks });
    expect(judged(60, seen)).toMatchObject({ row: 14, outcome: 'pass', failures: [] });
  });
});

describe('row 8: it stops again', () => {
  const ends: [what: string, stopped: ReturnType<typeof stoppedTask>, cause: RegExp][] = [
    ['an app that crashes', stoppedTask('a'), /exit code 1/],
    ['an app that ends well', stoppedTask('a', {}, { exitCode: 0 }), /must go on running/],
    [
      'an app without memory',
      stoppedTask('a', {}, { exitCode: 137, reason: 'OutOfMemoryError: killed' }),
      /memory/,
    ],
    ['an app that is killed', stoppedTask('a', {}, { exitCode: 137 }), /137/],
    [
      'the load balancer',
      stoppedTask('a', {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed ELB health checks in (target-group x)',
      }),
      /load balancer/,
    ],
    [
      'the health check',
      stoppedTask('a', {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Task failed container health checks',
      }),
      /health check/,
    ],
    [
      'what nobody knows',
      stoppedTask('a', { stopCode: null, stoppedReason: 'The moon is full.' }),
      /not known/,
    ],
  ];

  test.each(ends)('%s: waits on the first, fails on the second', (_what, stopped, cause) => {
    const once = observed({ tasks: [stopped, task('b')] });
    const twice = observed({ tasks: [stopped, { ...stopped, id: 'c' }, task('b')] });
    expect(judged(60, once)).toMatchObject({ outcome: 'waiting', failures: [{ task: 'a' }] });
    const verdict = judged(60, twice);
    expect(verdict).toMatchObject({ row: 8, outcome: 'fail' });
    expect(verdict.reason).toMatch(cause);
  });

  test.each(ends)('%s: fails on the first when one task is wanted', (_what, stopped) => {
    const seen = observed({ tasks: [stopped, task('b')], service: { desired: 1 } });
    expect(judged(60, seen)).toMatchObject({ row: 8, outcome: 'fail' });
  });

  test('one stop with a known failure line fails, and says what the line means', () => {
    const seen = observed({ tasks: [stoppedTask('a'), task('b')] });
    const logs = lines('fail', { failureLine: true, reason: 'The database does not answer.' });
    const verdict = judged(60, seen, { logs });
    expect(verdict).toMatchObject({ row: 8, outcome: 'fail' });
    expect(verdict.reason).toMatch(/exit code 1\. The database does not answer\./);
  });

  test('a stop is remembered when ECS shows it no more, and counted once while it does', () => {
    const once = observed({ tasks: [stoppedTask('a'), task('b')] });
    const { verdicts, memory } = watched([
      { seconds: 60, observation: once },
      { seconds: 70, observation: once },
      { seconds: 80, observation: observed({ tasks: [task('b'), task('c')] }) },
      { seconds: 90, observation: observed({ tasks: [stoppedTask('b'), task('c')] }) },
    ]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'waiting', 'fail']);
    expect(memory.failures.map((failure) => failure.task)).toEqual(['a', 'b']);
  });

  test('an exit code that comes later is taken over', () => {
    const stopping = stoppedTask('a', { lastStatus: 'DEPROVISIONING' }, { exitCode: null });
    const { verdicts, memory } = watched([
      { seconds: 60, observation: observed({ tasks: [stopping, task('b')] }) },
      { seconds: 70, observation: observed({ tasks: [stoppedTask('a', {}, { exitCode: 3 }), task('b')] }) },
    ]);
    expect(verdicts[0]?.failures).toMatchObject([{ task: 'a', exitCode: null }]);
    expect(memory.failures).toMatchObject([
      { task: 'a', exitCode: 3, cause: 'The container app ended with exit code 3.' },
    ]);
  });

  test('what was remembered of another deployment does not count', () => {
    const { memory } = watched([
      { seconds: 60, observation: observed({ tasks: [stoppedTask('a'), task('b')] }) },
    ]);
    const forgotten = { ...memory, deployment: null };
    expect(watched([{ seconds: 70 }], { memory: forgotten }).memory.failures).toEqual([]);
  });

  test('a crash loop that only the event shows fails', () => {
    const events = [
      event(
        50,
        '(service app) is unable to consistently start tasks successfully. For more information, see …',
      ),
    ];
    expect(judged(60, observed({ tasks: [task('a')], events }))).toMatchObject({ row: 8, outcome: 'fail' });
    expect(judged(60, observed({ events })).outcome).toBe('waiting');
    const earlier = [event(-50, '(service app) is unable to consistently start tasks successfully.')];
    expect(judged(60, observed({ tasks: [task('a')], events: earlier })).outcome).toBe('waiting');
  });

  test('two stops fail a deployment that passed before, and one that ECS completed', () => {
    const { verdicts } = watched([
      { seconds: 60, observation: observed({ deployments: [done] }) },
      {
        seconds: 360,
        observation: observed({ deployments: [done], tasks: [stoppedTask('a'), stoppedTask('b')] }),
      },
    ]);
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [14, 'pass'],
      [8, 'fail'],
    ]);
  });
});

describe('row 9: no place', () => {
  const stuck = observed({ tasks: [], events: [unplacedEvent(30)] });

  test('it waits 60 s, then fails', () => {
    const { verdicts } = watched([60, 119, 120].map((seconds) => ({ seconds, observation: stuck })));
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [9, 'waiting'],
      [9, 'waiting'],
      [9, 'fail'],
    ]);
    expect(verdicts.at(-1)?.remedy).toMatch(/platform team/);
    expect(verdicts.at(-1)?.evidence).toContainEqual(
      expect.objectContaining({ label: 'Placement', at: at(30) }),
    );
  });

  test.each([
    ['a task that was started after it', { tasks: [task('a', { createdAt: at(31) })] }],
    [
      'an event that one was started',
      { tasks: [], events: [event(31, '(service app) has started 1 tasks: (task a).'), unplacedEvent(30)] },
    ],
    ['an event from before the deployment', { tasks: [], events: [unplacedEvent(9)] }],
  ])('%s ends it', (_what, parts) => {
    const seen = observed({ events: [unplacedEvent(30)], ...parts });
    expect(judged(60, seen).row).toBe(16);
  });

  test('the wait begins anew after a start', () => {
    const placed = observed({ tasks: [task('a', { createdAt: at(61) })], events: [unplacedEvent(30)] });
    const again = observed({
      tasks: [task('a', { createdAt: at(61) })],
      events: [unplacedEvent(110), unplacedEvent(30)],
    });
    const { verdicts } = watched([
      { seconds: 60, observation: stuck },
      { seconds: 80, observation: placed },
      { seconds: 120, observation: again },
      { seconds: 179, observation: again },
      { seconds: 180, observation: again },
    ]);
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [9, 'waiting'],
      [16, 'waiting'],
      [9, 'waiting'],
      [9, 'waiting'],
      [9, 'fail'],
    ]);
  });
});

describe('row 10: stops that say nothing', () => {
  const benign = [
    stoppedTask(
      'spot',
      { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
      { exitCode: 143 },
    ),
    stoppedTask(
      'retired',
      { stopCode: 'TerminationNotice', stoppedReason: 'Maintenance.' },
      { exitCode: 137 },
    ),
    stoppedTask(
      'scaled',
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
      },
      { exitCode: 137 },
    ),
  ];

  test('they are ignored and told, also of the deployment under test', () => {
    const verdict = judged(60, observed({ deployments: [done], tasks: [task('a'), task('b'), ...benign] }));
    expect(verdict).toMatchObject({ row: 14, outcome: 'pass', failures: [] });
    const told = verdict.evidence.filter(({ label }) => label === 'Stop that does not count');
    expect(told.map(({ value }) => value.split(':')[0])).toEqual(['spot', 'retired', 'scaled']);
  });

  test('old tasks that make room say nothing, whatever their exit code', () => {
    const old = oldTask('x', {
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
      stoppedAt: at(50),
    });
    const seen = observed({
      deployments: [done, oldDeployment()],
      tasks: [task('a'), task('b'), old, { ...old, id: 'y' }],
    });
    expect(judged(60, seen)).toMatchObject({ row: 14, outcome: 'pass', failures: [] });
  });
});

test('the essential container is named, not the one that was stopped with it', () => {
  const [app] = definition().containers;
  const [proxy] = definition(42, { name: 'proxy', essential: false }).containers;
  const definitions = [{ ...definition(), containers: [proxy, app].filter((one) => one !== undefined) }];
  const [mine] = stoppedTask('a', {}, { exitCode: 0 }).containers;
  const [other] = stoppedTask('a', {}, { name: 'proxy', exitCode: 1 }).containers;
  const containers = [other, mine].filter((one) => one !== undefined);
  const tasks = [stoppedTask('a', { containers })];
  const verdict = judged(
    60,
    observed({ definitions, tasks, service: { desired: 1 }, rollouts: [rollout()] }),
  );
  expect(verdict.failures).toMatchObject([{ container: 'app', exitCode: 0 }]);
});
