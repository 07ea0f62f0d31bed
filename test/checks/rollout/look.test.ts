import { describe, expect, test } from 'vitest';
import { SecretlintFinder } from '../../../src/adapters/secrets/secretlint-finder.ts';
import {
  lookAtEach,
  lookAtRollouts,
  nextLookMs,
  type WatchMemo,
  watchMemo,
} from '../../../src/checks/rollout/look.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { problem } from '../../../src/core/problem.ts';
import { freshFrom } from '../../../src/core/rollout/candidates.ts';
import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type { Observation } from '../../../src/core/rollout/observation.ts';
import type { RolloutQuestion, TaskLogQuery } from '../../../src/core/rollout/sources.ts';
import type { RolloutSubject } from '../../../src/core/rollout/watch.ts';
import {
  at,
  crashed,
  deployment,
  line,
  logRules,
  nothing,
  observed,
  region,
  rolling,
  start,
  subjectOf,
  task,
} from './support.ts';

const secret = 'hunter2-very-secret';
const secrets = new SecretlintFinder([secret]);
const busy = new OutsideError('busy', problem('aws-unread', { said: 'It is slow.' }), { cause: null });
const denied = new OutsideError('refused', problem('aws-refused', { said: 'AccessDenied' }), { cause: null });

interface Shown {
  observation?: Observation;
  error?: OutsideError;
  lines?: LogLine[];
  logError?: OutsideError;
}

/** An AWS that shows what it is told, by service, and a clock at so many seconds after the apply. */
function aws(shown: Record<string, Shown> | Shown, seconds = 120) {
  const of = (service: string): Shown => {
    const own = (shown as Record<string, Shown>)[service];
    return own ?? (shown as Shown);
  };
  const state = { seconds };
  const questions: RolloutQuestion[][] = [];
  const queries: TaskLogQuery[] = [];
  const sources = {
    rollouts: {
      observe: async (_: unknown, asked: readonly RolloutQuestion[]) => {
        questions.push([...asked]);
        return asked.map(({ service }) => {
          const { error, observation } = of(service);
          return error ? { error } : { observation: observation ?? observed() };
        });
      },
      snapshot: () => Promise.reject(new Error('not asked')),
    },
    taskLogs: {
      read: async (query: TaskLogQuery, page: (lines: LogLine[]) => void) => {
        queries.push(query);
        const { logError, lines = [] } = of(query.group.replace('/ecs/', ''));
        page(
          lines.filter((one) => one.at >= query.from.getTime() && one.at <= start + state.seconds * 1_000),
        );
        if (logError) throw logError;
        return { kind: 'drained' as const, url: 'https://console.example/logs' };
      },
    },
  };
  const now = () => new Date(start + state.seconds * 1_000);
  const look = async (subject: RolloutSubject, memo: WatchMemo | null = null) => {
    const place = { account: null, region };
    const [one] = await lookAtRollouts(sources, place, [{ subject, memo }], { now, secrets }, unaborted());
    if (!one) throw new Error('no look');
    // A memo is kept as JSON between two looks.
    return {
      ...one,
      verdict: await one.verdict(),
      memo: watchMemo.parse(JSON.parse(JSON.stringify(one.memo))),
    };
  };
  return { sources, questions, queries, look, state, now };
}

const unaborted = () => new AbortController().signal;
const withLogs = subjectOf({ rules: { logs: logRules } });
const readyLines = [line(1, 45, 'Server is ready'), line(2, 46, 'Server is ready')];

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

describe('lines', () => {
  test('that were awaited, and quiet after them, let a deployment pass', async () => {
    const { look, queries, state } = aws({ lines: readyLines });
    const first = await look(withLogs);
    expect(first.verdict.outcome).toBe('pass');
    expect(queries).toHaveLength(1);
    expect(queries[0]).toMatchObject({ group: '/ecs/core', streamPrefix: 'core/app/', region, to: null });
    expect(first.verdict.evidence).toContainEqual({
      label: 'Log lines',
      value: '/ecs/core',
      url: 'https://console.example/logs',
      at: at(120),
    });
    state.seconds = 130;
    expect((await look(withLogs, first.memo)).verdict.outcome).toBe('pass');
  });

  test('that are missing keep a finished deployment from passing, and fail it in time', async () => {
    const { look, state } = aws({ lines: [line(1, 45, 'Starting'), line(2, 45, 'Starting')] });
    const first = await look(withLogs);
    expect(first.verdict.outcome).toBe('waiting');
    state.seconds = 40 + 150 + 30;
    expect((await look(withLogs, first.memo)).verdict.outcome).toBe('fail');
  });

  test('of failure fail it, with the line, its surroundings and the page in the console', async () => {
    const lines = [...readyLines, line(1, 47, 'cannot reach the database')];
    const { verdict } = await aws({ lines }).look(withLogs);
    expect(verdict.outcome).toBe('fail');
    expect(verdict.excerpts[0]?.url).toBe('https://console.example/logs');
    expect(verdict.excerpts[0]?.lines).toContainEqual({
      at: at(47),
      text: 'cannot reach the database',
      hit: true,
    });
  });

  test('of failure that were found stay found when the next look cannot read', async () => {
    const first = await aws({ lines: [line(1, 47, 'cannot reach the database')] }).look(withLogs);
    const { verdict } = await aws({ logError: busy }, 130).look(withLogs, first.memo);
    expect(verdict.outcome).toBe('fail');
  });

  test('that may not be read leave it inconclusive, and those that are late leave it waiting', async () => {
    expect((await aws({ logError: denied }).look(withLogs)).verdict).toMatchObject({
      outcome: 'inconclusive',
    });
    expect((await aws({ logError: busy }).look(withLogs)).verdict).toMatchObject({ outcome: 'waiting' });
  });

  test('are shown beside a failure that ECS tells, also without rules', async () => {
    const tasks = [crashed(1), crashed(2)];
    const lines = [line(1, 49, 'Error: no port'), line(2, 49, 'Error: no port')];
    const { verdict } = await aws({ observation: rolling(tasks), lines }).look(subjectOf());
    expect(verdict).toMatchObject({ outcome: 'fail', row: 8 });
    expect(verdict.excerpts[0]?.lines.map(({ text }) => text)).toEqual(['Error: no port']);
  });

  test('of a container that names no stream prefix leave it inconclusive', async () => {
    const observation = observed();
    if (observation.kind === 'service')
      for (const one of observation.definitions[0]?.containers ?? []) one.logs = null;
    const { verdict } = await aws({ observation }).look(withLogs);
    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('stream prefix'),
    });
  });

  test('of a migration count beside those of the service', async () => {
    const migration = {
      ...logRules,
      container: 'app',
      success: [{ ...logRules.success[0], name: 'migrated' }],
    };
    const rules = {
      logs: logRules,
      migration: {
        ...migration,
        success: [{ name: 'migrated', pattern: 'migrated', quorum: 'any' as const }],
      },
    };
    const { look, queries } = aws({ lines: readyLines });
    expect((await look(subjectOf({ rules }))).verdict.outcome).toBe('waiting');
    expect(queries).toHaveLength(2);
    const done = [...readyLines, line(1, 44, 'migrated')];
    expect((await aws({ lines: done }).look(subjectOf({ rules }))).verdict.outcome).toBe('pass');
  });

  test('of whoever was read longest ago are read first', async () => {
    const { memo } = await aws({ lines: readyLines }, 100).look(withLogs);
    const { sources, queries, now } = aws({ lines: readyLines });
    const watched = [memo, null].map((one, index) => ({
      subject: { ...withLogs, rules: { ...withLogs.rules, logs: { ...logRules, group: `/ecs/${index}` } } },
      memo: one,
    }));
    await lookAtRollouts(sources, { account: null, region }, watched, { now, secrets }, unaborted());
    expect(queries.map(({ group }) => group)).toEqual(['/ecs/1', '/ecs/0']);
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
