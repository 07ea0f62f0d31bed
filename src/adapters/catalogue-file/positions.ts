import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** A place in a text file; both count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Offset in the text to a place. */
export function positionAt(counter: LineCounter, offset: number): Position {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** An alias stands for what it names; faults inside are shown where they are written. */
function followed(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** The pair of a key, also when a merge key (`<<`) brings it. The last one counts, as in the parsed value. */
function pairOf(map: YAMLMap, key: string, document: Document, depth = 0): Pair | undefined {
  const named = map.items.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (named || depth > 10) return named;
  for (const pair of map.items) {
    if (!isScalar(pair.key) || pair.key.source !== '<<') continue;
    const value = followed(pair.value, document);
    const sources = isSeq(value) ? value.items : [value];
    for (const source of sources) {
      const merged = followed(source, document);
      const found = isMap(merged) ? pairOf(merged, key, document, depth + 1) : undefined;
      if (found) return found;
    }
  }
  return undefined;
}

/** A stretch of the text: offsets, the end not included. */
export interface Span {
  start: number;
  end: number;
}

/** The stretch of a key or value; nothing after the colon (`groups:`) is best shown at the key. */
function spanOf(node: unknown): Span | undefined {
  if (isPair(node)) return isWritten(node.value) ? spanOf(node.value) : spanOf(node.key);
  const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range ? { start: range[0], end: range[1] } : undefined;
}

function isWritten(value: unknown): boolean {
  return !(isScalar(value) && value.value === null && !value.source);
}

/**
 * Where a key or a value stands in the text, following aliases and merge keys. For what is not there it is the
 * nearest thing around it that is.
 * @param atKey true for the key itself, false for its value
 */
export function locate(document: Document, path: readonly (string | number)[], atKey: boolean): Span {
  let node: unknown = document.contents;
  let span = spanOf(node) ?? { start: 0, end: 0 };
  for (const [index, step] of path.entries()) {
    const here = followed(node, document);
    if (isMap(here)) {
      const pair = pairOf(here, String(step), document);
      if (!pair) break;
      const wantsKey = atKey && index === path.length - 1;
      span = spanOf(wantsKey ? pair.key : pair) ?? span;
      node = pair.value;
    } else if (isSeq(here) && typeof step === 'number') {
      node = here.items[step];
      span = spanOf(node) ?? span;
    } else break;
  }
  return span;
}
