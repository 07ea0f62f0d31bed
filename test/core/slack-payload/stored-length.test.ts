import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeMrkdwn, storedLength, truncate } from '../../../src/core/slack-payload/stored-length.ts';

const unescapeMrkdwn = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Any text at all, and text dense with what is easily cut in the wrong place. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('&', '<', '>', '&amp;', '<@U1>', '🚀', 'é', 'a', ' ', ';'))
    .map((parts) => parts.join('')),
);

describe('how long a text is for Slack', () => {
  test.each([
    ['plain letters', 'abc', 3, 3],
    ['an ampersand', 'a & b', 9, 9],
    ['an escape', '&amp;', 5, 9],
    ['a mention', '<@U0RELENG>', 11, 17],
    ['a link', '<https://a.test|a>', 18, 24],
    ['a date', '<!date^1^{date}|x>', 18, 24],
    ['comparison signs', '1 < 2 > 1', 15, 15],
    ['a rocket', '🚀', 2, 2],
  ])('%s', (_name, text, mrkdwn, plain) => {
    expect(storedLength(text, 'mrkdwn')).toBe(mrkdwn);
    expect(storedLength(text, 'plain_text')).toBe(plain);
  });
});

describe('escaping', () => {
  test('takes the meaning from every ping and link', () => {
    expect(escapeMrkdwn('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  test('can be undone, leaves no markup, and does not grow once stored', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeMrkdwn(text);
        expect(unescapeMrkdwn(escaped)).toBe(text);
        expect(escaped).not.toMatch(/[<>]/);
        expect(storedLength(escaped, 'mrkdwn')).toBe(escaped.length);
      }),
    );
  });
});

describe('shortening', () => {
  test.each([
    ['what fits', 'abc', 3, 'abc'],
    ['what does not', 'abcd', 3, 'ab…'],
    ['a rocket that would be cut in half', 'a🚀bc', 3, 'a…'],
    ['an escape that would be cut', 'ab&amp;cd', 5, 'ab…'],
    ['an escape that still fits', 'ab&amp;cd', 8, 'ab&amp;…'],
    ['a link that would be cut', 'see <https://a.test|a> now', 12, 'see …'],
    ['to one character', 'abc', 1, '…'],
    ['to nothing', 'abc', 0, ''],
  ])('%s', (_name, text, units, shortened) => {
    expect(truncate(text, units)).toBe(shortened);
  });

  test('a plain text counts what Slack escapes', () => {
    expect(truncate('R&D & more', 8, 'plain_text')).toBe('R&D…');
  });

  test('never exceeds the length, and what is kept is a beginning that is whole', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.nat(40),
        fc.constantFrom('mrkdwn' as const, 'plain_text' as const),
        (text, units, kind) => {
          const shortened = truncate(text, units, kind);
          expect(storedLength(shortened, kind)).toBeLessThanOrEqual(units);
          expect(shortened.isWellFormed()).toBe(true);
          if (shortened === text || shortened === '') return;
          expect(shortened.endsWith('…')).toBe(true);
          expect(text.startsWith(shortened.slice(0, -1))).toBe(true);
        },
      ),
    );
  });

  test('escaped text is still escaped text: undone, it is a beginning of what a person wrote', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, units) => {
        const shortened = truncate(escapeMrkdwn(text), units);
        if (shortened === escapeMrkdwn(text)) return;
        expect(text.startsWith(unescapeMrkdwn(shortened.slice(0, -1)))).toBe(true);
      }),
    );
  });
});
