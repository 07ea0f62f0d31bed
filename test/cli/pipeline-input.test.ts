import { describe, expect, test } from 'vitest';
import { OwnPace } from '../../src/cli/own-pace.ts';
import { orThrow, readDuration, readTime } from '../../src/cli/pipeline-input.ts';
import { retryMs } from '../../src/cli/waits.ts';

describe('the arguments of a pipeline', () => {
  test.each([
    ['0', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
  ])('%s is a time', (text, ms) => {
    expect(orThrow((faults) => readDuration('--wait', text, faults))).toBe(ms);
  });

  test.each(['', '15', 'm', '1.5h', '-1m', '25h', '15m ', '1d', '9999999s'])('"%s" is none', (text) => {
    expect(() => orThrow((faults) => readDuration('--wait', text, faults))).toThrow('--wait');
  });

  test.each([
    ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21T13:00+01:00', '2026-11-21T12:00:00.000Z'],
  ])('%s is a moment', (text, iso) => {
    expect(orThrow((faults) => readTime('--applied-at', text, faults))).toBe(iso);
  });

  test.each(['now', '2026-11-21', '2026-11-21T12:00:00', '2026-13-21T12:00:00Z', '1763726400'])(
    '%s is none',
    (text) => {
      expect(() => orThrow((faults) => readTime('--applied-at', text, faults))).toThrow('--applied-at');
    },
  );

  test('are all told at once when they are wrong', () => {
    const read = () =>
      orThrow((faults) => [readDuration('--wait', 'x', faults), readTime('--applied-at', 'y', faults)]);
    expect(read).toThrow(/--wait.*\n--applied-at/);
  });
});

test('a bot that does not answer is asked less and less often, and never sooner than it asks for', () => {
  expect([1, 2, 3, 4, 5, 50].map((count) => retryMs(count, null))).toEqual([
    2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
  expect(retryMs(1, 20_000)).toBe(20_000);
});

test('permits of one job are evenly spaced, and held until somebody says so', async () => {
  const pace = new OwnPace(() => new Date(1_000));
  const slots = [await pace.reserve('a', 50), await pace.reserve('a', 50), await pace.reserve('b', 50)];
  await pace.holdUntil('a', new Date(5_000));
  await pace.holdUntil('a', new Date(2_000));
  slots.push(await pace.reserve('a', 50));
  expect(slots.map(Number)).toEqual([1_000, 1_050, 1_000, 5_000]);
});
