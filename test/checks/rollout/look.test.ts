import { describe, expect, test } from 'vitest';
import { lookAtEach, lookAtRollouts, nextLookMs } from '../../../src/checks/rollout/look.ts';
import { freshFrom } from '../../../src/core/rollout/candidates.ts';
import type { Observation } from '../../../src/core/rollout/observation.ts';
import { aws, busy, denied, readyLines, secret, secrets, unaborted, withLogs } from './shown-aws.ts';
import {
  at,
  crashed,
  deployment,
  line,
  nothing,
  observed,
  region,
  rolling,
  start,
  subjectOf,
  task,
} from './support.ts';

describe('a look', () => {
  test('passes a deployment that is finished, and says where to look and since when it runs', async () => {
    const { verdict, memo } = await aws({}).look(subjectOf());
    expect(verdict).toMatchObject({ outcome: 'pass', row: 14, isFinal: true, deployment: 'ecs-svc/2' });
    expect(verdict.evidence).toEqual(
      expect.arrayContaining([
        {
          label: 'ECS service',
          value: 'main/core',
          url: 'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/main/services/core/health?region=eu-west-1',
          at: at(120),
        },
        { label: 'Deployment began', value: at(30), url: null, at: at(30) },
      ]),
    );
    expect(memo.memory.deployment).toBe('ecs-svc/2');
  });

  test('asks for many at once, with the deployments that are known, and answers in their order', async () => {
    const shown = { core: {}, web: { observation: nothing }, api: { error: busy } };
    const { sources, questions, now, look } = aws(shown);
    const { memo } = await look(subjectOf());
    const watched = ['api', 'core', 'web'].map((service) => ({
      subject: subjectOf({ service }),
      memo: service === 'core' ? memo : null,
    }));
    const place = { account: null, region };
    const looks = await lookAtRollouts(sources, place, watched, { now, secrets }, unaborted());
    const verdicts = await Promise.all(looks.map((look) => look.verdict()));
    expect(verdicts.map(({ outcome, row }) => [outcome, row])).toEqual([
      ['waiting', 16],
      ['pass', 14],
      ['inconclusive', 1],
    ]);
    const since = freshFrom(subjectOf().expected);
    expect(questions.at(-1)).toEqual([
      { cluster: 'main', service: 'api', deployment: null, since },
      { cluster: 'main', service: 'core', deployment: 'ecs-svc/2', since },
      { cluster: 'main', service: 'web', deployment: null, since },
    ]);
  });

  test('reads no lines without rules, while no task has started, or when ECS has settled it', async () => {
    const plain = aws({});
    await plain.look(subjectOf());
    const early = aws({ observation: rolling() });
    expect((await early.look(withLogs)).verdict.outcome).toBe('waiting');
    const gone = aws({ observation: nothing });
    await gone.look(withLogs);
    expect([plain.queries, early.queries, gone.queries]).toEqual([[], [], []]);
  });
});

describe('AWS without an answer', () => {
  test('is waited for until the deadline, and not known then', async () => {
    const { look, state } = aws({ error: busy }, 120);
    const first = await look(subjectOf());
    expect(first.verdict).toMatchObject({
      outcome: 'waiting',
      row: 16,
      reason: 'AWS does not answer: It is slow.',
      remedy: '',
    });
    state.seconds = 659;
    expect((await look(subjectOf(), first.memo)).verdict.outcome).toBe('waiting');
    state.seconds = 660;
    const late = await look(subjectOf(), first.memo);
    expect(late.verdict).toMatchObject({ outcome: 'inconclusive', row: 16 });
    expect(late.verdict.remedy).not.toBe('');
  });

  test('keeps what the looks before left', async () => {
    const { memo } = await aws({}).look(subjectOf());
    expect((await aws({ error: busy }).look(subjectOf(), memo)).memo).toEqual(memo);
  });

  test('because it refuses is row 1', async () => {
    const { verdict } = await aws({ error: denied }).look(subjectOf());
    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      row: 1,
      reason: expect.stringContaining('AccessDenied'),
    });
    expect(verdict.remedy).toContain('read-only policy');
  });
});

test('what ECS alone has settled is told while the lines of another rollout are still being read', async () => {
  const shown = { core: { lines: readyLines }, web: { observation: nothing } };
  const { sources, now } = aws(shown);
  const settled = Promise.withResolvers<void>();
  const taskLogs: typeof sources.taskLogs = {
    read: async (...of) => {
      await settled.promise;
      return sources.taskLogs.read(...of);
    },
  };
  const watched = [withLogs, subjectOf({ service: 'web' })].map((subject) => ({ subject, memo: null }));
  const told: string[] = [];
  const place = { account: null, region };
  await lookAtEach(
    { ...sources, taskLogs },
    place,
    watched,
    { now, secrets },
    unaborted(),
    async (look, i) => {
      told.push(`${i} ${look.outcome}`);
      if (look.outcome === 'inconclusive') settled.resolve();
    },
  );
  expect(told).toEqual(['1 inconclusive', '0 pass']);
});

describe('the gist of a look', () => {
  const gistOf = async (observation: Observation, seconds = 120, subject = subjectOf()) =>
    (await aws({ observation }, seconds).look(subject)).gist;

  test('is the same as long as people are told the same', async () => {
    expect(await gistOf(rolling([task(1)]), 121)).toBe(await gistOf(rolling([task(1)])));
  });

  test('changes with what is told: how many tasks run, which one failed, the outcome', async () => {
    const gists = [rolling(), rolling([task(1)]), rolling([crashed(1)]), observed()].map((one) =>
      gistOf(one),
    );
    expect(new Set(await Promise.all(gists)).size).toBe(4);
  });

  test('holds nothing of what a container wrote', async () => {
    const look = await aws({ observation: rolling([crashed(1, secret), crashed(2, secret)]) }).look(withLogs);
    expect(look.gist).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });
});

describe('what others wrote', () => {
  test('leaves the look without secrets and without what PostgreSQL does not take', async () => {
    const reason = `Essential container exited: ${secret}\0`;
    const tasks = [crashed(1, reason), crashed(2, reason)];
    const lines = [
      line(1, 48, `password is ${secret}\0`),
      line(2, 49, `cannot reach the database ${secret}`),
    ];
    const { verdict, memo } = await aws({ observation: rolling(tasks), lines }).look(withLogs);
    expect(verdict.outcome).toBe('fail');
    const kept = JSON.stringify([verdict, memo]);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain('\\u0000');
    expect(kept).toContain('[removed');
  });
});

test('a look ends with the signal', async () => {
  const { sources, now } = aws({});
  const ended = AbortSignal.abort(new Error('stopping'));
  const watched = [{ subject: subjectOf(), memo: null }];
  await expect(
    lookAtRollouts(sources, { account: null, region }, watched, { now, secrets }, ended),
  ).rejects.toThrow('stopping');
});

test.each([
  [0, 5_000],
  [59, 5_000],
  [60, 10_000],
])('%i s after it began, the next look comes in %i ms', (seconds, ms) => {
  expect(nextLookMs(subjectOf({ since: at(0) }), new Date(start + seconds * 1_000))).toBe(ms);
});

test('tasks of another deployment are not those under test', async () => {
  const old = deployment({
    id: 'ecs-svc/1',
    status: 'ACTIVE',
    createdAt: at(-9_000),
    desired: 0,
    running: 0,
  });
  const tasks = [task(1), task(2), task(3, { startedBy: 'ecs-svc/1' })];
  const observation = observed({ deployments: [deployment(), old], tasks });
  const { look } = aws({ observation, lines: readyLines });
  expect((await look(withLogs)).verdict.outcome).toBe('pass');
});
