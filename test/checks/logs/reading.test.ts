import { describe, expect, test } from 'vitest';
import { cleanProgress, logProgress, noProgress } from '../../../src/checks/logs/progress.ts';
import { readFrom } from '../../../src/checks/logs/read-from.ts';
import { advance } from '../../../src/checks/logs/reading.ts';
import type { ObservedTask } from '../../../src/core/rollout/observation.ts';
import { at, line, old, one, read, rules, scopeOf, start, stopped, task, two } from './support.ts';

const up = 'Listening on port 8080';
const both = [task(one), task(two)];
const seconds = (ms: number | null) => (ms === null ? null : (ms - start) / 1_000);

describe('where the next read begins', () => {
  test('at first with the first task, a minute earlier', () => {
    expect(readFrom(noProgress('x'), rules, both, at(60))).toEqual(at(-80));
  });

  test('then a minute before the newest line, for lines come late', () => {
    const progress = read(
      [{ at: 100, lines: [line(one, 3, up), line(one, 90, 'x'), line(one, 80, 'y')] }],
      both,
    );
    expect(seconds(progress.from)).toBe(30);
    expect(readFrom(progress, rules, both, at(110))).toEqual(at(30));
  });

  test('by our own clock where a writer’s is ahead', () => {
    const progress = read([{ at: 100, lines: [line(one, 9_000, 'from the future')] }], both);
    expect(seconds(progress.from)).toBe(40);
  });

  test('no earlier than before, whatever a later read brings', () => {
    const reads = [
      { at: 100, lines: [line(one, 90, 'x')] },
      { at: 110, lines: [line(one, 50, 'late')] },
    ];
    expect(seconds(read(reads, both).from)).toBe(30);
  });

  test('behind what a read had seen that was broken off', () => {
    const progress = read([{ at: 100, lines: [line(one, 90, 'x')], drained: false }], both);
    expect(seconds(progress.from)).toBe(30);
    expect(progress.drainedAt).toBeNull();
  });

  test('once more with the first task, before a missing line counts as missing', () => {
    const progress = read([{ at: 160, lines: [line(one, 3, 'x'), line(two, 3, up)] }], both);
    expect(readFrom(progress, rules, both, at(164))).not.toEqual(at(-80));
    expect(readFrom(progress, rules, both, at(165))).toEqual(at(-80));
    const after = advance(progress, [], scopeOf(both, 165));
    expect(readFrom(after, rules, both, at(175))).not.toEqual(at(-80));
  });

  test('not once more where nothing is missing', () => {
    const progress = read([{ at: 100, lines: [line(one, 3, up), line(two, 3, up)] }], both);
    expect(readFrom(progress, rules, both, at(400))).not.toEqual(at(-80));
  });
});

describe('what is kept', () => {
  test('when a line was first found in each task', () => {
    const lines = [line(one, 2, 'starting'), line(one, 5, up), line(one, 9, up), line(two, 1, up)];
    expect(read([{ at: 20, lines }], both).tasks).toEqual({
      [one]: { first: start + 2_000, found: [3_000] },
      [two]: { first: start + 1_000, found: [0] },
    });
  });

  test('the first one also where it is read last', () => {
    const reads = [
      { at: 20, lines: [line(one, 9, up)] },
      { at: 30, lines: [line(one, 5, up)] },
    ];
    expect(read(reads, both).tasks[one]).toEqual({ first: start + 5_000, found: [0] });
  });

  test('a time of the future counts as that of the read', () => {
    expect(read([{ at: 20, lines: [line(one, 9_000, up)] }], both).tasks[one]?.first).toBe(start + 20_000);
  });

  test('tasks of other deployments whose lines match, each once, at most twenty', () => {
    const others = Array.from({ length: 30 }, (_, i) => line(String(i).padStart(32, '0'), 1, up));
    const progress = read([{ at: 20, lines: [line(old, 1, up), line(old, 2, up), line(two, 1, 'x')] }], both);
    expect(progress.others).toEqual([old]);
    expect(read([{ at: 20, lines: others }], both).others).toHaveLength(20);
  });

  test('nothing of streams that do not name their task', () => {
    const nameless = { ...line(one, 1, up), stream: 'somebody' };
    expect(read([{ at: 20, lines: [nameless] }], both)).toMatchObject({ tasks: {}, others: [], tails: {} });
  });

  test('nothing of another deployment or of other rules', () => {
    const before = read([{ at: 20, lines: [line(one, 1, up)] }], both);
    const another = advance(before, [], { ...scopeOf(both, 30), deployment: 'ecs-svc/2' });
    expect(another).toMatchObject({ tasks: {}, tails: {}, from: null });
    const changed = { ...rules, success: [{ name: 'Listening', pattern: 'other', quorum: 'each' as const }] };
    expect(advance(before, [], scopeOf(both, 30, changed)).tasks).toEqual({});
    expect(advance(before, [], scopeOf(both, 30)).tasks[one]).toBeDefined();
  });

  test('an ended line in the words of people: cut between words, and it says so', () => {
    const long = `${'word '.repeat(100)}AKIAIOSFODNN7EXAMPLE`;
    const [kept] = read([{ at: 20, lines: [line(one, 1, long)] }], both).tails[one] ?? [];
    expect(kept?.text).toBe(`${'word '.repeat(60).trimEnd()}… (cut: it has 520 characters)`);
  });

  test('never half of a word that may be a secret', () => {
    const text = `${'x '.repeat(100)}token=${'s3cr3t'.repeat(60)}`;
    const [kept] =
      read([{ at: 20, lines: [line(one, 1, text), line(one, 2, 'k'.repeat(5_000))] }], both).tails[one] ?? [];
    expect(kept?.text).not.toContain('s3cr3t');
    const all = read([{ at: 20, lines: [line(one, 2, 'k'.repeat(5_000))] }], both).tails[one];
    expect(all?.map((one) => one.text)).toEqual(['… (cut: it has 5000 characters)']);
  });

  test('what PostgreSQL takes as JSON', () => {
    const [kept] = read([{ at: 20, lines: [line(one, 1, 'a\0b\ud800c')] }], both).tails[one] ?? [];
    expect(kept?.text).toBe('a\u{fffd}b\u{fffd}c');
  });

  test('of tasks that stopped before those that run', () => {
    const tasks: ObservedTask[] = Array.from({ length: 15 }, (_, i) => task(String(i).padStart(32, '0')));
    const lines = tasks.map(({ id }) => line(id, 1, 'x'));
    const last = tasks.at(-1)?.id ?? '';
    const list = tasks.map((one) => (one.id === last ? stopped(last, 30) : one));
    const { tails } = read([{ at: 40, lines }], list);
    expect(Object.keys(tails)).toHaveLength(10);
    expect(Object.keys(tails)).toContain(last);
  });

  test('and can be freed of secrets', async () => {
    const broken = 'ECONNREFUSED 10.0.0.3:5432 password=hunter2';
    const progress = read([{ at: 20, lines: [line(one, 1, 'hunter2'), line(one, 2, broken)] }], both);
    const clean = await cleanProgress(progress, async (text) => text.replace('hunter2', '…'));
    expect(JSON.stringify(clean)).not.toContain('hunter2');
    expect(clean.failure?.line.text).toBe('ECONNREFUSED 10.0.0.3:5432 password=…');
  });
});

describe('only the beginning of a giant line is looked at', () => {
  test('16 kB of it with few patterns', () => {
    const found = (text: string) =>
      read([{ at: 20, lines: [line(one, 1, text)] }], both).tasks[one]?.found[0];
    expect(found(`${'.'.repeat(16_000)}${up}`)).toBe(0);
    expect(found(`${'.'.repeat(16_384)}${up}`)).toBeNull();
  });

  test('whose end is not taken for the end of the line', () => {
    const its = { ...rules, failure: [{ name: 'Killed', pattern: 'killed$', cause: null }] };
    const found = (text: string) => read([{ at: 20, lines: [line(one, 1, text)] }], both, its).failure;
    expect(found('it was killed')).not.toBeNull();
    expect(found(`${'.'.repeat(16_378)}killed instances: 0`)).toBeNull();
  });

  test('less with many large ones', () => {
    const large = Array.from({ length: 50 }, (_, i) => ({
      name: `${i}`,
      pattern: `z{400}${i}`,
      cause: null,
    }));
    const its = { ...rules, failure: large };
    const found = (text: string) =>
      read([{ at: 20, lines: [line(one, 1, text)] }], both, its).tasks[one]?.found[0];
    expect(found(`${'.'.repeat(1_000)}${up}`)).toBe(0);
    expect(found(`${'.'.repeat(1_024)}${up}`)).toBeNull();
  });
});

test.each([
  ['short lines', (i: number) => `line ${i}`],
  ['long ones', (i: number) => `${i} ${'word '.repeat(2_000)}`],
  [
    'those that JSON makes six times as long',
    (i: number) => `${i} ${'\u0001'.repeat(5_000)} ${'\u0001 '.repeat(2_000)}`,
  ],
  ['those of other alphabets', (i: number) => `${i} ${'語 '.repeat(2_000)}`],
])('however many tasks write %s, what is kept fits into 60 kB and is what it should be', (_, text) => {
  const success = Array.from({ length: 20 }, (_, i) => ({
    name: `s${i}`,
    pattern: '\\d',
    quorum: 'each' as const,
  }));
  const its = { ...rules, success, failure: [{ name: 'f', pattern: '77', cause: 'c'.repeat(300) }] };
  const tasks = Array.from({ length: 1_000 }, (_, i) => task(String(i).padStart(32, '0')));
  const lines = tasks.flatMap(({ id }, i) => Array.from({ length: 25 }, (_, j) => line(id, j, text(i + j))));
  const others = Array.from({ length: 50 }, (_, i) => line(`f${String(i).padStart(31, '0')}`, 1, '77'));
  const progress = read([{ at: 60, lines: [...lines, ...others] }], tasks, its);
  expect(progress.failure).not.toBeNull();
  expect(Buffer.byteLength(JSON.stringify(progress))).toBeLessThan(60_000);
  expect(logProgress.parse(progress)).toEqual(progress);
});
