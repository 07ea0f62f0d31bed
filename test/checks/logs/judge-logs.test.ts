import { describe, expect, test } from 'vitest';
import { judgeLogs, type LogFacts } from '../../../src/checks/logs/judge-logs.ts';
import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type { LogRules, Quorum } from '../../../src/core/rollout/rules.ts';
import { facts, line, old, one, read, rules, stopped, task, three, two } from './support.ts';

const up = 'Listening on port 8080';
const broken = 'Error: connect ECONNREFUSED 10.0.0.3:5432';
const both = [task(one), task(two)];

/** What is judged at `seconds`, after one read then that came to its end. */
function judge(
  lines: LogLine[],
  seconds: number,
  { tasks = both, its = rules, ...known }: Partial<LogFacts> & { its?: LogRules } = {},
) {
  const list = [...tasks];
  const progress = read([{ at: seconds, lines }], list, its);
  return judgeLogs(progress, its, facts(list, seconds, known));
}

describe('a line of failure', () => {
  test('beats every line of success, and says what it means', () => {
    const judged = judge([line(one, 3, up), line(two, 3, up), line(two, 4, broken)], 60);
    expect(judged).toMatchObject({
      outcome: 'fail',
      failureLine: true,
      reason: 'The log of task 2b2b2b2b shows “Database unreachable”: The database does not answer.',
    });
    expect(judged.remedy).toContain('owner of the service');
  });

  test('is shown with five lines of the same task before and after it', () => {
    const before = Array.from({ length: 8 }, (_, i) => line(one, i, `before ${i}`));
    const after = Array.from({ length: 8 }, (_, i) => line(one, 11 + i, `after ${i}`));
    const others = Array.from({ length: 20 }, (_, i) => line(two, i, 'of another task'));
    const [excerpt] = judge([...before, line(one, 10, broken), ...after, ...others], 60).excerpts;
    expect(excerpt).toMatchObject({ task: one, url: null });
    expect(excerpt?.lines.map(({ text }) => text)).toEqual([
      ...[3, 4, 5, 6, 7].map((i) => `before ${i}`),
      broken,
      ...[0, 1, 2, 3, 4].map((i) => `after ${i}`),
    ]);
    expect(excerpt?.lines.map(({ hit }) => hit).indexOf(true)).toBe(5);
    expect(excerpt?.lines[5]?.at).toBe('2026-11-21T10:00:10.000Z');
  });

  test('is shown with the lines that a later read brought', () => {
    const reads = [
      { at: 5, lines: [line(one, 4, broken)] },
      { at: 10, lines: [line(one, 6, 'at connect (net.js:1)'), line(one, 3, 'late')] },
    ];
    const judged = judgeLogs(read(reads, both), rules, facts(both, 10));
    expect(judged.excerpts[0]?.lines.map(({ text }) => text)).toEqual([
      'late',
      broken,
      'at connect (net.js:1)',
    ]);
  });

  test('is shown with the five nearest lines, also where a nearer one comes late', () => {
    const around = [1, 2, 3, 4, 5, 11, 12, 13, 14, 15].map((second) => line(one, second, `at ${second}`));
    const reads = [
      { at: 20, lines: [...around, line(one, 10, broken)] },
      { at: 30, lines: [line(one, 9, 'at 9'), line(one, 10.5, 'at 10.5')] },
    ];
    const [excerpt] = judgeLogs(read(reads, both), rules, facts(both, 30)).excerpts;
    expect(excerpt?.lines.map(({ text }) => text)).toEqual([
      ...['at 2', 'at 3', 'at 4', 'at 5', 'at 9', broken],
      ...['at 10.5', 'at 11', 'at 12', 'at 13', 'at 14'],
    ]);
  });

  test('counts at once, also of a task that has stopped and while AWS slows reads down', () => {
    const tasks = [stopped(one, 5), task(two)];
    const judged = judge([line(one, 4, broken)], 6, { tasks, drained: false, throttled: true });
    expect(judged.outcome).toBe('fail');
  });

  test('of a task of another deployment does not count', () => {
    expect(judge([line(old, 4, broken), line(one, 5, up), line(two, 5, up)], 60).outcome).toBe('pass');
  });

  test('the first that was written is shown, whichever was read first', () => {
    const reads = [
      { at: 10, lines: [line(two, 9, broken)] },
      { at: 20, lines: [line(one, 5, broken)] },
    ];
    const judged = judgeLogs(read(reads, both), rules, facts(both, 20));
    expect(judged.excerpts[0]?.task).toBe(one);
  });
});

describe('lines of success', () => {
  test('are awaited in each task', () => {
    expect(judge([line(one, 3, up)], 60)).toMatchObject({
      outcome: 'waiting',
      reason: 'Not seen yet in the log: “Listening”.',
    });
    expect(judge([line(one, 3, up), line(two, 3, up)], 60)).toMatchObject({
      outcome: 'pass',
      reason: 'Found in the log: “Listening”.',
      remedy: '',
    });
  });

  test('pass when the log was read 15 seconds beyond the last of them, not a moment before', () => {
    const lines = [line(one, 3, up), line(two, 30, up)];
    expect(judge(lines, 44.999).outcome).toBe('waiting');
    expect(judge(lines, 45).outcome).toBe('pass');
  });

  test('do not pass on a read that was broken off, nor while AWS slows reads down', () => {
    const lines = [line(one, 3, up), line(two, 3, up)];
    const brokenOff = read([{ at: 60, lines, drained: false }], both);
    expect(judgeLogs(brokenOff, rules, facts(both, 60, { drained: false })).outcome).toBe('waiting');
    expect(judge(lines, 60, { throttled: true }).outcome).toBe('waiting');
  });

  test('do not pass on an older read that came to its end when the last one did not', () => {
    const lines = [line(one, 3, up), line(two, 3, up)];
    const reads = [
      { at: 10, lines },
      { at: 60, lines: [], drained: false },
    ];
    expect(judgeLogs(read(reads, both), rules, facts(both, 60)).outcome).toBe('waiting');
  });

  test.each<[Quorum, number, string]>([
    ['each', 1, 'waiting'],
    ['each', 2, 'waiting'],
    ['each', 3, 'pass'],
    ['any', 0, 'waiting'],
    ['any', 1, 'pass'],
    [2, 1, 'waiting'],
    [2, 2, 'pass'],
  ])('quorum %s with the line in %i of three tasks: %s', (quorum, count, outcome) => {
    const its = { ...rules, success: [{ name: 'Listening', pattern: up, quorum }] };
    const ids = [one, two, three];
    const lines = ids.map((id, i) => line(id, 3, i < count ? up : 'something else'));
    expect(judge(lines, 60, { its, tasks: ids.map((id) => task(id)) }).outcome).toBe(outcome);
  });

  test('must all be found', () => {
    const cache = { name: 'Cache warm', pattern: 'cache is warm', quorum: 'any' as const };
    const its = { ...rules, success: [...rules.success, cache] };
    const listening = [line(one, 3, up), line(two, 3, up)];
    expect(judge(listening, 60, { its }).reason).toBe('Not seen yet in the log: “Cache warm”.');
    expect(judge([...listening, line(two, 4, 'the cache is warm')], 60, { its }).outcome).toBe('pass');
  });

  test('of a task that has stopped since do not count for the one that took its place', () => {
    const tasks = [task(one), stopped(two, 30), task(three)];
    const lines = [line(one, 3, up), line(two, 3, up), line(three, 31, 'starting')];
    expect(judge(lines, 60, { tasks }).outcome).toBe('waiting');
  });

  test('of tasks of other deployments do not count', () => {
    const lines = [line(old, 1, up), line(one, 3, up), line(two, 3, 'starting')];
    expect(judge(lines, 60).outcome).toBe('waiting');
  });

  test('wait for all tasks that are wanted', () => {
    expect(judge([line(one, 3, up)], 60, { tasks: [task(one)], wanted: 2 }).outcome).toBe('waiting');
    const starting = task(two, { lastStatus: 'PENDING', startedAt: null });
    expect(judge([line(one, 3, up)], 400, { tasks: [task(one), starting] }).outcome).toBe('waiting');
  });
});

describe('a missing line', () => {
  const lines = [line(one, 3, up), line(two, 3, 'starting')];

  test('counts after the time limit and 15 seconds of grace, in words', () => {
    expect(judge(lines, 164.999).outcome).toBe('waiting');
    const judged = judge(lines, 165);
    expect(judged).toMatchObject({ outcome: 'fail', failureLine: false });
    expect(judged.reason).toBe(
      '“Listening” did not appear within 150 s of the start of the last task: found in 1 of 2 tasks.',
    );
    expect(judged.excerpts[0]).toMatchObject({ task: two, title: 'Last lines of task 2b2b2b2b' });
  });

  test('has the time limit from the start of the last task', () => {
    const tasks = [task(one), task(two, { startedAt: '2026-11-21T10:01:40.000Z' })];
    expect(judge(lines, 264.999, { tasks }).outcome).toBe('waiting');
    expect(judge(lines, 265, { tasks }).outcome).toBe('fail');
  });

  test.each([
    ['the read after it was broken off', { drained: false }],
    ['AWS slows reads down', { throttled: true }],
  ])('does not count while %s', (_, known) => {
    expect(judge(lines, 500, known).outcome).toBe('waiting');
  });

  test('does not count before a read that began after the limit', () => {
    const before = read([{ at: 160, lines }], both);
    expect(judgeLogs(before, rules, facts(both, 500)).outcome).toBe('waiting');
  });

  test('of a task without any line is not known', () => {
    const judged = judge([line(one, 3, up)], 165);
    expect(judged.outcome).toBe('inconclusive');
    expect(judged.reason).toBe(
      'No logs at all of task 2b2b2b2b: whether it is well cannot be told from its lines.',
    );
  });

  test('of one task counts though another is silent', () => {
    const tasks = [...both, task(three)];
    expect(judge(lines, 165, { tasks }).outcome).toBe('fail');
  });

  test('that a silent task may have written is not known where enough tasks are left', () => {
    const its = { ...rules, success: [{ name: 'Leader', pattern: 'elected', quorum: 'any' as const }] };
    expect(judge(lines, 165, { its }).outcome).toBe('fail');
    expect(judge(lines, 165, { its, tasks: [...both, task(three)] }).outcome).toBe('inconclusive');
  });

  test('is a fault of the rules where it is wanted in more tasks than run', () => {
    const its = { ...rules, success: [{ name: 'Listening', pattern: up, quorum: 3 }] };
    const judged = judge([line(one, 3, up), line(two, 3, up)], 165, { its });
    expect(judged.outcome).toBe('inconclusive');
    expect(judged.reason).toBe('“Listening” is to be found in 3 tasks, and only 2 run.');
  });

  test('tells of tasks of other deployments that wrote it', () => {
    expect(judge([...lines, line(old, 3, up)], 165).reason).toContain(
      'A task of another deployment wrote such lines, which do not count.',
    );
  });
});

describe('rules without lines of success', () => {
  const its = { ...rules, success: [] };

  test('pass on any line, no failure and 15 quiet seconds', () => {
    const lines = [line(one, 20, 'starting')];
    expect(judge(lines, 34.999, { its }).outcome).toBe('waiting');
    expect(judge(lines, 35, { its }).outcome).toBe('pass');
  });

  test('are not known without any line', () => {
    expect(judge([], 164, { its }).outcome).toBe('waiting');
    expect(judge([], 165, { its })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'No logs at all of 2 of the running tasks: whether it is well cannot be told from its lines.',
    });
  });

  test('fail on a line of failure', () => {
    expect(judge([line(one, 3, broken)], 5, { its }).outcome).toBe('fail');
  });
});

test('lines that nobody can read make it inconclusive, and say what to do', () => {
  const unreadable = 'Container app writes with the driver awsfirelens.';
  expect(judge([], 1, { unreadable })).toMatchObject({ outcome: 'inconclusive', reason: unreadable });
  expect(judge([], 1, { unreadable }).remedy).toContain('names the log group in the catalogue');
});

test('a task that stopped is shown with its last twenty lines', () => {
  const lines = Array.from({ length: 30 }, (_, i) => line(one, i, `line ${i}`));
  const judged = judge(lines, 40, { tasks: [stopped(one, 31), task(two)] });
  expect(judged.outcome).toBe('waiting');
  expect(judged.excerpts[0]?.title).toBe('Last lines of task 1a1a1a1a');
  expect(judged.excerpts[0]?.lines.map(({ text }) => text)).toEqual(
    Array.from({ length: 20 }, (_, i) => `line ${i + 10}`),
  );
});

test('the same facts are said in the same words, however often one looks', () => {
  const lines = [line(one, 3, up), line(two, 3, 'starting')];
  expect(judge(lines, 90)).toEqual(judge(lines, 100));
  expect(judge(lines, 165)).toEqual(judge(lines, 500));
});
