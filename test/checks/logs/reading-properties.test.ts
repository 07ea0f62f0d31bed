import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeLogs } from '../../../src/checks/logs/judge-logs.ts';
import type { LogProgress } from '../../../src/checks/logs/progress.ts';
import { readFrom } from '../../../src/checks/logs/read-from.ts';
import { LogReading } from '../../../src/checks/logs/reading.ts';
import type { LogJudgement, LogLine } from '../../../src/core/rollout/logs.ts';
import { at, facts, old, one, rules, scopeOf, start, stopped, streamOf, task, two } from './support.ts';

/** A line with the second in which CloudWatch has it. */
interface Written {
  line: LogLine;
  thereAt: number;
}

const tasks = [task(one), task(two)];
const texts = [
  'Listening on port 8080',
  'connect ECONNREFUSED 10.0.0.3:5432',
  'starting',
  'GET /health 200',
  '',
];

const written = fc
  .array(
    fc.record({
      writer: fc.constantFrom(one, one, two, two, old),
      second: fc.integer({ min: 0, max: 100 }),
      // The awaited line and lines of failure are rare.
      text: fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom(...texts) },
        { weight: 5, arbitrary: fc.constantFrom(...texts.slice(2)) },
      ),
      late: fc.integer({ min: 0, max: 40 }),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(({ writer, second, text, late }, i): Written => {
      const ms = start + second * 1_000;
      const id = `3${ms}${String(i).padStart(4, '0')}`;
      return { line: { id, at: ms, stream: streamOf(writer), text }, thereAt: second + late };
    }),
  );

/** Reads of CloudWatch at these seconds, as looks make them; each brings what is there, from where it begins. */
function lookAt(
  all: readonly Written[],
  seconds: readonly number[],
  order: (lines: LogLine[]) => LogLine[] = (lines) => lines,
): LogJudgement {
  let progress: LogProgress | null = null;
  for (const second of seconds) {
    const reading = new LogReading(progress, scopeOf(tasks, second));
    const from = readFrom(reading.before, rules, tasks, at(second)).getTime();
    const there = all
      .filter(({ line, thereAt }) => thereAt <= second && line.at >= from)
      .map(({ line }) => line);
    for (const line of order(there.sort((a, b) => a.at - b.at))) reading.take([line]);
    progress = reading.end(true);
  }
  const last = seconds.at(-1) ?? 0;
  return judgeLogs(progress ?? new LogReading(null, scopeOf(tasks, 0)).before, rules, facts(tasks, last));
}

/** What decides: lines around are for people. */
const decided = ({ outcome, reason, remedy, failureLine }: LogJudgement) => ({
  outcome,
  reason,
  remedy,
  failureLine,
});

const moments = fc
  .uniqueArray(fc.integer({ min: 1, max: 190 }), { maxLength: 12 })
  .map((seconds) => [...seconds.sort((a, b) => a - b), 200]);

test('looks at any moments judge in the end as one look at the end does, for lines up to 40 s late', () => {
  fc.assert(
    fc.property(written, moments, (all, seconds) => {
      expect(decided(lookAt(all, seconds))).toEqual(decided(lookAt(all, [200])));
    }),
    { numRuns: 300 },
  );
});

test('the order in which lines arrive changes nothing', () => {
  fc.assert(
    fc.property(written, moments, fc.infiniteStream(fc.nat()), (all, seconds, numbers) => {
      const shuffled = (lines: LogLine[]) =>
        lines
          .map((line) => ({ line, rank: numbers.next().value as number }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ line }) => line);
      expect(decided(lookAt(all, seconds, shuffled))).toEqual(decided(lookAt(all, seconds)));
    }),
    { numRuns: 200 },
  );
});

test('lines that are told twice change nothing, not even what is shown', () => {
  fc.assert(
    fc.property(written, moments, (all, seconds) => {
      const twice = (lines: LogLine[]) => lines.flatMap((line) => [line, line]);
      expect(lookAt(all, seconds, twice)).toEqual(lookAt(all, seconds));
    }),
    { numRuns: 200 },
  );
});

test('nothing passes with a line of failure, nor without the awaited line of each task', () => {
  fc.assert(
    fc.property(written, moments, (all, seconds) => {
      if (lookAt(all, seconds).outcome !== 'pass') return;
      const own = all.filter(({ line }) => line.stream !== streamOf(old)).map(({ line }) => line);
      expect(own.some(({ text }) => text.includes('ECONNREFUSED'))).toBe(false);
      for (const id of [one, two])
        expect(own.some(({ stream, text }) => stream === streamOf(id) && text.startsWith('Listening'))).toBe(
          true,
        );
    }),
    { numRuns: 300 },
  );
});

test('any tasks and lines are judged without an error', () => {
  const anyTask = fc.constantFrom(task(one), task(two), stopped(one, 3), task(two, { startedAt: null }));
  fc.assert(
    fc.property(
      fc.array(anyTask, { maxLength: 3 }),
      fc.array(fc.string({ unit: 'binary' })),
      (list, said) => {
        const reading = new LogReading(null, scopeOf(list, 30));
        reading.take(said.map((text, i) => ({ id: `${i}`, at: start + i, stream: streamOf(one), text })));
        const { outcome } = judgeLogs(reading.end(true), rules, facts(list, 30));
        expect(['waiting', 'pass']).toContain(outcome);
      },
    ),
  );
});
