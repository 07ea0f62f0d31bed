import { invalidParameter } from '../api-error.ts';

interface Term {
  sign: '' | '?' | '-';
  matches: (line: string) => boolean;
}

/** Says whether a line matches. */
export type FilterPattern = (line: string) => boolean;

/**
 * Reads a filter pattern for lines of plain text: words (all must be there), `"phrases"`, `?any ?of`, `-none`. It is
 * case-sensitive. A word is a whole word; a phrase may be part of one. Throws InvalidParameterException for a word
 * with other than letters and digits outside quotes. Patterns for JSON, columns and regular expressions are refused
 * here, and so is `?` beside other terms, which the real one ignores without a word.
 */
export function parseFilterPattern(pattern: string): FilterPattern {
  const text = pattern.trim();
  const terms = termsOf(text);
  const [all, any, none] = (['', '?', '-'] as const).map((sign) =>
    terms.filter((term) => term.sign === sign),
  );
  if (any && any.length > 0 && any.length < terms.length)
    throw invalidParameter('Invalid filter pattern: ? can not be combined with other terms');
  return (line) =>
    (all ?? []).every((term) => term.matches(line)) &&
    (!any || any.length === 0 || any.some((term) => term.matches(line))) &&
    !(none ?? []).some((term) => term.matches(line));
}

function termsOf(text: string): Term[] {
  const found: Term[] = [];
  const term = /\s*([?-]?)(?:"((?:[^"\\]|\\.)+)"|([\p{L}\p{N}_]+))(?=\s|$)/uy;
  while (term.lastIndex < text.length) {
    const part = term.exec(text);
    if (!part) throw invalidParameter('Invalid filter pattern');
    const [, sign = '', phrase, word = ''] = part;
    found.push({
      sign: sign as Term['sign'],
      matches: phrase === undefined ? hasWord(word) : hasPhrase(phrase),
    });
  }
  return found;
}

function hasWord(word: string): (line: string) => boolean {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${word}(?![\\p{L}\\p{N}_])`, 'u');
  return (line) => pattern.test(line);
}

function hasPhrase(phrase: string): (line: string) => boolean {
  const wanted = phrase.replace(/\\(.)/g, '$1');
  return (line) => line.includes(wanted);
}
