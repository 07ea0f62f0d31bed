import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asLinearWrites } from '../../sandbox/linear/markdown.ts';
import { inlineCode, linked, prose, worded } from '../../src/views/linear-markdown.ts';
import { mergeRecord } from '../../src/views/linear-merge.ts';
import { hostileTexts, hostileUrls } from './states.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'`*_-#[]()<>!&;.:/@~|\\ \n1x'), maxLength: 30 }),
  fc.constantFrom(...hostileTexts, ...hostileUrls, '`gonogo:begin`', '`gonogo:end`', '- [x] done', '# head'),
);

describe('foreign text in Markdown', () => {
  test.each<[string, string]>([
    ['# heading', '\\# heading'],
    ['1. one', '1\\. one'],
    ['- [x] done', '\\- \\[x\\] done'],
    ['*bold* _it_ `code`', '\\*bold\\* \\_it\\_ \\`code\\`'],
    ['<b>&amp;</b>', '\\<b\\>\\&amp;\\</b\\>'],
    ['a\n## b', 'a ## b'],
    ['@rita', '@\u2060rita'],
    ['see https://gitlab.test/a(b).', 'see <https://gitlab.test/a%28b>).'],
    ['https://linear.app/acme/profiles/rita', 'https:\u2060//linear.app/acme/profiles/rita'],
    ['plain words, 2026.47 (ok)', 'plain words, 2026.47 (ok)'],
  ])('%j stays text: %j', (text, shown) => {
    expect(prose(text)).toBe(shown);
  });

  test('forms neither a line, a mark, a mention nor a marker', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = prose(text);
        expect(shown).not.toMatch(/[\n\r]/);
        expect(shown).not.toMatch(/@[^\u2060]/);
        const bare = shown.replace(/<https?:\/\/[^\s<>`]+>/g, '').replace(/\\[\\`*_[\]<>~|&#+=.)-]/g, '');
        expect(bare).not.toMatch(/[`*_[\]<>~|]/);
        expect(shown).not.toMatch(/^(?:[#+=-]|\d+[.)](?:\s|$))/);
      }),
      { numRuns: 2_000, seed: 20261121 },
    );
  });

  test('as code ends where the code ends, and as a link where the link ends', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, url) => {
        expect(inlineCode(text)).toMatch(/^`[^`\n]+`$/);
        expect(linked(url, text).replace(/\\./g, '')).toMatch(
          /^\[[^[\]]*\]\(https?:\/\/[^\s()<>]+\)$|^[^\n]*$/,
        );
      }),
      { numRuns: 2_000, seed: 20261121 },
    );
  });

  test('of the catalogue keeps its inline code', () => {
    expect(worded('query has no `Validated in Staging` *now*')).toBe(
      'query has no `Validated in Staging` \\*now\\*',
    );
  });
});

describe('the block among what people wrote', () => {
  const block = '## Gate 1\n\n- [x] one';
  const ours = '`gonogo:begin`\n\n## Gate 1\n\n- [x] one\n\n`gonogo:end`';

  test.each<[string, string | null, string]>([
    ['nothing', null, ours],
    ['an empty description', '', ours],
    ['text without markers', 'Notes\n', `Notes\n\n${ours}`],
    ['an older block', 'above\n\n`gonogo:begin`\nold\n`gonogo:end`\n\nbelow', `above\n\n${ours}\n\nbelow`],
    [
      'two blocks, with text between',
      '`gonogo:begin`\na\n`gonogo:end`\nbetween\n`gonogo:begin`\nb\n`gonogo:end`\nbelow',
      `${ours}\nbetween\nbelow`,
    ],
    ['a begin without end', 'above\n`gonogo:begin`\nkept', `above\nkept\n\n${ours}`],
    ['an end without begin', 'above\n`gonogo:end`\nkept', `above\nkept\n\n${ours}`],
    ['a begin twice', '`gonogo:begin`\nkept\n`gonogo:begin`\nold\n`gonogo:end`', `kept\n${ours}`],
    [
      'a marker within a sentence',
      'the line `gonogo:begin` begins it',
      `the line \`gonogo:begin\` begins it\n\n${ours}`,
    ],
  ])('in %s', (_, current, merged) => {
    expect(mergeRecord(current, block)).toBe(merged);
    expect(mergeRecord(merged, block)).toBe(merged);
  });

  test('a block that holds markers is still one block', () => {
    const merged = mergeRecord('above', 'a\n`gonogo:end`\nb\n`gonogo:begin`\nc');
    expect(mergeRecord(merged, 'new')).toBe('above\n\n`gonogo:begin`\n\nnew\n\n`gonogo:end`');
  });

  test('what people write outside survives any sequence of merges, edits and markers gone astray', () => {
    const line = fc
      .oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), anyText)
      .map((text) => text.replace(/\s+/g, ' ').replaceAll('`', "'"));
    const step = fc.oneof(
      fc.record({ kind: fc.constant('merge' as const), block: anyText }),
      fc.record({ kind: fc.constantFrom('above' as const, 'below' as const), line }),
      fc.record({
        kind: fc.constantFrom('strayAbove' as const, 'strayBelow' as const),
        marker: fc.constantFrom('`gonogo:begin`', '`gonogo:end`'),
      }),
      fc.record({ kind: fc.constant('linear' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let text = '';
        let count = 0;
        const written: string[] = [];
        for (const one of steps) {
          if (one.kind === 'merge') text = mergeRecord(text, one.block);
          if (one.kind === 'linear') text = asLinearWrites(text);
          if (one.kind === 'strayAbove') text = mergeRecord(`${one.marker}\n${text}`, 'x');
          if (one.kind === 'strayBelow') text = mergeRecord(`${text}\n${one.marker}`, 'x');
          if (one.kind !== 'above' && one.kind !== 'below') continue;
          count += 1;
          // Numbered, so that one line is not taken for another.
          const mine = `note ${count}: ${one.line.replace(/[^\p{L}\p{N} ]/gu, '').trim()}`.trim();
          written.push(mine);
          text = one.kind === 'above' ? `${mine}\n\n${text}` : `${text}\n\n${mine}`;
        }
        text = mergeRecord(text, 'last');
        for (const mine of written) expect(text.split('\n')).toContain(mine);
        expect(text.split('\n').filter((row) => /^`gonogo:(begin|end)`$/.test(row))).toHaveLength(2);
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });

  test('nothing outside the block changes by a character', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (above, below, next) => {
        const clean = (text: string) => text.replaceAll('`gonogo:', "'gonogo:");
        const current = `${clean(above)}\n${mergeRecord(null, 'old')}\n${clean(below)}`;
        const merged = mergeRecord(current, next);
        expect(merged.startsWith(`${clean(above)}\n\`gonogo:begin\``)).toBe(true);
        expect(merged.endsWith(`\`gonogo:end\`\n${clean(below)}`)).toBe(true);
      }),
      { numRuns: 500, seed: 20261121 },
    );
  });
});
