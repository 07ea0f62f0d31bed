import { expect, test } from 'vitest';
import { logGroup, play, proof } from './support.ts';

/** What a verdict is proved with, for whoever has to look into it (C2, C7). */

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
