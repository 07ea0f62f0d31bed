import { RE2JS } from 're2js';
import { sizeAtMost } from './pattern-size.ts';

/** A compiled pattern; it takes time in proportion to its size and to the text, whatever they are. */
export interface Pattern {
  test(text: string): boolean;
  /** Steps of its program: what one character of text costs at most. */
  size: number;
}

/** A pattern may be so long, in characters; the catalogue says the same. */
const longest = 1_000;
/** And so large once its repetitions are written out: the worst such pattern holds nobody up (decision 29). */
const mostSteps = 500;
/** So many patterns stay compiled; a watch compiles those of its service at each look. */
const keptAtMost = 2_000;

const compiled = new Map<string, Pattern>();

/** Compiles a regular expression of RE2. Throws an error in plain words for one that it does not take. */
export function compilePattern(source: string): Pattern {
  const before = compiled.get(source);
  if (before) return before;
  const fresh = compile(source);
  if (compiled.size >= keptAtMost) compiled.clear();
  compiled.set(source, fresh);
  return fresh;
}

function compile(source: string): Pattern {
  if (source.length > longest) throw new Error(`it is longer than ${longest} characters`);
  // Looked at before RE2 does: it would write out everything first.
  if (sizeAtMost(source) > 2 * mostSteps) throw tooLarge();
  const engine = engineOf(source);
  const size = engine.programSize();
  if (size > mostSteps) throw tooLarge();
  return { test: (text) => engine.test(text), size };
}

function engineOf(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(said.replace(/^error parsing regexp: /, ''), { cause: error });
  }
}

function tooLarge(): Error {
  return new Error(`with its repetitions written out it has more than ${mostSteps} steps`);
}
