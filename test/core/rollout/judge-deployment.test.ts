import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../src/core/rollout/observation.ts';
import {
  at,
  definition,
  definitionArn,
  deployment,
  expectation,
  judged,
  lines,
  observed,
  oldDeployment,
  oldTask,
  otherCommit,
  rollout,
  snapshot,
  stoppedTask,
  task,
  taskSet,
  watched,
} from './support.ts';

/** Rows 1 to 6 of the verdict table: is the deployment there, is it ours, was it taken back. */

const nothing = (why: 'denied' | 'no-cluster' | 'no-service'): Observation => ({
  at: at(60),
  kind: 'nothing',
  why,
  said: 'Words of AWS.',
});
const onlyOld = (parts: Parameters<typeof oldDeployment>[0] = {}) =>
  observed({
    deployments: [oldDeployment({ status: 'PRIMARY', ...parts })],
    tasks: [oldTask('x'), oldTask('y')],
  });
const noSnapshot = { expected: expectation({ before: null }) };
const reasonOfRollback = 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.';
const backAt = (parts: Parameters<typeof oldDeployment>[0] = {}) =>
  oldDeployment({ id: 'ecs-svc/3', status: 'PRIMARY', createdAt: at(90), ...parts });

describe('row 1: there is nothing to look at', () => {
  test.each([
    ['denied', /does not let the bot look/, /platform team/],
    ['no-cluster', /no such cluster/, /release engineer/],
    ['no-service', /no such service/, /release engineer/],
  ] as const)('%s is inconclusive', (why, reason, remedy) => {
    const verdict = judged(60, nothing(why));
    expect(verdict).toMatchObject({ row: 1, outcome: 'inconclusive', tasks: null });
    expect(verdict.reason).toMatch(reason);
    expect(verdict.remedy).toMatch(remedy);
    expect(verdict.evidence).toMatchObject([{ label: 'AWS says', value: 'Words of AWS.' }]);
  });

  test.each(['INACTIVE', 'DRAINING'])('a service that is %s fails, whatever its tasks do', (status) => {
    expect(judged(60, observed({ service: { status } }))).toMatchObject({ row: 1, outcome: 'fail' });
  });

  test('a status that nobody knows is inconclusive', () => {
    expect(judged(60, observed({ service: { status: 'NEW' } }))).toMatchObject({
      row: 1,
      outcome: 'inconclusive',
    });
  });
});

describe('row 2: others move the service', () => {
  const moved = (parts: Parameters<typeof taskSet>[0] = {}, service: object = {}) =>
    observed({
      deployments: [],
      service: { controller: 'CODE_DEPLOY', taskSets: [taskSet(parts)], ...service },
    });

  test.each(['CODE_DEPLOY', 'EXTERNAL'])(
    '%s: the new task set PRIMARY and steady passes for good',
    (controller) => {
      expect(judged(60, moved({}, { controller }))).toMatchObject({ row: 2, outcome: 'pass', isFinal: true });
    },
  );

  test.each([
    ['not steady', moved({ stability: 'STABILIZING' })],
    ['not PRIMARY', moved({ status: 'ACTIVE' })],
    ['the one from before', moved({ id: 'ecs-svc/1', createdAt: at(-9_000) })],
    ['of another build', moved({ taskDefinition: definitionArn(41) })],
    ['one whose task stopped', { ...moved(), tasks: [task('a'), stoppedTask('b')] }],
  ])('a task set that is %s is waited for, and inconclusive at the deadline', (_what, observation) => {
    expect(judged(60, observation)).toMatchObject({ row: 2, outcome: 'waiting' });
    expect(judged(620, observation)).toMatchObject({ row: 2, outcome: 'inconclusive' });
  });

  test('it does not pass while the lines do not', () => {
    expect(judged(60, moved(), { logs: lines('waiting') })).toMatchObject({ row: 2, outcome: 'waiting' });
    expect(judged(60, moved(), { logs: lines('fail') })).toMatchObject({ row: 2, outcome: 'fail' });
    expect(judged(620, moved(), { logs: lines('waiting') })).toMatchObject({ outcome: 'inconclusive' });
  });

  test('a service that wants no task does not pass', () => {
    expect(judged(60, moved({}, { desired: 0 }))).toMatchObject({ row: 2, outcome: 'inconclusive' });
  });
});

describe('row 3: not deployed', () => {
  test('the deployment from before is given 30 s, then it fails as not deployed', () => {
    const { verdicts } = watched([
      { seconds: 60, observation: onlyOld() },
      { seconds: 89, observation: onlyOld() },
      { seconds: 90, observation: onlyOld() },
    ]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['waiting', 'waiting', 'fail']);
    expect(verdicts.at(-1)).toMatchObject({ row: 3, deployment: null, tasks: null });
    expect(verdicts.at(-1)?.reason).toMatch(/^Not deployed: .* app:41\.$/);
  });

  test('the wait begins anew when the new deployment was there meanwhile', () => {
    const { last, memory } = watched([{ seconds: 60, observation: onlyOld() }, { seconds: 80 }]);
    expect(last.outcome).toBe('waiting');
    expect(memory.unchangedSince).toBeNull();
  });

  test.each([
    ['its task definition', { expected: expectation({ taskDefinition: 'app:41' }) }],
    ['the whole ARN', { expected: expectation({ taskDefinition: definitionArn(41) }) }],
    ['its digest', { expected: expectation({ digest: `sha256:${'cd'.repeat(32)}` }) }],
    ['the tag of its image', { expected: expectation({ commit: otherCommit }) }],
  ])('a no-op apply, told by %s, is inconclusive and never a pass', (_what, parts) => {
    const looks = [60, 95, 700].map((seconds) => ({ seconds, observation: onlyOld() }));
    const { verdicts } = watched(looks, parts);
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [3, 'waiting'],
      [3, 'inconclusive'],
      [3, 'inconclusive'],
    ]);
    expect(verdicts[1]?.reason).toMatch(/no new deployment: .* is the release already/);
  });

  test('without a snapshot, what was made more than two minutes before the apply is the one from before', () => {
    const old = (seconds: number) =>
      observed({ deployments: [deployment({ createdAt: at(seconds), rolloutState: 'COMPLETED' })] });
    expect(judged(60, old(-121), noSnapshot)).toMatchObject({ row: 3, outcome: 'waiting' });
    expect(judged(60, old(-120), noSnapshot)).toMatchObject({ row: 14, outcome: 'pass' });
  });

  test('what the snapshot shows is the one from before, however young it is', () => {
    const before = snapshot({ primary: 'ecs-svc/2', taskDefinition: definitionArn(42) });
    const young = observed({ deployments: [deployment({ createdAt: at(-20), rolloutState: 'COMPLETED' })] });
    expect(judged(60, young, { expected: expectation({ before }) })).toMatchObject({
      row: 3,
      outcome: 'waiting',
    });
  });

  test('a snapshot that was taken after the apply began does not hide the new deployment', () => {
    const before = snapshot({ primary: 'ecs-svc/2', taskDefinition: definitionArn(42), at: at(15) });
    const done = observed({ deployments: [deployment({ rolloutState: 'COMPLETED' })] });
    expect(judged(60, done, { expected: expectation({ before }) })).toMatchObject({
      row: 14,
      outcome: 'pass',
    });
  });

  test('a new deployment of another build is not taken for ours', () => {
    const foreign = observed({
      deployments: [backAt({ taskDefinition: definitionArn(40), rolloutState: 'COMPLETED' })],
      definitions: [definition(40)],
      tasks: [],
    });
    const { last } = watched([60, 95].map((seconds) => ({ seconds, observation: foreign })));
    expect(last).toMatchObject({ row: 3, outcome: 'fail' });
    expect(last.reason).toMatch(/another build/);
  });

  test('a new deployment whose image shows no commit is inconclusive, although its tasks are well', () => {
    const untold = observed({
      definitions: [definition(42, { image: 'registry/app:latest' })],
      deployments: [deployment({ rolloutState: 'COMPLETED' })],
      tasks: [task('a', { containers: [] }), task('b', { containers: [] })],
    });
    const { verdicts, memory } = watched([60, 95].map((seconds) => ({ seconds, observation: untold })));
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [3, 'waiting'],
      [3, 'inconclusive'],
    ]);
    expect(verdicts[1]).toMatchObject({ deployment: null });
    expect(verdicts[1]?.remedy).toMatch(/image-tag/);
    expect(memory.deployment).toBeNull();
  });

  test('a new deployment whose image shows no commit fails all the same when its tasks do', () => {
    const untold = observed({
      definitions: [definition(42, { image: 'registry/app:latest' })],
      tasks: [stoppedTask('a', { containers: [] }), stoppedTask('b', { containers: [] })],
    });
    expect(judged(60, untold)).toMatchObject({ row: 8, outcome: 'fail' });
  });

  test('no PRIMARY at all is not deployed', () => {
    const none = observed({ deployments: [], tasks: [] });
    const { last } = watched([60, 95].map((seconds) => ({ seconds, observation: none })));
    expect(last).toMatchObject({ row: 3, outcome: 'fail' });
  });

  test('one that waits for another service deployment is waited for, and fails when it never ran', () => {
    const queued = observed({
      deployments: [oldDeployment({ status: 'PRIMARY' })],
      tasks: [],
      rollouts: [rollout({ status: 'PENDING' })],
    });
    const { verdicts } = watched([60, 120, 620].map((seconds) => ({ seconds, observation: queued })));
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [16, 'waiting'],
      [16, 'waiting'],
      [16, 'fail'],
    ]);
  });
});

describe('row 4: failed or rolled back', () => {
  test.each(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])(
    'a service deployment that is %s fails at the first look, although all tasks run',
    (status) => {
      const seen = observed({
        deployments: [deployment({ rolloutState: 'COMPLETED' })],
        rollouts: [rollout({ status })],
      });
      expect(judged(60, seen)).toMatchObject({ row: 4, outcome: 'fail', deployment: 'ecs-svc/2' });
    },
  );

  test('a deployment that ECS gave up fails, with what the breaker counted, the alarms and the first stopped task', () => {
    const reason = 'ECS deployment circuit breaker: tasks failed to start.';
    const verdict = judged(
      120,
      observed({
        deployments: [deployment({ rolloutState: 'FAILED', rolloutStateReason: reason })],
        tasks: [
          stoppedTask('late', { stoppedAt: at(80) }),
          stoppedTask('early', { stoppedAt: at(40) }, { exitCode: 2 }),
        ],
        rollouts: [
          rollout({
            status: 'STOPPED',
            circuitBreaker: { status: 'TRIGGERED', failures: 3, threshold: 3 },
            alarms: { status: 'TRIGGERED', triggered: ['5xx'] },
          }),
        ],
      }),
    );
    expect(verdict).toMatchObject({ row: 4, outcome: 'fail' });
    expect(verdict.reason).toMatch(/gave the deployment up.*exit code 2/);
    const shown = Object.fromEntries(verdict.evidence.map(({ label, value }) => [label, value]));
    expect(shown).toMatchObject({
      'ECS says': reason,
      'Circuit breaker': '3 failed tasks of 3, TRIGGERED',
      Alarms: '5xx',
      'First stopped task': 'early: The container app ended with exit code 2.',
    });
  });

  test('a PRIMARY that is rolling back fails', () => {
    const seen = observed({
      deployments: [
        backAt({ rolloutState: 'IN_PROGRESS', rolloutStateReason: reasonOfRollback }),
        deployment({ status: 'ACTIVE' }),
      ],
    });
    expect(judged(120, seen)).toMatchObject({ row: 4, outcome: 'fail', deployment: 'ecs-svc/2' });
  });

  test('a PRIMARY that is rolling back fails at the first look, when nothing else of ours is left', () => {
    const seen = observed({
      deployments: [backAt({ rolloutStateReason: reasonOfRollback })],
      tasks: [oldTask('x')],
    });
    expect(judged(120, seen)).toMatchObject({ row: 4, outcome: 'fail' });
  });

  test('a rollback that was over before the first look fails there, told by the service deployment', () => {
    const seen = observed({
      deployments: [backAt()],
      tasks: [oldTask('x'), oldTask('y')],
      rollouts: [rollout({ status: 'ROLLBACK_SUCCESSFUL' })],
    });
    expect(judged(300, seen)).toMatchObject({ row: 4, outcome: 'fail' });
    expect(judged(300, seen, noSnapshot)).toMatchObject({ row: 4, outcome: 'fail' });
  });

  test('a rollback that was over fails although service deployments may not be read: by what is left of its tasks', () => {
    const left = [oldTask('x'), oldTask('y'), stoppedTask('a')];
    const seen = observed({ deployments: [backAt()], tasks: left });
    const verdict = judged(300, seen);
    expect(verdict).toMatchObject({ row: 4, outcome: 'fail', deployment: 'ecs-svc/2' });
    expect(verdict.reason).toMatch(/went back.*exit code 1/);
  });

  test('without a snapshot a PRIMARY that is rolling back is told by its own words', () => {
    const back = backAt({ rolloutStateReason: reasonOfRollback });
    const verdict = judged(120, observed({ deployments: [back] }), noSnapshot);
    expect(verdict).toMatchObject({ row: 4, reason: 'ECS rolled the deployment back.' });
  });

  test('a PRIMARY that is rolling back to the same build is not taken for ours', () => {
    const back = deployment({ rolloutStateReason: reasonOfRollback, rolloutState: 'COMPLETED' });
    expect(judged(120, observed({ deployments: [back] }))).toMatchObject({ row: 4, deployment: null });
  });

  test('a rollback to the same task definition is no pass', () => {
    const seen = observed({
      deployments: [deployment({ id: 'ecs-svc/3', createdAt: at(400), rolloutState: 'COMPLETED' })],
      tasks: [task('a', { startedBy: 'ecs-svc/3' }), task('b', { startedBy: 'ecs-svc/3' })],
      rollouts: [rollout({ status: 'ROLLBACK_SUCCESSFUL' })],
    });
    expect(judged(500, seen)).toMatchObject({ row: 4, outcome: 'fail' });
  });

  test('a service that is back at what ran before fails, when ours was PRIMARY at an earlier look', () => {
    const { last } = watched([
      { seconds: 60 },
      { seconds: 200, observation: observed({ deployments: [backAt()], tasks: [oldTask('x')] }) },
    ]);
    expect(last).toMatchObject({ row: 4, outcome: 'fail', deployment: 'ecs-svc/2' });
  });

  test('a deployment from before the apply that is PRIMARY again fails without a snapshot too', () => {
    const { last } = watched([{ seconds: 60 }, { seconds: 200, observation: onlyOld() }], noSnapshot);
    expect(last).toMatchObject({ row: 4, outcome: 'fail' });
  });

  test('a rollback from before the apply says nothing about it', () => {
    const seen = onlyOld({ rolloutStateReason: reasonOfRollback, createdAt: at(-300) });
    expect(judged(60, seen, noSnapshot)).toMatchObject({ row: 3, outcome: 'waiting' });
  });

  test('a failed rollback calls the platform team at once', () => {
    const verdict = judged(60, observed({ rollouts: [rollout({ status: 'ROLLBACK_FAILED' })] }));
    expect(verdict.reason).toMatch(/rollback failed too/);
    expect(verdict.remedy).toMatch(/platform team/);
  });

  test('it goes before a start that failed (row 7), which it names', () => {
    const seen = observed({
      tasks: [
        stoppedTask('a', {
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'CannotPullContainerError: not found',
        }),
      ],
      rollouts: [rollout({ status: 'ROLLBACK_IN_PROGRESS' })],
    });
    const verdict = judged(60, seen);
    expect(verdict.row).toBe(4);
    expect(verdict.reason).toMatch(/rolled the deployment back.*no such image/);
  });
});

describe('row 5: stopped', () => {
  test.each(['STOPPED', 'STOP_REQUESTED'])('a service deployment that is %s fails', (status) => {
    expect(judged(60, observed({ rollouts: [rollout({ status })] }))).toMatchObject({
      row: 5,
      outcome: 'fail',
    });
  });
});

describe('row 6: superseded', () => {
  const newer = deployment({ id: 'ecs-svc/9', taskDefinition: definitionArn(43), createdAt: at(100) });

  test('another PRIMARY after ours was there is inconclusive, and named', () => {
    const { last } = watched([
      { seconds: 60 },
      { seconds: 120, observation: observed({ deployments: [newer, deployment({ status: 'ACTIVE' })] }) },
    ]);
    expect(last).toMatchObject({ row: 6, outcome: 'inconclusive', deployment: 'ecs-svc/2' });
    expect(last.reason).toBe('The deployment was superseded by ecs-svc/9.');
  });

  test('so it is after a pass, and when the newer one brings the same build', () => {
    const done = observed({ deployments: [deployment({ rolloutState: 'COMPLETED' })] });
    const again = deployment({ id: 'ecs-svc/9', createdAt: at(300), rolloutState: 'COMPLETED' });
    const { verdicts } = watched([
      { seconds: 60, observation: done },
      { seconds: 400, observation: observed({ deployments: [again] }) },
    ]);
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [14, 'pass'],
      [6, 'inconclusive'],
    ]);
  });

  test.each([
    ['is listed still', { deployments: [newer, deployment({ status: 'ACTIVE' })] }],
    [
      'is known by its service deployment',
      { deployments: [newer], tasks: [], rollouts: [rollout({ status: 'SUCCESSFUL' })] },
    ],
    ['is known by its tasks', { deployments: [newer], tasks: [task('a')] }],
  ])('at the first look it is told when ours %s', (_what, parts) => {
    const definitions = [definition(42), definition(43)];
    expect(judged(120, observed({ ...parts, definitions }))).toMatchObject({
      row: 6,
      outcome: 'inconclusive',
    });
  });
});
