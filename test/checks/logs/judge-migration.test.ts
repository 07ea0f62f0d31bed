import { describe, expect, test } from 'vitest';
import type { LogFacts } from '../../../src/checks/logs/judge-logs.ts';
import { judgeMigration } from '../../../src/checks/logs/judge-migration.ts';
import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type { MigrationRules } from '../../../src/core/rollout/rules.ts';
import { container, facts, line, migration, one, read, stopped, task, two } from './support.ts';

const failure = 'connect ECONNREFUSED 10.0.0.3:5432';
const wrote = (id: string, seconds: number, text: string) => line(id, seconds, text, 'migrate');
const migrating = container({ name: 'migrate' });
const ended = (exitCode: number) => container({ name: 'migrate', status: 'STOPPED', exitCode });
const withIt = (id: string, its = migrating) => task(id, { containers: [container(), its] });

interface Known extends Partial<LogFacts> {
  its?: MigrationRules;
}

/** What is judged at `seconds`, after a read at each of `reads`. */
function judge(
  tasks: LogFacts['tasks'],
  lines: LogLine[],
  reads: number[],
  { its = migration, ...known }: Known = {},
) {
  const list = [...tasks];
  const progress = read(
    reads.map((at) => ({ at, lines })),
    list,
    its,
  );
  return judgeMigration(progress, its, facts(list, reads.at(-1) ?? 0, known));
}

describe('the exit code goes before the text', () => {
  test('another code than 0 fails, whatever the log says', () => {
    const judged = judge([withIt(one, ended(3))], [wrote(one, 1, 'Migrations done')], [5]);
    expect(judged).toMatchObject({
      outcome: 'fail',
      failureLine: false,
      reason: 'The migration in task 1a1a1a1a ended with exit code 3.',
    });
    expect(judged.excerpts[0]?.lines.map(({ text }) => text)).toEqual(['Migrations done']);
  });

  test('with a line of failure both are said', () => {
    const judged = judge([withIt(one, ended(1))], [wrote(one, 1, failure)], [5]);
    expect(judged).toMatchObject({ outcome: 'fail', failureLine: true });
    expect(judged.reason).toContain(
      'ended with exit code 1. The log of task 1a1a1a1a shows “Database unreachable”',
    );
  });

  test('also of a task that was replaced since', () => {
    const tasks = [stopped(one, 9, { containers: [ended(1)] }), withIt(two, ended(0))];
    expect(judge(tasks, [], [30, 60]).outcome).toBe('fail');
  });

  test('0 passes without any line, once nothing came for 15 seconds', () => {
    const tasks = [withIt(one, ended(0)), withIt(two, ended(0))];
    expect(judge(tasks, [], [30]).outcome).toBe('waiting');
    expect(judge(tasks, [], [30, 44]).outcome).toBe('waiting');
    expect(judge(tasks, [], [30, 45])).toMatchObject({
      outcome: 'pass',
      reason: 'The migration ended with exit code 0.',
    });
  });

  test('0 passes though no line of success was found: there may be nothing to migrate', () => {
    const its = { ...migration, success: [{ name: 'Migrated', pattern: 'applied', quorum: 'any' as const }] };
    const lines = [wrote(one, 2, 'no pending migrations')];
    expect(judge([withIt(one, ended(0))], lines, [30, 45], { its }).outcome).toBe('pass');
  });

  test('0 with a line of failure is contradictory', () => {
    const judged = judge([withIt(one, ended(0))], [wrote(one, 2, failure)], [5]);
    expect(judged).toMatchObject({ outcome: 'fail', failureLine: true });
    expect(judged.reason).toMatch(
      /^The migration is contradictory: it ended with exit code 0, but failed\. /,
    );
  });

  test('0 in one task does not pass while another is still at it', () => {
    expect(judge([withIt(one, ended(0)), withIt(two)], [], [30, 60]).outcome).toBe('waiting');
  });

  test('0 in a task of its own, which has stopped, passes', () => {
    expect(judge([stopped(one, 20, { containers: [ended(0)] })], [], [30, 45]).outcome).toBe('pass');
  });

  test('0 does not pass on reads that were broken off', () => {
    expect(judge([withIt(one, ended(0))], [], [30, 60], { drained: false }).outcome).toBe('waiting');
  });
});

test('a line of failure fails while the container still runs', () => {
  expect(judge([withIt(one)], [wrote(one, 2, failure)], [5]).outcome).toBe('fail');
});

describe('a container that goes on running', () => {
  const success = [
    { name: 'Migrated', pattern: 'no pending migrations|migrations applied', quorum: 'any' as const },
  ];
  const its = { ...migration, success };

  test('passes with the line, once nothing came for 15 seconds', () => {
    const lines = [wrote(one, 10, 'INFO no pending migrations')];
    expect(judge([withIt(one)], lines, [24], { its }).outcome).toBe('waiting');
    expect(judge([withIt(one)], lines, [25], { its })).toMatchObject({
      outcome: 'pass',
      reason: 'The log shows that the migration is done.',
    });
  });

  test('is not known at the deadline, with the line missing', () => {
    const lines = [wrote(one, 10, 'applying 0007')];
    expect(judge([withIt(one)], lines, [164], { its }).outcome).toBe('waiting');
    const judged = judge([withIt(one)], lines, [165], { its });
    expect(judged.outcome).toBe('inconclusive');
    expect(judged.reason).toBe('The migration was still running 150 s after the start of the last task.');
    expect(judged.excerpts[0]?.lines.map(({ text }) => text)).toEqual(['applying 0007']);
  });

  test('is not known at the deadline without rules for success', () => {
    expect(judge([withIt(one)], [], [165]).outcome).toBe('inconclusive');
  });

  test('lines of the other containers of its task do not count', () => {
    expect(judge([withIt(one)], [line(one, 10, 'no pending migrations')], [60], { its }).outcome).toBe(
      'waiting',
    );
  });
});

test('a container that no task has is a fault of the rules', () => {
  // Where there is no container, nobody knows either where it writes.
  for (const unreadable of [null, 'Nobody says where the container writes.'])
    expect(judge([task(one)], [], [5], { unreadable })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'No task of the deployment has the container “migrate” that runs the migrations.',
    });
  expect(judge([], [], [5]).outcome).toBe('waiting');
});

test('where nobody can read the lines only a wrong exit code is known', () => {
  const known = { unreadable: 'Nobody says where the container writes.' };
  expect(judge([withIt(one, ended(0))], [], [30, 60], known).outcome).toBe('inconclusive');
  expect(judge([withIt(one, ended(2))], [], [30, 60], known).outcome).toBe('fail');
});
