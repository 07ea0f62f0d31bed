import { describe, expect, test } from 'vitest';
import { lookAtRollouts } from '../../../src/checks/rollout/look.ts';
import { aws, busy, denied, readyLines, secrets, unaborted, withLogs } from './shown-aws.ts';
import { at, crashed, line, logRules, observed, region, rolling, subjectOf } from './support.ts';

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
