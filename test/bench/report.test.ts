import { describe, expect, test } from 'vitest';
import { renderTable } from '../../bench/report.ts';
import { median, percentile, ratios } from '../../bench/statistics.ts';

describe('the median', () => {
  test.each([
    ['of one value is that value', [7], 7],
    ['of an odd number is the middle one, whatever their order', [9, 1, 5], 5],
    ['of an even number lies between the two in the middle', [4, 1, 9, 2], 3],
    ['of nothing is no number', [], Number.NaN],
  ])('%s', (_, values, expected) => expect(median(values)).toBe(expected));
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  test.each([
    ['p99 of a hundred is the 99th', hundred, 0.99, 99],
    ['p50 of a hundred is the 50th', hundred, 0.5, 50],
    ['p99 of a few is the worst, never an interpolation', [1, 2, 30], 0.99, 30],
    ['p0 is the best', [3, 1, 2], 0, 1],
  ])('%s', (_, values, share, expected) => expect(percentile(values, share)).toBe(expected));
});

test('ratios are taken round by round', () => {
  expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
});

test('the table holds the median against the goal, and shows the spread of more than one round', () => {
  const table = renderTable([
    { what: 'quick', unit: 'ms', values: [12, 40, 13], goal: { atMost: 20 } },
    { what: 'slow', unit: '×', values: [1.6], goal: { atMost: 1.5 } },
    { what: 'share', unit: '%', values: [97.8], goal: { atLeast: 95 } },
    { what: 'beside', unit: 's', values: [61] },
  ]);
  const lines = table.split('\n').slice(2);
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['quick', '13.0 ms', '12.0 – 40.0', '≤ 20 ms', 'met'],
    ['slow', '1.60×', '≤ 1.5×', 'not met'],
    ['share', '97.8 %', '≥ 95 %', 'met'],
    ['beside', '61.0 s'],
  ]);
});
