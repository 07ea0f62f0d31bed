import { describe, expect, test } from 'vitest';
import {
  at,
  container,
  definition,
  definitionArn,
  deployment,
  digest,
  event,
  judged,
  lines,
  observed,
  oldDeployment,
  oldTask,
  rollout,
  rules,
  stoppedTask,
  task,
  watched,
} from './support.ts';

/** Rows 11 to 16 of the verdict table: how far it came, and what the lines say to it. */

const done = (parts: Parameters<typeof deployment>[0] = {}) =>
  deployment({ rolloutState: 'COMPLETED', ...parts });
const completed = observed({ deployments: [done()] });
/** Looks in a row at the same thing: the last verdict. */
const lastOf = (observation: ReturnType<typeof observed>, ...seconds: number[]) =>
  watched(seconds.map((one) => ({ seconds: one, observation }))).last;

describe('rows 11 and 12: nothing to run', () => {
  const empty = (service: object = {}, instances: number | null = null) =>
    observed({
      deployments: [done({ running: 0, desired: 0 })],
      tasks: [],
      service: { desired: 0, running: 0, ...service },
      instances,
    });

  test('a service that wants no task is inconclusive, although ECS completed it', () => {
    expect(judged(60, empty())).toMatchObject({ row: 11, outcome: 'inconclusive' });
  });

  test('the catalogue may let it pass', () => {
    const parts = { rules: rules({ emptyPasses: true }) };
    expect(judged(60, empty(), parts)).toMatchObject({ row: 11, outcome: 'pass', isFinal: true });
    expect(judged(60, empty(), { ...parts, logs: lines('inconclusive') })).toMatchObject({
      outcome: 'inconclusive',
    });
  });

  test('a DAEMON without machines is inconclusive, whatever the catalogue says', () => {
    const parts = { rules: rules({ emptyPasses: true }) };
    expect(judged(60, empty({ scheduling: 'DAEMON' }, 0), parts)).toMatchObject({
      row: 12,
      outcome: 'inconclusive',
    });
    expect(judged(60, empty({ scheduling: 'DAEMON' }), parts)).toMatchObject({
      row: 12,
      outcome: 'inconclusive',
    });
    expect(judged(60, empty({ scheduling: 'DAEMON' }, 3))).toMatchObject({ row: 11 });
  });

  test('a DAEMON on machines is judged like any other', () => {
    const seen = observed({ deployments: [done()], service: { scheduling: 'DAEMON' }, instances: 2 });
    expect(judged(60, seen)).toMatchObject({ row: 14, outcome: 'pass' });
  });
});

describe('row 13: it is shifted, watched or held', () => {
  const open = (strategy: string, parts: Parameters<typeof rollout>[0]) =>
    observed({ service: { strategy }, rollouts: [rollout(parts)] });

  test.each([
    ['BLUE_GREEN', { stage: 'BAKE_TIME' }, /BAKE_TIME/],
    ['CANARY', { stage: 'PRODUCTION_TRAFFIC_SHIFT' }, /PRODUCTION_TRAFFIC_SHIFT/],
    ['LINEAR', { stage: 'PRODUCTION_TRAFFIC_SHIFT' }, /PRODUCTION_TRAFFIC_SHIFT/],
    ['BLUE_GREEN', { stage: 'SCALE_UP' }, /SCALE_UP/],
    ['BLUE_GREEN', { stage: 'POST_TEST_TRAFFIC_SHIFT', awaiting: ['hook-1'] }, /AWAITING_ACTION/],
    ['ROLLING', { stage: 'BAKE_TIME' }, /BAKE_TIME/],
    ['ROLLING', { awaiting: ['hook-1'] }, /AWAITING_ACTION/],
  ])(
    '%s at %o is waited for although all tasks run, and inconclusive at the deadline',
    (strategy, parts, stage) => {
      expect(lastOf(open(strategy, parts), 60, 200)).toMatchObject({ row: 13, outcome: 'waiting' });
      const late = lastOf(open(strategy, parts), 60, 620);
      expect(late).toMatchObject({ row: 13, outcome: 'inconclusive' });
      expect(late.reason).toMatch(stage);
    },
  );

  test('without its service deployment nobody sees the stage, so it is no pass either', () => {
    const unseen = observed({ service: { strategy: 'CANARY' } });
    expect(lastOf(unseen, 60, 200)).toMatchObject({ row: 13, outcome: 'waiting' });
    expect(lastOf(observed({ service: { strategy: 'CANARY' }, deployments: [done()] }), 60)).toMatchObject({
      row: 14,
    });
  });

  test('a rolling deployment is not held by a stage that it passes through', () => {
    expect(lastOf(open('ROLLING', { stage: 'SCALE_UP' }), 60, 90)).toMatchObject({
      row: 15,
      outcome: 'pass',
    });
  });

  test('tasks that keep stopping go before it', () => {
    const seen = observed({
      service: { strategy: 'CANARY' },
      tasks: [stoppedTask('a'), stoppedTask('b')],
      rollouts: [rollout({ stage: 'BAKE_TIME' })],
    });
    expect(judged(60, seen).row).toBe(8);
  });
});

describe('row 14: completed', () => {
  test('it passes for good, with what was seen', () => {
    const verdict = judged(60, completed);
    expect(verdict).toMatchObject({
      row: 14,
      outcome: 'pass',
      isFinal: true,
      remedy: '',
      deployment: 'ecs-svc/2',
      taskDefinition: definitionArn(42),
      digest,
      tasks: { running: 2, wanted: 2 },
    });
  });

  test.each([
    ['its service deployment is SUCCESSFUL', observed({ rollouts: [rollout({ status: 'SUCCESSFUL' })] }), 14],
    ['its service deployment is not over', observed({ deployments: [done()], rollouts: [rollout()] }), 16],
    [
      'the event names it',
      observed({
        deployments: [done({ rolloutState: null })],
        events: [event(50, '(service app) (deployment ecs-svc/2) deployment completed.')],
      }),
      14,
    ],
    [
      'only a steady state is told',
      observed({
        deployments: [done({ rolloutState: null })],
        events: [event(50, '(service app) has reached a steady state.')],
      }),
      16,
    ],
    ['fewer run than are wanted', observed({ deployments: [done({ running: 1 })] }), 16],
    ['more are wanted by now', observed({ deployments: [done()], service: { desired: 3 } }), 16],
    [
      'only old tasks run',
      observed({ deployments: [done(), oldDeployment()], tasks: [oldTask('x'), oldTask('y')] }),
      16,
    ],
    [
      'a task is being stopped',
      observed({ deployments: [done()], tasks: [task('a'), task('b', { desiredStatus: 'STOPPED' })] }),
      16,
    ],
    [
      'a task is unhealthy',
      observed({ deployments: [done()], tasks: [task('a'), task('b', { health: 'UNHEALTHY' })] }),
      16,
    ],
  ])('%s', (_what, observation, row) => {
    const verdict = judged(60, observation);
    expect(verdict.row).toBe(row);
    expect(verdict.outcome).toBe(row === 14 ? 'pass' : 'waiting');
  });

  test('after a stop it counts only once the tasks have run for a while', () => {
    const recovered = observed({ deployments: [done()], tasks: [stoppedTask('a'), task('b'), task('c')] });
    const { verdicts } = watched([60, 89, 90].map((seconds) => ({ seconds, observation: recovered })));
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [16, 'waiting'],
      [16, 'waiting'],
      [14, 'pass'],
    ]);
    expect(verdicts.at(-1)?.failures).toHaveLength(1);
  });

  test('that while begins anew with each stop, also when enough tasks go on running', () => {
    const spare = (third: ReturnType<typeof task>) =>
      observed({ deployments: [done()], rollouts: [rollout()], tasks: [task('a'), task('b'), third] });
    const recovered = observed({ deployments: [done()], tasks: [task('a'), task('b')] });
    const { verdicts } = watched([
      { seconds: 60, observation: spare(task('c')) },
      { seconds: 85, observation: spare(stoppedTask('c')) },
      { seconds: 114, observation: recovered },
      { seconds: 115, observation: recovered },
    ]);
    expect(verdicts.map(({ row }) => row)).toEqual([16, 16, 16, 14]);
  });

  test('a later look at it passes again', () => {
    const { verdicts } = watched([60, 360, 960].map((seconds) => ({ seconds, observation: completed })));
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [14, 'pass'],
      [14, 'pass'],
      [14, 'pass'],
    ]);
    expect(new Set(verdicts.map(({ reason }) => reason)).size).toBe(1);
  });
});

describe('row 15: healthy, and not completed yet', () => {
  test('it passes provisionally after the soak, and for good when ECS completes it', () => {
    const { verdicts } = watched([
      { seconds: 60 },
      { seconds: 89 },
      { seconds: 90 },
      { seconds: 360 },
      { seconds: 960, observation: completed },
    ]);
    expect(verdicts.map(({ row, outcome, isFinal }) => [row, outcome, isFinal])).toEqual([
      [16, 'waiting', false],
      [16, 'waiting', false],
      [15, 'pass', false],
      [15, 'pass', false],
      [14, 'pass', true],
    ]);
  });

  test('the soak begins anew when a task is missing', () => {
    const { verdicts } = watched([
      { seconds: 60 },
      { seconds: 80, observation: observed({ tasks: [task('a')] }) },
      { seconds: 95 },
      { seconds: 125 },
    ]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'waiting', 'pass']);
  });

  test('it does not pass after a single stop', () => {
    const recovered = observed({ tasks: [stoppedTask('a'), task('b'), task('c')] });
    expect(lastOf(recovered, 60, 200, 600)).toMatchObject({ row: 16, outcome: 'waiting' });
    expect(lastOf(recovered, 60, 200, 620)).toMatchObject({ row: 16, outcome: 'inconclusive' });
  });

  const checked = [definition(42, { hasHealthCheck: true })];
  const seen = (health: string, definitions = checked) => {
    const containers = [container({ health })];
    return observed({ definitions, tasks: [task('a', { containers }), task('b', { containers })] });
  };

  test.each([
    ['HEALTHY where a health check is defined', seen('HEALTHY'), 'pass'],
    ['not known where a health check is defined', seen('UNKNOWN'), 'waiting'],
    ['UNHEALTHY where a health check is defined', seen('UNHEALTHY'), 'waiting'],
    ['UNHEALTHY where none is known of', seen('UNHEALTHY', [definition()]), 'waiting'],
    ['not known where none is defined', seen('UNKNOWN', [definition()]), 'pass'],
    ['not known where nobody knows the definition', seen('UNKNOWN', []), 'waiting'],
    [
      'HEALTHY where nobody knows the definition',
      observed({
        definitions: [],
        tasks: [task('a', { health: 'HEALTHY' }), task('b', { health: 'HEALTHY' })],
      }),
      'pass',
    ],
    [
      'well, and one more of them is unhealthy',
      observed({ tasks: [task('a'), task('b'), task('c', { health: 'UNHEALTHY' })] }),
      'waiting',
    ],
  ])('tasks that are %s', (_what, observation, outcome) => {
    expect(lastOf(observation, 60, 90).outcome).toBe(outcome);
  });

  test('a container that is not essential may be unhealthy', () => {
    const [app] = definition().containers;
    const [extra] = definition(42, { name: 'extra', essential: false, hasHealthCheck: true }).containers;
    const definitions = [{ ...definition(), containers: [app, extra].filter((one) => one !== undefined) }];
    const containers = [container(), container({ name: 'extra', health: 'UNHEALTHY' })];
    const tasks = [task('a', { containers }), task('b', { containers })];
    expect(lastOf(observed({ definitions, tasks }), 60, 90)).toMatchObject({ row: 15, outcome: 'pass' });
  });
});

describe('row 16: the deadline', () => {
  const pending = task('a', { lastStatus: 'PENDING', startedAt: null });

  test('what never ran fails', () => {
    const stuck = observed({ tasks: [pending], deployments: [deployment({ running: 0 })] });
    expect(lastOf(stuck, 60, 619)).toMatchObject({ row: 16, outcome: 'waiting' });
    expect(lastOf(stuck, 60, 620)).toMatchObject({ row: 16, outcome: 'fail' });
  });

  test('what ran once is still rolling, also when it does not run any more', () => {
    const { last } = watched([
      { seconds: 60, observation: observed({ tasks: [task('a')] }) },
      { seconds: 620, observation: observed({ tasks: [pending] }) },
    ]);
    expect(last).toMatchObject({ row: 16, outcome: 'inconclusive' });
    expect(last.reason).toMatch(/^Still rolling/);
  });

  test('what is healthy and not soaked yet is still rolling', () => {
    expect(lastOf(observed(), 615, 620)).toMatchObject({ row: 16, outcome: 'inconclusive' });
  });

  test('what is unhealthy still fails', () => {
    const sick = observed({ tasks: [task('a', { health: 'UNHEALTHY' }), task('b')] });
    expect(lastOf(sick, 60, 620)).toMatchObject({ row: 16, outcome: 'fail' });
  });
});

describe('the lines (C3)', () => {
  const soaked = [{ seconds: 60 }, { seconds: 90 }];

  test.each([
    ['pass', 'pass'],
    ['waiting', 'waiting'],
    ['inconclusive', 'inconclusive'],
    ['fail', 'fail'],
  ] as const)('that %s make what ECS completed, and what is healthy, %s', (say, outcome) => {
    const logs = lines(say);
    expect(judged(60, completed, { logs }).outcome).toBe(outcome);
    expect(watched(soaked, { logs }).last.outcome).toBe(outcome);
  });

  test('that fail do so at once, without a stop: row 15, with their lines', () => {
    const excerpts = [{ title: 'The failure line', task: 'a', lines: [], url: null }];
    const verdict = judged(60, observed({ tasks: [task('a')] }), { logs: lines('fail', { excerpts }) });
    expect(verdict).toMatchObject({ row: 15, outcome: 'fail', reason: 'The lines say fail.', excerpts });
  });

  test('that are awaited still are not known at the deadline', () => {
    expect(judged(620, completed, { logs: lines('waiting') })).toMatchObject({
      row: 14,
      outcome: 'inconclusive',
    });
    const looks = [{ seconds: 60 }, { seconds: 620 }];
    expect(watched(looks, { logs: lines('waiting') }).last).toMatchObject({
      row: 15,
      outcome: 'inconclusive',
    });
  });

  test('that pass cannot make up for what ECS says', () => {
    const logs = lines('pass');
    expect(judged(60, observed({ tasks: [stoppedTask('a'), stoppedTask('b')] }), { logs }).row).toBe(8);
    expect(judged(60, observed({ tasks: [] }), { logs }).outcome).toBe('waiting');
  });
});

test('evidence is short, without links, and the same for the same facts', () => {
  const long = 'word '.repeat(200);
  const seen = observed({ deployments: [deployment({ rolloutStateReason: long })] });
  const [first, second] = [judged(60, seen), judged(60, seen)];
  expect(second).toEqual(first);
  expect(first.evidence.every(({ value, url }) => value.length <= 200 && url === null)).toBe(true);
  expect(first.evidence.find(({ label }) => label === 'Deployment')).toMatchObject({
    value: 'ecs-svc/2, IN_PROGRESS',
    at: at(60),
  });
});
