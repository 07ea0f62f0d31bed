import { describe, expect, test } from 'vitest';
import { SecretlintFinder } from '../../../src/adapters/secrets/secretlint-finder.ts';
import { lookAtRollouts } from '../../../src/checks/rollout/look.ts';
import { never } from '../../adapters/aws/stage.ts';
import { logRules } from './rules.ts';
import { cluster, course, image, type Play, play } from './support.ts';

/** AWS slows down, breaks off, refuses or lies in another account; containers write secrets. */

const rules = { logs: logRules() };
const plain = (script: string) => play({ script, rules });
const gist = ({ verdict: { row, outcome, reason } }: Awaited<ReturnType<typeof play>>) => ({
  row,
  outcome,
  reason,
});

describe('throttles', () => {
  test.each([
    ['healthy-fast', 'DescribeServices'],
    ['healthy-fast', 'ListTasks'],
    ['healthy-fast', 'DescribeTasks'],
    ['healthy-fast', 'DescribeTaskDefinition'],
    ['healthy-fast', 'ListServiceDeployments'],
    ['healthy-fast', 'DescribeServiceDeployments'],
    ['healthy-fast', 'DescribeServiceRevisions'],
    ['healthy-fast', 'FilterLogEvents'],
    ['crash-loop', 'DescribeTasks'],
    ['missing-secret', 'DescribeServices'],
  ] as const)('of %s at %s are waited for, and change nothing', async (script, operation) => {
    const throttled = await play({
      script,
      rules,
      beforehand: ({ control }) => control.addFault({ kind: 'throttle', operation, times: 3 }),
    });
    const { faults } = await throttled.town.control.state();
    expect(faults).toMatchObject([{ struck: 3 }]);
    const { row, outcome } = gist(await plain(script));
    expect(throttled.verdict).toMatchObject({ row, outcome });
  });

  test('of everything, half of the time, change nothing either', async () => {
    const fault = { kind: 'throttle', probability: 0.5, seed: 7 } as const;
    const throttled = await play({
      script: 'healthy',
      rules,
      beforehand: ({ control }) => control.addFault(fault),
    });
    expect(gist(throttled)).toEqual(gist(await plain('healthy')));
  });
});

test('an AWS that does not answer is waited for, and not known at the deadline', async () => {
  const played = await play({
    script: 'healthy',
    rules: { deadlineSeconds: 45 },
    beforeLook: ({ control }, look) =>
      look === 8
        ? control.addFault({ kind: 'http503', operation: 'DescribeServices' })
        : Promise.resolve(undefined),
  });
  expect(played.verdict).toMatchObject({ row: 16, outcome: 'inconclusive' });
  expect(played.verdict.reason).toMatch(/^AWS does not answer: /);
  expect(played.verdict.remedy).toMatch(/^The release engineer looks again/);
});

test.each([
  ['service deployments', ['ListServiceDeployments', 'DescribeServiceDeployments']],
  ['service revisions', ['DescribeServiceRevisions']],
] as const)('without the right to read %s the verdicts are the same', async (_, operations) => {
  const refuse: Play['beforehand'] = async ({ control }) => {
    for (const operation of operations) await control.access({ operation, allowed: false });
  };
  for (const script of ['healthy-fast', 'crash-loop', 'superseded', 'not-deployed'])
    expect(gist(await play({ script, rules, beforehand: refuse }))).toEqual(gist(await plain(script)));
  const back = await play({ script: 'rolled-back', lateSeconds: 110, rules, beforehand: refuse });
  expect(back.verdict).toMatchObject({ row: 4, outcome: 'fail' });
});

test('without the right to read lines, what must be found in them is not known', async () => {
  const played = await play({
    script: 'healthy-fast',
    rules,
    beforehand: ({ control }) => control.access({ operation: 'FilterLogEvents', allowed: false }),
  });
  expect(played.verdict).toMatchObject({ row: 14, outcome: 'inconclusive' });
  expect(played.verdict.reason).toMatch(/^The log lines cannot be read\./);
});

describe('another account', () => {
  const account = { id: 'production', roleArn: 'arn:aws:iam::210987654321:role/gonogo', externalId: 'ours' };

  test.each([
    ['healthy-fast', 'pass'],
    ['crash-loop', 'fail'],
  ])('is read by its role, with its lines (%s: %s)', async (script, outcome) => {
    const played = await play({ script, rules, account });
    expect(played.verdict).toMatchObject({ outcome, deployment: played.begun.deployment });
  });

  test('whose role is not let in is not known', async () => {
    const played = await play({
      script: 'healthy-fast',
      account,
      deniedExternalId: 'theirs',
      isUnprepared: true,
    });
    expect(played.verdict).toMatchObject({ row: 1, outcome: 'inconclusive' });
    expect(course(played)).toEqual(['inconclusive 1']);
  });
});

test('one look at several rollouts judges each by itself', async () => {
  const { town, subject } = await play({ script: 'no-op' });
  const scripts = ['healthy-fast', 'crash-loop', 'missing-secret'];
  const applied = town.time.now().toISOString();
  for (const script of scripts) {
    const spec = { cluster, name: script, image: `registry.example/${script}:old` };
    await town.control.addService(spec);
    await town.control.deploy({ cluster, service: script, script, image });
  }
  await town.control.access({ operation: 'DescribeServiceDeployments', allowed: false });
  await town.time.advance(45_000);
  const names = [...scripts, 'nobody'];
  const watched = names.map((service) => ({
    subject: {
      ...subject,
      place: { ...subject.place, service },
      expected: { ...subject.expected, appliedAt: applied, before: null },
      watchedSince: applied,
    },
    memo: null,
  }));
  const deps = { now: town.time.now, secrets: new SecretlintFinder([]) };
  const looks = await lookAtRollouts(town.sources, subject.place, watched, deps, never);
  const verdicts = await Promise.all(looks.map((look) => look.verdict()));
  expect(verdicts.map(({ row, outcome }) => `${outcome} ${row}`)).toEqual([
    'pass 14',
    'fail 8',
    'fail 7',
    'inconclusive 1',
  ]);
});

test('secrets that a container writes never leave a look', async () => {
  // Put together here, so that no scanner takes them for real ones.
  const secrets = [
    ['AKIA', 'Z7QK4PWXN2LMTR5V'].join(''),
    ['glp', 'at-', 'aB3dE6gH9jK2mN5pQ8sT'].join(''),
    ['hunter2', 'Very', 'Secret'].join('-'),
  ];
  const [key, token, password] = secrets;
  const lines = [
    { afterMs: 300, text: `INFO  using ${key}` },
    { afterMs: 600, text: `ERROR database connection refused for token ${token}` },
    { afterMs: 900, text: `ERROR DATABASE_URL=postgres://app:${password}@db.internal/app` },
  ];
  for (const script of ['healthy-fast', 'crash-loop']) {
    const played = await play({ script, wish: { lines }, rules });
    expect(played.verdict.outcome).toBe('fail');
    const said = JSON.stringify(played.looks);
    expect(said).toContain('database connection refused');
    for (const secret of secrets) expect(said).not.toContain(secret);
  }
});
