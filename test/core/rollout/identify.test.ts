import { describe, expect, test } from 'vitest';
import { noMemory } from '../../../src/core/rollout/memory.ts';
import {
  at,
  commit,
  definition,
  definitionArn,
  deployment,
  event,
  expectation,
  judged,
  observed,
  oldDeployment,
  oldTask,
  otherCommit,
  rollout,
  rules,
  snapshot,
  task,
  watched,
} from './support.ts';

/** Which deployment is under test, and which tasks are its own. */

const fromBefore = observed({
  deployments: [oldDeployment({ status: 'PRIMARY' })],
  tasks: [oldTask('x'), oldTask('y')],
});

describe('which deployment, where others are about', () => {
  const newer = deployment({ id: 'ecs-svc/9', taskDefinition: definitionArn(43), createdAt: at(100) });
  const foreign = (parts: Parameters<typeof observed>[0]) =>
    observed({ deployments: [newer], definitions: [definition(42), definition(43)], ...parts });

  test('one that is under way while another became PRIMARY is superseded', () => {
    expect(judged(120, foreign({ tasks: [], rollouts: [rollout()] }))).toMatchObject({ row: 6 });
  });

  test.each([
    ['of the deployment before the apply', task('a', { startedBy: 'ecs-svc/1' })],
    ['from before the apply', task('a', { startedBy: 'ecs-svc/0', createdAt: at(-500) })],
  ])('a task with our build, but %s, is no trace of ours', (_what, left) => {
    expect(judged(120, foreign({ tasks: [left] }))).toMatchObject({ row: 3, outcome: 'waiting' });
  });

  test('what a snapshot from before the apply shows is old, although a clock says that it is young', () => {
    const before = snapshot({ primary: 'ecs-svc/2' });
    const seen = observed({ deployments: [deployment({ rolloutState: 'COMPLETED' })] });
    expect(judged(60, seen, { expected: expectation({ before }) })).toMatchObject({ row: 3 });
  });

  test('the service deployment of another build does not complete ours', () => {
    const made = rollout({ status: 'SUCCESSFUL', targetTaskDefinition: definitionArn(41) });
    expect(judged(60, observed({ rollouts: [made] }))).toMatchObject({ row: 16, outcome: 'waiting' });
  });

  test('the service deployment of what ran before is no trace of ours', () => {
    const before = snapshot({ primary: 'ecs-svc/2', taskDefinition: definitionArn(42) });
    const made = rollout({ status: 'SUCCESSFUL', createdAt: at(-21) });
    const seen = observed({ deployments: [deployment({ createdAt: at(-20) })], rollouts: [made] });
    expect(judged(60, seen, { expected: expectation({ before }) })).toMatchObject({ row: 3 });
  });

  test('with several essential containers, the one of the log rules speaks for the service', () => {
    const app = { name: 'app', image: `registry/app:${'f'.repeat(40)}` };
    const proxy = { name: 'proxy' };
    const containers = [app, proxy].flatMap((parts) => definition(42, parts).containers);
    const deployments = [deployment({ rolloutState: 'COMPLETED' })];
    const tasks = ['a', 'b'].map((id) => task(id, { containers: [] }));
    const seen = observed({ definitions: [{ ...definition(), containers }], deployments, tasks });
    const logs = { container: 'app', group: null, success: [], failure: [], timeoutSeconds: 150 };
    expect(judged(60, seen)).toMatchObject({ row: 14, outcome: 'pass' });
    expect(judged(60, seen, { rules: rules({ logs }) })).toMatchObject({ row: 3, outcome: 'waiting' });
  });
});

describe('which deployment', () => {
  const done = observed({ deployments: [deployment({ rolloutState: 'COMPLETED' })] });

  test.each([
    ['family and revision', { taskDefinition: 'app:42' }],
    ['the ARN', { taskDefinition: definitionArn(42) }],
    ['the digest', { digest: `sha256:${'ab'.repeat(32)}`, commit: '0'.repeat(40) }],
    ['the commit', {}],
  ])('ours is told by %s', (_what, parts) => {
    expect(judged(60, done, { expected: expectation(parts) })).toMatchObject({
      row: 14,
      deployment: 'ecs-svc/2',
    });
  });

  test.each([
    ['family and revision', { taskDefinition: 'app:4' }],
    [
      'an ARN of another account',
      { taskDefinition: definitionArn(42).replace('123456789012', '999999999999') },
    ],
    ['the digest, although the tag shows the commit', { digest: `sha256:${'00'.repeat(32)}` }],
    [
      'the digest, although the task definition is right',
      { taskDefinition: 'app:42', digest: `sha256:${'00'.repeat(32)}` },
    ],
    ['the commit', { commit: otherCommit }],
  ])('another is told by %s', (_what, parts) => {
    const looks = [60, 95].map((seconds) => ({ seconds, observation: done }));
    expect(watched(looks, { expected: expectation(parts) }).last).toMatchObject({ row: 3, outcome: 'fail' });
  });

  test('one that was taken for ours by its tag is not, once another digest was pulled', () => {
    const expected = expectation({ digest: `sha256:${'00'.repeat(32)}` });
    const { verdicts, memory } = watched(
      [
        { seconds: 30, observation: observed({ tasks: [] }) },
        { seconds: 60, observation: done },
        { seconds: 95, observation: done },
      ],
      { expected },
    );
    expect(verdicts.map(({ row, outcome }) => [row, outcome])).toEqual([
      [16, 'waiting'],
      [3, 'waiting'],
      [3, 'fail'],
    ]);
    expect(memory.deployment).toBeNull();
  });

  test.each([
    ['{short}', '1a2b3c4d', true],
    ['{short}', '1a2b3c4', true],
    ['{short}', '1a2b3c', false],
    ['v-{short}', 'v-1a2b3c4d5', true],
    ['v-{short}', '1a2b3c4d', false],
    ['{commit}-prod', `${commit}-prod`, true],
    ['{commit}', '1A2B3C4D', true],
    ['{commit}', '20261120', false],
    ['{commit}', 'latest', false],
  ])('an image tag of the form %s: %s', (imageTag, tag, isOurs) => {
    const definitions = [
      definition(42, { image: `registry:5000/team/app:${tag}@sha256:${'ab'.repeat(32)}` }),
    ];
    const tasks = [task('a', { containers: [] }), task('b', { containers: [] })];
    const deployments = [deployment({ rolloutState: 'COMPLETED' })];
    const verdict = judged(60, observed({ definitions, tasks, deployments }), { rules: rules({ imageTag }) });
    expect(verdict.outcome === 'pass').toBe(isOurs);
  });

  test('the image of a sidecar does not speak for the service', () => {
    const [app] = definition(42, { image: 'registry/app:latest' }).containers;
    const [sidecar] = definition(42, { name: 'sidecar', essential: false }).containers;
    const both = { ...definition(42), containers: [app, sidecar].filter((one) => one !== undefined) };
    const tasks = [task('a', { containers: [] }), task('b', { containers: [] })];
    const deployments = [deployment({ rolloutState: 'COMPLETED' })];
    expect(judged(60, observed({ definitions: [both], tasks, deployments })).outcome).toBe('waiting');
  });

  test('an old deployment with the same image does not pass for ours, nor do its tasks', () => {
    const before = snapshot({ taskDefinition: definitionArn(42) });
    const old = oldDeployment({ status: 'PRIMARY', taskDefinition: definitionArn(42) });
    const replaced = task('fresh', { startedBy: 'ecs-svc/1', createdAt: at(30) });
    const seen = observed({
      deployments: [old],
      tasks: [replaced, task('y', { startedBy: 'ecs-svc/1', createdAt: at(-86_000) })],
    });
    const { last } = watched(
      [60, 95].map((seconds) => ({ seconds, observation: seen })),
      { expected: expectation({ before }) },
    );
    expect(last).toMatchObject({ row: 3, outcome: 'inconclusive' });
  });

  test('tasks of the old deployment do not count for ours', () => {
    const seen = observed({
      deployments: [deployment({ rolloutState: 'COMPLETED' }), oldDeployment()],
      tasks: [oldTask('x'), oldTask('y')],
    });
    expect(judged(60, seen)).toMatchObject({ outcome: 'waiting', tasks: { running: 0, wanted: 2 } });
  });

  test('tasks that do not say who started them are told by task definition and time', () => {
    const anonymous = (id: string, createdAt: string) => task(id, { startedBy: '', createdAt });
    const deployments = [deployment({ rolloutState: 'COMPLETED' })];
    const young = observed({ deployments, tasks: [anonymous('a', at(11)), anonymous('b', at(12))] });
    const old = observed({ deployments, tasks: [anonymous('a', at(-11)), anonymous('b', at(12))] });
    expect(judged(60, young).outcome).toBe('pass');
    expect(judged(60, old).outcome).toBe('waiting');
  });

  test('one that is remembered from an earlier apply is not taken for the one of this apply', () => {
    const { memory } = watched([{ seconds: 60, observation: done }]);
    const parts = {
      memory,
      expected: expectation({ appliedAt: at(3_600), before: null }),
      watchedSince: at(3_620),
    };
    expect(judged(3_700, done, parts)).toMatchObject({ row: 3, outcome: 'waiting' });
    const again = deployment({ id: 'ecs-svc/3', createdAt: at(3_610), rolloutState: 'COMPLETED' });
    const tasks = [task('c', { startedBy: 'ecs-svc/3' }), task('d', { startedBy: 'ecs-svc/3' })];
    const next = observed({ deployments: [again, deployment({ status: 'ACTIVE' })], tasks });
    expect(judged(3_700, next, parts)).toMatchObject({ row: 14, deployment: 'ecs-svc/3' });
  });

  test('it is remembered once it is certain, and not before', () => {
    expect(watched([{ seconds: 60 }]).memory.deployment).toBe('ecs-svc/2');
    expect(watched([{ seconds: 60, observation: fromBefore }]).memory).toEqual({
      ...noMemory,
      unchangedSince: at(60),
    });
  });

  test('the completion of another deployment says nothing about ours', () => {
    const events = [event(50, '(service app) (deployment ecs-svc/1) deployment completed.')];
    const seen = observed({ deployments: [deployment({ rolloutState: null })], events });
    expect(judged(60, seen)).toMatchObject({ row: 16, outcome: 'waiting' });
  });
});
