import { describe, expect, test } from 'vitest';
import { logRules } from './rules.ts';
import { cluster, course, image, play, service } from './support.ts';

/** What is looked at again 5 and 15 minutes after a pass, which may take it back (facts: no verdict too early). */

const rules = { logs: logRules() };

describe('a re-check', () => {
  test('confirms what goes on being well', async () => {
    const { watch, verdict } = await play({ script: 'healthy', rules });
    expect(verdict).toMatchObject({ row: 15, outcome: 'pass', isFinal: false });
    // By then ECS has completed it.
    for (const minutes of [5, 15])
      expect((await watch.recheck(minutes)).verdict).toMatchObject({
        row: 14,
        outcome: 'pass',
        isFinal: true,
      });
  });

  test('revokes a pass, even a final one, when a task dies again and again', async () => {
    const { watch, verdict } = await play({ script: 'dies-later' });
    expect(verdict).toMatchObject({ row: 14, outcome: 'pass', isFinal: true });
    expect((await watch.recheck(5)).verdict).toMatchObject({ row: 14, outcome: 'pass' });
    const late = (await watch.recheck(15)).verdict;
    expect(late).toMatchObject({ row: 8, outcome: 'fail' });
    expect(late.failures.length).toBeGreaterThanOrEqual(2);
    expect(late.failures[0]).toMatchObject({ exitCode: 1 });
  });

  test('revokes a pass when an alarm has ECS roll back', async () => {
    const { watch, verdict } = await play({ script: 'rolls-back-later', rules });
    expect(verdict).toMatchObject({ row: 15, outcome: 'pass', isFinal: false });
    expect((await watch.recheck(5)).verdict).toMatchObject({ row: 15, outcome: 'pass' });
    expect((await watch.recheck(15)).verdict).toMatchObject({
      row: 4,
      outcome: 'fail',
      reason: 'ECS rolled the deployment back.',
    });
  });

  test('revokes a pass that came before the load balancer had its say', async () => {
    const { watch, verdict } = await play({ script: 'elb-health' });
    expect(verdict).toMatchObject({ row: 15, outcome: 'pass', isFinal: false });
    const late = (await watch.recheck(5)).verdict;
    expect(late).toMatchObject({ outcome: 'fail' });
    expect(late.reason).toContain('The load balancer found the task unhealthy.');
  });

  test('revokes a pass when a line of failure comes later', async () => {
    const failure = { afterMs: 200_000, text: 'ERROR database connection refused' };
    const lines = [{ afterMs: 4_000, text: 'INFO  Listening on port 8000' }, failure];
    const { watch, verdict } = await play({ script: 'healthy', wish: { lines }, rules });
    expect(verdict).toMatchObject({ row: 15, outcome: 'pass' });
    const late = (await watch.recheck(5)).verdict;
    expect(late).toMatchObject({ outcome: 'fail' });
    expect(late.reason).toContain('shows “no database”');
  });

  test.each([
    ['another build', 'registry.example/api:next'],
    ['the same build', image],
  ])('does not take a later deployment of %s for the one that passed', async (_, next) => {
    const { watch, town, begun } = await play({ script: 'healthy-fast', rules });
    await town.control.deploy({ cluster, service, script: 'healthy-fast', image: next });
    const late = (await watch.recheck(5)).verdict;
    expect(late).toMatchObject({ row: 6, outcome: 'inconclusive', deployment: begun.deployment });
  });
});

test('a roll back that comes while it is looked at revokes a pass at once', async () => {
  const played = await play({ script: 'rollback-by-alarm', untilSeconds: 100 });
  expect(course(played)).toEqual(['waiting 16', 'pass 15', 'fail 4']);
});
