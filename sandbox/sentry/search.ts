import { ApiError } from './api-error.ts';

interface Condition {
  key: string;
  /** One of these; a `*` stands for anything. */
  values: string[];
  isNegated: boolean;
}

/** A search that was understood. */
export interface Conditions {
  conditions: Condition[];
  /** Words without a key. */
  words: string[];
}

const token = /(!?)([\w.\-[\]]+):(\[[^\]]*\]|"(?:[^"\\]|\\.)*"|\S+)|"((?:[^"\\]|\\.)*)"|(\S+)/g;

/**
 * Reads Sentry's search: `key:value`, `key:"a value"`, `key:[a,b]`, `!key:value`, words. Throws 400 for what Sentry
 * can't parse: parentheses left open, an empty value, `OR`, which only some of its searches know.
 */
export function parseSearch(text: string): Conditions {
  const conditions: Condition[] = [];
  const words: string[] = [];
  if (/\b(OR|AND)\b|[()]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '')))
    throw searchError('Boolean statements containing "OR" or "AND" are not supported in this search');
  if ((text.replace(/\\"/g, '').match(/"/g)?.length ?? 0) % 2 === 1)
    throw searchError(
      `Parse error at '${text.slice(-20)}' (column ${text.length}). This is commonly caused by unmatched quotes.`,
    );
  for (const [, not, key, value, quoted, word] of text.matchAll(token)) {
    if (key !== undefined && value !== undefined)
      conditions.push({ key, values: valuesOf(value), isNegated: not === '!' });
    else if (word?.endsWith(':')) throw searchError(`Empty string after '${word}'`);
    else words.push((quoted ?? word ?? '').toLowerCase());
  }
  return { conditions, words };
}

export function searchError(why: string): ApiError {
  return new ApiError(400, { detail: `Error parsing search query: ${why}` });
}

function valuesOf(text: string): string[] {
  const bare = (value: string) =>
    value
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replace(/\\"/g, '"');
  return text.startsWith('[') ? text.slice(1, -1).split(',').map(bare) : [bare(text)];
}

/** Whether something with these tags and this title is found. An unknown key is a tag that nothing has. */
export function matches(search: Conditions, tags: Record<string, string>, title: string): boolean {
  const holds = ({ key, values, isNegated }: Condition) => {
    const name = key.replace(/^tags\[(.*)\]$/, '$1');
    return values.some((value) => fits(value, tags[name])) !== isNegated;
  };
  return search.conditions.every(holds) && search.words.every((word) => title.toLowerCase().includes(word));
}

function fits(wanted: string, actual: string | undefined): boolean {
  if (wanted === '') return actual === undefined || actual === '';
  if (actual === undefined) return false;
  const pattern = wanted
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'i').test(actual);
}
