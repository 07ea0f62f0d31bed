import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyReport, type RegionReport } from '../../src/core/promotion/report.ts';
import { reportJson } from '../../src/views/report-json.ts';
import { reportJunit } from '../../src/views/report-junit.ts';
import { summaryLines, terminalText } from '../../src/views/report-text.ts';
import { commit, verdict } from '../core/promotion/samples.ts';

const at = new Date('2026-11-21T12:00:00Z');
const report = (parts: Partial<RegionReport> = {}): RegionReport => ({
  ...emptyReport('core', 'eu-west-1', commit),
  ...{ run: 1, decision: 'GO', reason: 'All tasks run.', todo: '', verdict: verdict() },
  ...parts,
});
const check = (
  outcome: 'pass' | 'fail' | 'inconclusive' | 'waiting' | 'not-applicable',
  reason = 'Seen.',
) => ({
  ...{ id: outcome, title: `Check ${outcome}`, outcome, reason, remedy: '', evidence: [] },
});

describe('the JUnit report', () => {
  test('has a case for the region, the rollout and each check, and only a pass is green', () => {
    const outcomes = ['pass', 'fail', 'inconclusive', 'waiting', 'not-applicable'] as const;
    const xml = reportJunit(report({ checks: outcomes.map((one) => check(one)) }), at);
    expect(xml).toContain('tests="7" failures="1" errors="2" skipped="1"');
    expect(xml).toContain('<testcase classname="eu-west-1" name="eu-west-1: ECS rollout">');
    expect(xml).toMatch(/Check waiting">\s*<error message="Seen\." type="WATCHING">/);
  });

  test.each([
    ['NO-GO', 'failures="1"'],
    ['INCONCLUSIVE', 'errors="1"'],
    ['WATCHING', 'errors="1"'],
    ['NONE', 'errors="1"'],
  ] as const)('is not green for %s', (decision, said) => {
    expect(reportJunit(report({ decision }), at)).toContain(said);
  });

  test('is XML whatever AWS, a log or a person wrote', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(']]>', '<a b="', '&#0;', '\u0000\u0008\uFFFE\uD800', '\u001B]8;;http://x\u0007y'),
    );
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const said = verdict({ outcome: 'fail', reason: other });
        const checks = [{ ...check('fail', other), title: one }];
        const xml = reportJunit(
          report({ decision: 'NO-GO', reason: one, todo: other, verdict: said, checks }),
          at,
        );
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML 1.0 does not take.
        expect(xml).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
        expect(xml.isWellFormed()).toBe(true);
        const rest = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
        expect(rest).not.toContain(']]>');
        expect(rest.replace(/<[?/]?[\w]+(?: [\w.-]+="[^"<]*")*\s*[?/]?>/g, '').trim()).toBe('');
      }),
    );
  });
});

test('the JSON report says its version, how the command ended and all that is known', () => {
  expect(JSON.parse(reportJson(report(), 0, at))).toEqual({
    ...{ version: 1, tool: 'gonogo validate', at: '2026-11-21T12:00:00.000Z', exitCode: 0 },
    regions: [report()],
  });
});

describe('the summary', () => {
  test('shows the end of long logs, and says what it leaves out', () => {
    const lines = Array.from({ length: 60 }, (_, index) => ({
      ...{ at: '2026-11-21T12:00:00.000Z', text: `line ${index}`, hit: index === 59 },
    }));
    const excerpts = [{ title: 'Last lines', task: null, lines, url: null }];
    const text = summaryLines(report({ verdict: verdict({ excerpts }) })).join('\n');
    expect(text).toContain('Last lines (the last 20 of 60)');
    expect(text).toContain('> 12:00:00 line 59');
    expect(text).not.toContain('line 39');
  });

  test.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]8;;http://evil\u0007link', 'link'],
    ['a\r\nb\tc', 'a b c'],
    ['\u202Eabc\u2066', 'abc'],
    ['\u009B31mx\u0000', '31mx'],
    ['x'.repeat(600), `${'x'.repeat(499)}…`],
  ])('makes %j plain', (foreign, plain) => {
    expect(terminalText(foreign)).toBe(plain);
  });

  test('is plain lines whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(terminalText(text)).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
      }),
    );
  });
});
