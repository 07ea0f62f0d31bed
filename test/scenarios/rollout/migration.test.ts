import { expect, test } from 'vitest';
import { logRules, migrationRules } from './rules.ts';
import { type Play, play } from './support.ts';

/** Migrations in a container of the service's tasks (C3; facts: logs): the exit code before the text. */

const rules = { logs: logRules(), migration: migrationRules() };
type Logs = NonNullable<NonNullable<Play['wish']>['logs']>;
const migrates = (logs: Logs, how: Partial<Play> = {}) =>
  play({ script: 'healthy', wish: { migration: true, logs }, rules, ...how });
/** Looked at for the first time when the migration has ended. */
const ended = { lateSeconds: 40 };

test.each(['migration-ok', 'migration-none-pending'] as const)('%s passes', async (logs) => {
  const { verdict } = await migrates(logs);
  expect(verdict).toMatchObject({ row: 15, outcome: 'pass' });
});

test('a migration that ends with another exit code than 0 fails, with its line', async () => {
  const { verdict } = await migrates('migration-fails', ended);
  expect(verdict).toMatchObject({ row: 15, outcome: 'fail' });
  expect(verdict.reason).toMatch(
    /^The migration in task [0-9a-f]{8} ended with exit code 1\. The log of task [0-9a-f]{8} shows “migration failed”\.$/,
  );
  const hits = verdict.excerpts.flatMap(({ lines }) => lines.filter(({ hit }) => hit));
  expect(hits.map(({ text }) => text)).toEqual([
    'ERROR migrations: 0043_tariff_zone failed: relation "tariff" does not exist',
  ]);
});

test('a line of failure and exit code 0 contradict each other, which fails', async () => {
  const { verdict } = await migrates('contradictory', ended);
  expect(verdict).toMatchObject({ row: 15, outcome: 'fail' });
  expect(verdict.reason).toMatch(/^The migration is contradictory: it ended with exit code 0, but failed\./);
});

test('one that still runs when the time is over is not known', async () => {
  const { verdict, seconds } = await migrates('migration-hangs');
  expect(verdict).toMatchObject({ row: 15, outcome: 'inconclusive' });
  expect(verdict.reason).toBe('The migration was still running 150 s after the start of the last task.');
  expect(seconds).toBeGreaterThanOrEqual(28.7 + 150);
});

test('tasks without the container that migrates are not known', async () => {
  const { verdict } = await play({ script: 'healthy', rules });
  expect(verdict).toMatchObject({ row: 15, outcome: 'inconclusive' });
  expect(verdict.reason).toBe(
    'No task of the deployment has the container “migrate” that runs the migrations.',
  );
});

test('one that is seen to fail before its container has ended is not waited for', async () => {
  const { verdict, seconds } = await migrates('migration-fails');
  expect(verdict).toMatchObject({ row: 15, outcome: 'fail' });
  expect(verdict.reason).toMatch(/^The log of task [0-9a-f]{8} shows “migration failed”\.$/);
  // The task starts at 28 s and writes the line 2.1 s later.
  expect(seconds).toBeLessThanOrEqual(28 + 2.1 + 5);
});

test('a migration that is well does not hide that the service crashes', async () => {
  const { verdict } = await migrates('migration-ok', {
    script: 'crash-loop',
    rules: { migration: migrationRules() },
  });
  expect(verdict).toMatchObject({ row: 8, outcome: 'fail' });
});
