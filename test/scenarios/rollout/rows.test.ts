import { expect, test } from 'vitest';
import type { RolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import { logRules } from './rules.ts';
import { course, logGroup, oldSha, type Play, play, proof } from './support.ts';
import { PlayedWatch } from './watch.ts';

/** Every row of the verdict table (facts: rollout verdict): how the looks go, and what the last one says. */

interface Case extends Play {
  says: string;
  /** Each verdict, once in a row. */
  goes: string[];
  reason: string;
  /** Who does what next; empty for a pass. */
  remedy: string;
  isFinal?: boolean;
}

const denied: Play['beforehand'] = ({ control }) =>
  control.access({ operation: 'DescribeServices', allowed: false });
const digest = `sha256:${'7'.repeat(64)}`;

const cases: Case[] = [
  {
    says: '1: AWS does not let the bot look',
    script: 'healthy',
    beforehand: denied,
    goes: ['inconclusive 1'],
    reason: 'AWS does not let the bot look at the service.',
    remedy: "The platform team gives the bot's role the read rights of examples/iam; then re-check.",
  },
  {
    says: '1: the service is being deleted',
    script: 'draining',
    goes: ['waiting 16', 'fail 1'],
    reason: 'The service is being removed (DRAINING).',
    remedy: 'The service owner finds out who removed the service, and creates it again.',
  },
  {
    says: '1: the service was deleted',
    script: 'inactive',
    lateSeconds: 60,
    goes: ['fail 1'],
    reason: 'The service was removed (INACTIVE).',
    remedy: 'The service owner finds out who removed the service, and creates it again.',
  },
  {
    says: '2: the new task set of CodeDeploy becomes PRIMARY and steady',
    script: 'code-deploy',
    goes: ['waiting 2', 'pass 2'],
    reason: 'The new task set is PRIMARY and steady.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '2: an external controller does the same',
    script: 'external',
    goes: ['waiting 2', 'pass 2'],
    reason: 'The new task set is PRIMARY and steady.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '2: the new task set never becomes steady',
    script: 'code-deploy-stuck',
    goes: ['waiting 2', 'inconclusive 2'],
    reason: 'The new task set did not become PRIMARY and steady in time; CodeDeploy moves it.',
    remedy: 'The release engineer looks at the deployment in CodeDeploy, then re-checks.',
  },
  {
    says: '3: the definition was registered and never deployed',
    script: 'not-deployed',
    goes: ['waiting 3', 'fail 3'],
    reason: 'Not deployed: nothing changed since the apply, and the service still runs api:41.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: another build was deployed',
    script: 'healthy-fast',
    wish: { image: `registry.example/api:${'9'.repeat(40)}` },
    goes: ['waiting 3', 'fail 3'],
    reason: 'Not deployed: another build was deployed instead, and the service runs api:42.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: the tag is right, and what was pulled is another digest than the pipeline pushed',
    script: 'healthy-fast',
    expected: { digest },
    goes: ['waiting 16', 'waiting 3', 'fail 3'],
    reason: 'Not deployed: another build was deployed instead, and the service runs api:42.',
    remedy:
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
  },
  {
    says: '3: the apply changed nothing, for the release ran already',
    script: 'no-op',
    expected: { commit: oldSha },
    goes: ['waiting 3', 'inconclusive 3'],
    reason: 'There is no new deployment: the service ran api:41 before, and that is the release already.',
    remedy:
      'Nothing was deployed, so there is nothing to validate. The release engineer deploys again if it should have been.',
  },
  {
    says: '3: the image does not show which commit it is',
    script: 'healthy-fast',
    wish: { image: 'registry.example/api:latest' },
    goes: ['waiting 3', 'inconclusive 3'],
    reason: 'There is a new deployment, and nothing tells whether it is the release.',
    remedy:
      'The service owner lets the image show the commit (image-tag in the catalogue), or the pipeline names the task definition or the digest.',
  },
  {
    says: '4: ECS has rolled it back before anybody looked',
    script: 'rolled-back',
    lateSeconds: 110,
    goes: ['fail 4'],
    reason: 'ECS rolled the deployment back. The container api ended with exit code 1.',
    remedy: 'The service owner looks into the last lines of the task, corrects it and deploys again.',
  },
  {
    says: '4: somebody has ECS roll it back',
    script: 'rollback-by-person',
    goes: ['waiting 16', 'fail 4'],
    reason: 'ECS rolled the deployment back.',
    remedy:
      'The service owner looks into the first stopped task and the alarms, corrects it and deploys again.',
  },
  {
    says: '4: the roll back fails too',
    script: 'rollback-fails',
    lateSeconds: 300,
    goes: ['fail 4'],
    reason: 'The deployment failed, and its rollback failed too.',
    remedy:
      'The platform team looks at the service at once: what runs now is neither the release nor what was before.',
  },
  {
    says: '4: ECS gives it up without a roll back',
    script: 'crash-no-rollback',
    lateSeconds: 240,
    goes: ['fail 4'],
    reason: 'ECS gave the deployment up. The container api ended with exit code 1.',
    remedy: 'The service owner looks into the last lines of the task, corrects it and deploys again.',
  },
  {
    says: '5: somebody stops it',
    script: 'stopped',
    goes: ['waiting 16', 'fail 5'],
    reason: 'The deployment was stopped.',
    remedy: 'The release engineer finds out who stopped it, and deploys again when it may go on.',
  },
  {
    says: '6: another deployment takes over',
    script: 'superseded',
    goes: ['waiting 16', 'inconclusive 6'],
    reason: 'The deployment was superseded by OTHER.',
    remedy: 'The release engineer validates the deployment that runs now, or deploys this one again.',
  },
  {
    says: '9: no task finds a place for a minute',
    script: 'placement',
    goes: ['waiting 16', 'waiting 9', 'fail 9'],
    reason: 'ECS finds no place for the tasks of the deployment.',
    remedy: 'The platform team makes room: more or larger machines, or less CPU and memory for the task.',
  },
  {
    says: '9: no task finds a place at first, then all do',
    script: 'placement-recovers',
    goes: ['waiting 16', 'waiting 9', 'waiting 16', 'pass 15'],
    reason: 'All tasks of the deployment run and are healthy; ECS has not completed it yet.',
    remedy: '',
    isFinal: false,
  },
  {
    says: '10: tasks that Spot takes away count for nothing',
    script: 'spot',
    goes: ['waiting 16', 'pass 14'],
    reason: 'ECS completed the deployment, and all its tasks run.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '11: the service wants no task',
    script: 'zero',
    goes: ['inconclusive 11'],
    reason: 'There is nothing to run: the service wants no task.',
    remedy:
      'The service owner says whether that is meant. Then the catalogue may let it pass (empty-passes: true).',
  },
  {
    says: '11: the service wants no task, and may',
    script: 'zero',
    rules: { emptyPasses: true },
    goes: ['pass 11'],
    reason: 'No task is wanted, which the catalogue takes for good.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '12: a DAEMON without machines',
    script: 'daemon-empty',
    goes: ['inconclusive 12'],
    reason: 'The cluster has no machines for a DAEMON service to run on.',
    remedy: 'The platform team adds machines to the cluster; then re-check.',
  },
  {
    says: '13: a hook waits for somebody',
    script: 'hook-awaiting',
    goes: ['waiting 13', 'inconclusive 13'],
    reason: 'The deployment did not end in time: POST_TEST_TRAFFIC_SHIFT is AWAITING_ACTION.',
    remedy: 'The service owner lets the deployment go on or rolls it back, then re-checks.',
  },
  {
    says: '13: a canary is not done at the deadline, with all its tasks well',
    script: 'canary',
    rules: { deadlineSeconds: 300 },
    goes: ['waiting 13', 'inconclusive 13'],
    reason: 'The deployment did not end in time: PRODUCTION_TRAFFIC_SHIFT.',
    remedy: 'The service owner looks how far the CANARY deployment is, then re-checks.',
  },
  {
    says: '13: blue/green is baked, then done',
    script: 'blue-green',
    rules: { deadlineSeconds: 1_200 },
    goes: ['waiting 13', 'pass 14'],
    reason: 'ECS completed the deployment, and all its tasks run.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '13: traffic is shifted in steps, then done',
    script: 'linear',
    rules: { deadlineSeconds: 1_200 },
    goes: ['waiting 13', 'pass 14'],
    reason: 'ECS completed the deployment, and all its tasks run.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '14: ECS completes it, and its lines say that it is well',
    script: 'healthy-fast',
    rules: { logs: logRules() },
    goes: ['waiting 16', 'waiting 14', 'pass 14'],
    reason: 'ECS completed the deployment, and all its tasks run.',
    remedy: '',
    isFinal: true,
  },
  {
    says: '15: all is well before ECS completes it',
    script: 'healthy',
    rules: { logs: logRules() },
    goes: ['waiting 16', 'pass 15'],
    reason: 'All tasks of the deployment run and are healthy; ECS has not completed it yet.',
    remedy: '',
    isFinal: false,
  },
  {
    says: '15: the container’s health check is awaited',
    script: 'healthy',
    wish: { healthCheck: true },
    goes: ['waiting 16', 'pass 15'],
    reason: 'All tasks of the deployment run and are healthy; ECS has not completed it yet.',
    remedy: '',
    isFinal: false,
  },
  {
    says: '16: no task ever runs',
    script: 'never-starts',
    goes: ['waiting 16', 'fail 16'],
    reason: 'No task of the deployment ran in time.',
    remedy: 'The service owner looks at the tasks and events of the service in ECS, then re-checks.',
  },
  {
    says: '16: one task never runs',
    script: 'slow',
    goes: ['waiting 16', 'inconclusive 16'],
    reason: 'Still rolling: not all tasks of the deployment ran healthily in time.',
    remedy: 'The service owner looks at the tasks and events of the service in ECS, then re-checks.',
  },
  {
    says: '16: healthy, and not for long enough at the deadline',
    script: 'healthy',
    rules: { soakSeconds: 200, deadlineSeconds: 120 },
    goes: ['waiting 16', 'inconclusive 16'],
    reason: 'Still rolling: the tasks are healthy, and the deployment did not end in time.',
    remedy: 'The service owner looks at the tasks and events of the service in ECS, then re-checks.',
  },
];

test.each(cases.map((one) => [one.says, one] as const))(
  'row %s',
  async (_, { goes, reason, remedy, isFinal = false, ...how }) => {
    const played = await play(how);
    expect(course(played)).toEqual(goes);
    const { verdict, begun } = played;
    expect(verdict).toMatchObject({
      reason: reason.replace('OTHER', supersededBy(verdict)),
      remedy,
      isFinal,
    });
    expect(verdict.deployment).toBe(isCertain(verdict, how) ? begun.deployment : null);
    expect(verdict.evidence.map(({ label }) => label)).toContain('ECS service');
    if (verdict.outcome === 'pass') expect(verdict.failures).toEqual([]);
  },
);

/** What runs is not said to be the one under test where it is another, or nothing of it can be seen. */
function isCertain({ row }: RolloutVerdict, { beforehand, script }: Play): boolean {
  return row !== 3 && !beforehand && script !== 'inactive';
}

function supersededBy({ evidence }: RolloutVerdict): string {
  const primary = evidence.find(({ label }) => label === 'PRIMARY');
  return primary?.value.split(',')[0] ?? '';
}

test.each([
  ['service', { service: 'nobody' }],
  ['cluster', { cluster: 'nowhere' }],
])('row 1: the %s is not there', async (what, place) => {
  const { town, subject } = await play({ script: 'healthy-fast' });
  const elsewhere = { ...subject, place: { ...subject.place, ...place } };
  expect((await new PlayedWatch(town, elsewhere, {}).look()).verdict).toMatchObject({
    row: 1,
    outcome: 'inconclusive',
    reason: `There is no such ${what} in ECS.`,
    deployment: null,
  });
});

test('row 4 is proved: breaker counts, the first stopped task, what runs instead, and its last lines', async () => {
  const { watch, verdict, begun } = await play({ script: 'rolled-back', lateSeconds: 110 });
  expect(proof(watch.last, 'Circuit breaker')).toBe('3 failed tasks of 3, TRIGGERED');
  expect(proof(watch.last, 'PRIMARY')).toMatch(/^ecs-svc\/\d+, api:41$/);
  expect(proof(watch.last, 'Service deployment')).toBe(
    'ROLLBACK_SUCCESSFUL: Service deployment rolled back because the circuit breaker threshold was exceeded.',
  );
  const [first] = verdict.failures;
  expect(first).toMatchObject({ stoppedReason: 'Essential container in task exited', exitCode: 1 });
  expect(proof(watch.last, 'First stopped task')).toBe(
    `${first?.task}: The container api ended with exit code 1.`,
  );
  expect(verdict.digest).toBe(begun.digest);
  const shown = verdict.excerpts.flatMap(({ lines }) => lines.map(({ text }) => text));
  expect(shown).toContain('manage.errors.ConfigurationError: TARIFF_SERVICE_URL is not set');
  expect(proof(watch.last, 'Log lines')).toBe(logGroup);
});

test('row 4 is proved: the alarm that went off', async () => {
  const { watch, verdict } = await play({ script: 'rollback-by-alarm', lateSeconds: 95 });
  expect(verdict).toMatchObject({ row: 4, outcome: 'fail', reason: 'ECS rolled the deployment back.' });
  expect(proof(watch.last, 'Alarms')).toBe('manage-5xx-rate');
});

test('row 10 is proved: each stop that does not count', async () => {
  const { verdict } = await play({ script: 'spot' });
  const told = verdict.evidence.filter(({ label }) => label === 'Stop that does not count');
  expect(told.map(({ value }) => value.split(': ')[1])).toEqual([
    'Your Spot Task was interrupted.',
    'Your Spot Task was interrupted by a termination notice.',
  ]);
});

test('row 13 is proved: the stage, and the hook that waits', async () => {
  const { watch } = await play({ script: 'hook-awaiting' });
  expect(proof(watch.last, 'Stage')).toBe('POST_TEST_TRAFFIC_SHIFT');
  expect(proof(watch.last, 'Waits for')).toBe('post_test_traffic_shift-approval');
});
