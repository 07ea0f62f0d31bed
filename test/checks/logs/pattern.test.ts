import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/checks/logs/pattern.ts';
import { sizeAtMost } from '../../../src/checks/logs/pattern-size.ts';
import { patternFault } from '../../../src/checks/pattern-fault.ts';

test.each([
  ['Listening on port \\d+', 'INFO Listening on port 8080', true],
  ['Listening on port \\d+', 'Listening on port', false],
  ['(?i)migrations? applied', '12 Migrations APPLIED in 3 s', true],
  ['^panic:', 'no panic: here', false],
  ['^panic:', 'panic: nil map', true],
  ['ready$', 'ready\nand more', false],
  ['(?m)ready$', 'ready\nand more', true],
  ['(?s)Caused by.*timeout', 'Caused by: x\n  timeout', true],
  ['\\bERROR\\b', 'ERRORS', false],
  ['größe|naïve', 'die größe', true],
])('%s on %j: %s', (pattern, text, matches) => {
  expect(compilePattern(pattern).test(text)).toBe(matches);
});

describe('what the engine cannot take in linear time is a fault of the pattern, in plain words', () => {
  test.each([
    ['(?=a)b', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['(a', 'missing closing ): `(a`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['((a{1,100}){1,100}){1,100}', 'with its repetitions written out it has more than 500 steps'],
    ['a{1000}'.repeat(100), 'with its repetitions written out it has more than 500 steps'],
    ['(?:(?:[\\pL\\pN]{30}){30}){1}', 'with its repetitions written out it has more than 500 steps'],
    [`(${'ab|cd|'.repeat(150)}x){9}`, 'with its repetitions written out it has more than 500 steps'],
    ['x'.repeat(600), 'with its repetitions written out it has more than 500 steps'],
    ['x'.repeat(1_001), 'it is longer than 1000 characters'],
  ])('%s', (pattern, fault) => {
    expect(patternFault(pattern)).toBe(fault);
  });

  test('what people write is none', () => {
    for (const pattern of [
      'Started [A-Za-z.]+ in [\\d.]{1,8} seconds',
      'a|'.repeat(100),
      '\\{3,10000\\}',
      '[{9999}]',
    ])
      expect(patternFault(pattern)).toBeNull();
  });
});

describe('hostile patterns come to an end', () => {
  const many = 'a'.repeat(100_000);
  const mixed = Array.from(
    { length: 100_000 },
    (_, i) => 'ab '[(Math.imul(i, 2_654_435_761) >>> 16) % 3],
  ).join('');

  test.each([
    '(a+)+$',
    '(a|aa)+$',
    '(a|a)*[yz]',
    '([a-z ]+)*[0-9]',
    '(.*a){12}[yz]',
    '(.*)(.*)(.*)(.*)(.*)[yz]$',
    '[ab]*a[ab]{40}[yz]',
    '\\b(?:.?){100}[yz]$',
    '(x+x+)+y',
  ])('%s', (pattern) => {
    const { test: matches } = compilePattern(pattern);
    expect(matches(`${many}!`)).toBe(false);
    expect(matches(`${mixed}!`)).toBe(false);
  });
});

test('the size of a pattern is known before its repetitions are written out', () => {
  expect(sizeAtMost('a{3}')).toBe(3);
  expect(sizeAtMost('(ab){2,4}c')).toBeGreaterThanOrEqual(9);
  expect(sizeAtMost('[^\\]a-z{9}]{5}')).toBe(5);
  expect(sizeAtMost('\\pL{7}\\x{10FFFF}{2}\\{9}')).toBeLessThan(20);
  expect(sizeAtMost('((a{99}){99}){99}')).toBeGreaterThan(99 ** 3 - 1);
  expect(sizeAtMost('(')).toBeLessThan(5);
});

test('it is never much less than what the engine makes of a pattern', () => {
  for (const pattern of [
    '(ab){2,4}c',
    '(a{1,9}){1,9}',
    '\\d{3,20}',
    '(?:x|y|zz){10}',
    '(a?b*c+){20}',
    '[a-z]{8}\\b',
  ])
    expect(2 * sizeAtMost(pattern) + 10).toBeGreaterThanOrEqual(compilePattern(pattern).size);
});
