import type { Found } from './found.ts';

const secretWord =
  'password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|credentials?';
/** JSON within JSON has backslashes before its quotes. */
const quote = String.raw`(?:\\{0,3}["'])?`;
const scheme = '(?:bearer|basic|token|digest|negotiate)';

interface Opener {
  kind: string;
  /** What stands before a value; global. A quote at its end is the one that the value is in. */
  before: RegExp;
  /** Whether a value without quotes is a secret. */
  isSecret: (value: string) => boolean;
}

const openers: readonly Opener[] = [
  {
    kind: 'authorization',
    before: new RegExp(
      String.raw`authorization${quote}\s{0,3}[:=]\s{0,3}${quote}(?:${scheme}\s{1,3})?`,
      'gi',
    ),
    isSecret: () => true,
  },
  {
    kind: 'secret value',
    before: new RegExp(String.raw`(?:${secretWord})${quote}\s{0,3}(?:=>?|:=)\s{0,3}${quote}`, 'gi'),
    isSecret: () => true,
  },
  {
    kind: 'secret value',
    before: new RegExp(String.raw`(?:${secretWord})${quote}\s{0,3}:\s{0,3}${quote}`, 'gi'),
    // `password: it takes a minute` is talk.
    isSecret: (value) => value.length >= 6 && /\d/.test(value),
  },
];

/**
 * Every value that stands behind `password=`, `"token": "`, `Authorization: Bearer ` and the like. The openers are
 * found first and the values after them, so that one that stands in another's value is found as well.
 */
export function byAssignment(text: string): Found[] {
  return openers.flatMap(({ kind, before, isSecret }) => {
    const valueEnd = endings(text);
    return [...text.matchAll(before)].flatMap((match): Found[] => {
      const start = match.index + match[0].length;
      const mark = /["']$/.exec(match[0])?.[0] ?? '';
      const end = mark === '' ? valueEnd(start) : closing(text, start, mark);
      const isOne = end > start && !text.startsWith('[removed: ', start);
      return isOne && (mark !== '' || isSecret(text.slice(start, end))) ? [{ start, end, kind }] : [];
    });
  });
}

const stop = /[\s"'&;<>]/g;

/** Where a value without quotes ends; starts must be asked for in order, and each character is looked at once. */
function endings(text: string): (start: number) => number {
  let known = -1;
  return (start) => {
    if (start < known) return known;
    stop.lastIndex = start;
    known = stop.exec(text)?.index ?? text.length;
    return known;
  };
}

/** The closing quote, or the end of the line where there is none; so far and no farther. */
const longestQuoted = 2_000;

function closing(text: string, start: number, mark: string): number {
  const value = text.slice(start, start + longestQuoted);
  const end = value.search(mark === '"' ? /["\n]/ : /['\n]/);
  return start + (end < 0 ? value.length : end);
}
