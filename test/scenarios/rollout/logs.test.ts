import { describe, expect, test } from 'vitest';
import { logRules } from './rules.ts';
import { course, logGroup, type Play, type Played, play, service } from './support.ts';
import type { Town } from './town.ts';

/** Every rule about lines (facts: logs), over the wire. The deployment itself is always well. */

const listening = 'INFO  Listening on port 8000';
const shown = ({ verdict }: Played) =>
  verdict.excerpts.flatMap(({ lines }) => lines.map(({ text, hit }) => ({ text, hit })));
/** Pages that end after two lines, every second of them empty. */
const smallPages: Play['beforehand'] = ({ control }) => control.world({ emptyPageEvery: 2, linesPerPage: 2 });

test('all success lines and fifteen quiet seconds pass', async () => {
  const played = await play({ script: 'healthy-fast', rules: { logs: logRules() } });
  expect(played.verdict).toMatchObject({ row: 14, outcome: 'pass', isFinal: true });
  // The last task starts at 7.2 s and listens 4 s later.
  expect(played.seconds).toBeGreaterThanOrEqual(7.2 + 4 + 15);
  expect(played.seconds).toBeLessThanOrEqual(7.2 + 4 + 15 + 5);
});

test('a line of failure beats any success line, and is shown with what stands around it', async () => {
  const played = await play({
    script: 'healthy-fast',
    wish: { logs: 'failure-line' },
    rules: { logs: logRules() },
  });
  expect(played.verdict).toMatchObject({ row: 15, outcome: 'fail' });
  expect(played.verdict.reason).toMatch(
    /^The log of task [0-9a-f]{8} shows “no database”: The database is down\.$/,
  );
  expect(played.verdict.remedy).toMatch(/^The owner of the service reads the line and what stands around it/);
  const first = 'ERROR database connection refused host=db.internal port=5432 attempt=1';
  expect(shown(played)).toContainEqual({ text: first, hit: true });
  expect(shown(played)).toContainEqual({ text: listening, hit: false });
  expect(played.verdict.excerpts[0]?.url).toMatch(
    /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch/,
  );
});

test('one stop is enough where a line of failure says why', async () => {
  // Ten times slower, so that a look comes between the first stop and the second.
  const wish = { pace: 0.1, lines: [{ afterMs: 3_990, text: 'Traceback (most recent call last):' }] };
  const rules = { deadlineSeconds: 1_200 };
  const without = await play({ script: 'crash-loop', wish, rules });
  const withLine = await play({ script: 'crash-loop', wish, rules: { ...rules, logs: logRules() } });
  expect(without.verdict).toMatchObject({ row: 8, outcome: 'fail' });
  expect(without.verdict.failures).toHaveLength(2);
  expect(withLine.verdict).toMatchObject({ row: 8, outcome: 'fail' });
  expect(withLine.verdict.failures).toHaveLength(1);
  expect(withLine.verdict.reason).toMatch(/exit code 1\. The log of task [0-9a-f]{8} shows “traceback”\.$/);
  expect(withLine.seconds).toBeLessThan(without.seconds);
});

describe('a line that is missing', () => {
  test.each(['missing-success', 'dropped'] as const)(
    'is a failure 150 s after the start of the last task, and a grace read (%s)',
    async (logs) => {
      const played = await play({ script: 'healthy', wish: { logs }, rules: { logs: logRules() } });
      expect(course(played)).toEqual(['waiting 16', 'waiting 15', 'fail 15']);
      expect(played.verdict.reason).toBe(
        '“listening” did not appear within 150 s of the start of the last task: found in 0 of 2 tasks.',
      );
      expect(played.verdict.remedy).toMatch(/^The owner of the service reads the last lines/);
      // The last task starts at 28.7 s; 15 s of grace, and at most one interval.
      expect(played.seconds).toBeGreaterThanOrEqual(28.7 + 150 + 15);
      expect(played.seconds).toBeLessThanOrEqual(28.7 + 150 + 15 + 10);
      expect(shown(played)).toContainEqual({ text: expect.stringContaining('INFO  starting'), hit: false });
    },
  );

  test('is not known where nothing arrived at all', async () => {
    const played = await play({ script: 'healthy', wish: { logs: 'none' }, rules: { logs: logRules() } });
    expect(played.verdict).toMatchObject({ row: 15, outcome: 'inconclusive' });
    expect(played.verdict.reason).toMatch(/^No logs at all of 2 of the running tasks/);
    expect(played.verdict.remedy).toMatch(/^The platform team looks/);
  });

  test('is not missing when it comes 90 s late', async () => {
    const played = await play({ script: 'healthy', wish: { logs: 'late' }, rules: { logs: logRules() } });
    expect(course(played)).toEqual(['waiting 16', 'waiting 15', 'pass 15']);
  });

  test('is not missing while the lines cannot be read', async () => {
    const played = await play({
      script: 'healthy',
      wish: { logs: 'missing-success' },
      rules: { logs: logRules({ timeoutSeconds: 5 }), deadlineSeconds: 65 },
      beforeLook: ({ control }, look) =>
        look === 7 ? control.addFault({ kind: 'http500', operation: 'FilterLogEvents' }) : Promise.resolve(),
    });
    expect(course(played)).toEqual(['waiting 16', 'waiting 15', 'inconclusive 15']);
  });

  test('of other tasks counts for nothing, and is told', async () => {
    const played = await play({
      script: 'healthy',
      wish: { logs: 'missing-success' },
      rules: { logs: logRules() },
      beforeLook: (town, look) => (look === 3 ? sayOfOld(town, listening) : Promise.resolve()),
    });
    expect(played.verdict).toMatchObject({ row: 15, outcome: 'fail' });
    expect(played.verdict.reason).toMatch(
      /A task of another deployment wrote such lines, which do not count\.$/,
    );
  });
});

test('a line of failure of the tasks from before counts for nothing', async () => {
  const played = await play({
    script: 'healthy',
    rules: { logs: logRules() },
    beforeLook: (town, look) =>
      look === 3 ? sayOfOld(town, 'ERROR database connection refused') : Promise.resolve(),
  });
  expect(played.verdict).toMatchObject({ row: 15, outcome: 'pass' });
});

describe('a quorum', () => {
  const only = [
    { afterMs: 300, text: 'INFO  starting' },
    { afterMs: 900, text: 'INFO  leader elected', task: 0 },
  ];
  const leader = (quorum: 'each' | 'any' | number) => ({
    logs: logRules({ success: [{ name: 'leader', pattern: 'leader elected', quorum }] }),
  });
  test.each([
    ['any', 'pass'],
    [1, 'pass'],
    ['each', 'fail'],
    [2, 'fail'],
    [3, 'inconclusive'],
  ] as const)('of %s, with one task that has the line of two: %s', async (quorum, outcome) => {
    const played = await play({ script: 'healthy', wish: { lines: only }, rules: leader(quorum) });
    expect(played.verdict).toMatchObject({ row: 15, outcome });
  });
});

describe('where the lines are', () => {
  const unread = 'that its lines cannot be found.';
  test.each([
    ['no stream prefix', { streamPrefix: null }],
    ['another driver', { logDriver: 'awsfirelens' }],
  ] as const)('is not known with %s', async (_, wish) => {
    const played = await play({ script: 'healthy-fast', wish, rules: { logs: logRules() } });
    expect(played.verdict).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining(unread),
    });
    expect(played.verdict.remedy).toMatch(/names the log group in the catalogue/);
  });

  test('the catalogue says it', async () => {
    const played = await play({
      script: 'healthy-fast',
      wish: { logDriver: 'awsfirelens' },
      rules: { logs: logRules({ group: logGroup }) },
    });
    expect(played.verdict).toMatchObject({ row: 14, outcome: 'pass' });
  });

  test('the catalogue says it, but streams do not name their tasks', async () => {
    const played = await play({
      script: 'healthy-fast',
      wish: { streamPrefix: null },
      rules: { logs: logRules({ group: logGroup }) },
    });
    expect(played.verdict.outcome).toBe('inconclusive');
    expect(played.verdict.reason).toMatch(/^No logs at all/);
  });
});

test('empty pages with a token are no end', async () => {
  const played = await play({
    script: 'healthy-fast',
    rules: { logs: logRules() },
    beforehand: smallPages,
  });
  expect(played.verdict).toMatchObject({ row: 14, outcome: 'pass' });
  const failing = await play({
    script: 'healthy-fast',
    wish: { logs: 'failure-line' },
    rules: { logs: logRules() },
    beforehand: smallPages,
  });
  expect(failing.verdict).toMatchObject({ row: 15, outcome: 'fail' });
});

test('a pattern that other engines would never finish is read in no time', async () => {
  const text = `${'a'.repeat(5_000)}!`;
  const slow = { name: 'slow', pattern: '^(a+)+$', cause: null };
  const played = await play({
    script: 'healthy-fast',
    wish: {
      lines: [
        { afterMs: 300, text },
        { afterMs: 900, text: listening },
      ],
    },
    rules: { logs: logRules({ failure: [slow] }) },
  });
  expect(played.verdict).toMatchObject({ row: 14, outcome: 'pass' });
});

/** A task from before the apply writes a line. */
async function sayOfOld({ control }: Town, text: string): Promise<void> {
  const { regions } = await control.state();
  const tasks = regions.flatMap(({ clusters }) => clusters.flatMap((one) => one.tasks));
  const old = tasks.find((task) => task.service === service && task.definition.revision === 41);
  await control.putLines({ group: logGroup, stream: old?.stream ?? '', lines: [{ text }] });
}
