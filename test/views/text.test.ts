import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { code, link, mention, moment, plain, problemPlain, problemText } from '../../src/views/text.ts';
import { hostileTexts, hostileUrls, problemOf } from './states.ts';

describe('foreign text', () => {
  test.each<[string, string, string]>([
    ['a channel ping', '<!channel>', '&lt;!channel&gt;'],
    ['an ampersand', 'a & b', 'a &amp; b'],
    ['something escaped before', '&lt;', '&amp;lt;'],
    ['several lines', ' a\n\tb  c ', 'a b c'],
  ])('with %s stays what it is', (_, text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  test('is cut to its length as Slack counts it, and never inside an escape', () => {
    expect(plain('<'.repeat(100), 10)).toBe('&lt;&lt;…');
    expect(plain('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  test('of any kind keeps no angle bracket and no line break', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, units) => {
        const shown = plain(text, units);
        expect(shown).not.toMatch(/[<>\n]/);
        expect(shown.length).toBeLessThanOrEqual(units);
      }),
    );
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 20), text]))(
    '%j as code ends where the code ends',
    (_, text) => {
      expect(code(text)).toMatch(/^`[^`<>\n]*`$/);
    },
  );
});

describe('a link', () => {
  test.each<[string, string, string]>([
    ['https://gitlab.test/p/-/pipelines/7', 'pipeline', '<https://gitlab.test/p/-/pipelines/7|pipeline>'],
    ['https://gitlab.test/a%20b', 'x', '<https://gitlab.test/a%20b|x>'],
    ['https://gitlab.test/a b', 'x', '<https://gitlab.test/a%20b|x>'],
    ['https://gitlab.test/p', ' ', '<https://gitlab.test/p|link>'],
    ['https://gitlab.test/p', 'a|b <c>', '<https://gitlab.test/p|a/b &lt;c&gt;>'],
  ])('to %s named %s', (url, label, shown) => {
    expect(link(url, label)).toBe(shown);
  });

  test.each(['javascript:alert(1)', '!channel', '@U0VICTIM', '#C0', '', 'ftp://x', '//x', 'pipelines/7'])(
    'to %j, which is no web address, is only its name',
    (url) => {
      expect(link(url, 'pipeline')).toBe('pipeline');
    },
  );

  test('to an address longer than anyone’s is only its name', () => {
    expect(link(`https://gitlab.test/${'p'.repeat(3_000)}`, 'pipeline')).toBe('pipeline');
  });

  test('never throws and never breaks out of its brackets', () => {
    const anyUrl = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((rest) => `https://${rest}`),
      fc.constantFrom(...hostileUrls),
    );
    fc.assert(
      fc.property(anyUrl, fc.string({ unit: 'binary' }), (url, label) => {
        expect(link(url, label)).toMatch(/^<https?:\/\/[^<>|\s]+\|[^<>|\n]+>$|^[^<>\n]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a moment is shown by each reader’s own clock, with UTC for those that cannot', () => {
  expect(moment('2026-11-20T10:00:00.000Z')).toBe(
    '<!date^1795168800^{date_short_pretty} {time}|2026-11-20 10:00 UTC>',
  );
});

test.each([
  ['U0RITA', '<@U0RITA>'],
  ['W0RITA', '<@W0RITA>'],
  ['S0ENG', '<!subteam^S0ENG>'],
])('%s is mentioned as %s', (id, shown) => {
  expect(mention(id)).toBe(shown);
});

describe('a problem', () => {
  test('names the people to ask', () => {
    const shown = problemText({ ...problemOf('No.'), people: ['S0ENG', 'U0ADA'] });
    expect(shown).toMatch(/<!subteam\^S0ENG>, <@U0ADA>$/);
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 20), text]))(
    'of %j stays within its length',
    (_, text) => {
      expect(problemText(problemOf(text)).length).toBeLessThanOrEqual(200 + 700 + 3);
      expect(problemPlain(problemOf(text)).length).toBeLessThanOrEqual(150);
    },
  );
});
