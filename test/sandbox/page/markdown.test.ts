import { describe, expect, test } from 'vitest';
import {
  type Inline,
  type MarkdownBlock,
  parseInline,
  parseMarkdown,
} from '../../../sandbox/page/text/markdown.ts';
import { momentOf } from '../../../sandbox/page/text/time.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });

describe('Markdown as release records use it', () => {
  test.each<[string, string, Inline[]]>([
    ['bold', 'is **ready**', [text('is '), { kind: 'bold', text: 'ready' }]],
    ['code keeps its stars', '`**x**`', [{ kind: 'code', text: '**x**' }]],
    ['a link', '[!5](https://a.example/5)', [{ kind: 'link', text: '!5', url: 'https://a.example/5' }]],
    [
      'a link in angles',
      '[!5](<https://a.example/5>)',
      [{ kind: 'link', text: '!5', url: 'https://a.example/5' }],
    ],
    [
      'a bare address in angles, as Linear writes it',
      'see <https://a.example>',
      [text('see '), { kind: 'link', text: 'https://a.example', url: 'https://a.example' }],
    ],
    ['a script is no link', '[x](javascript:alert(1))', [text('[x](javascript:alert(1))')]],
    ['markup is text', '<b>x</b>', [text('<b>x</b>')]],
    ['an escaped mark is text', '2 \\* 3 \\[x\\]', [text('2 * 3 [x]')]],
    ['nothing', '', []],
  ])('%s', (_name, written, read) => {
    expect(parseInline(written)).toEqual(read);
  });

  test.each<[string, string, MarkdownBlock[]]>([
    ['a heading', '## Gate 1', [{ kind: 'heading', level: 2, content: [text('Gate 1')] }]],
    [
      'boxes and items that follow each other are one list',
      '- [x] done\n- [ ] open\n* item\n  * inner',
      [
        {
          kind: 'items',
          items: [
            { indent: 0, checked: true, content: [text('done')] },
            { indent: 0, checked: false, content: [text('open')] },
            { indent: 0, checked: null, content: [text('item')] },
            { indent: 1, checked: null, content: [text('inner')] },
          ],
        },
      ],
    ],
    [
      'a box in code is code',
      '```\n- [ ] x\n```\nafter',
      [
        { kind: 'code', text: '- [ ] x' },
        { kind: 'paragraph', content: [text('after')] },
      ],
    ],
    ['a quote', '> said', [{ kind: 'quote', content: [text('said')] }]],
    ['blank lines are nothing', '\n\n', []],
  ])('%s', (_name, written, read) => {
    expect(parseMarkdown(written)).toEqual(read);
  });
});

test.each([
  ['2026-11-21T09:05:00', /^0?9:05/],
  ['2026-11-20T09:05:00', /20.*0?9:05/],
])('the moment %s, read on the 21st, is written as %s', (iso, words) => {
  expect(momentOf(iso, new Date('2026-11-21T12:00:00'))).toMatch(words);
});
