import { compile, JSONPathError, type JSONValue } from 'json-p3';
import { z } from 'zod';
import { twoLines } from '../core/catalogue/wording.ts';

/** A JSON path (RFC 9535) of a gate's `with:` block; one that is wrong is a fault of the catalogue. */
export const jsonPath = z
  .string()
  .refine(isPath, { error: twoLines('is no JSON path', 'Write, for example: $.commit') });

function isPath(path: string): boolean {
  try {
    compile(path);
    return true;
  } catch (error) {
    if (error instanceof JSONPathError) return false;
    throw error;
  }
}

/** Why nothing could be read: the text is no JSON, or has nothing at that path. */
export type Unreadable = { why: string };

/** The values at a path of a JSON text, at least one, in the order of the text. `path` has been checked. */
export function valuesAt(text: string, path: string): { values: unknown[] } | Unreadable {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { why: 'the answer is no JSON' };
    throw error;
  }
  // A path leads into an object or a list; the library takes nothing else.
  if (typeof document !== 'object' || document === null) return { why: `the answer has no ${path}` };
  const values: unknown[] = compile(path)
    .query(document as JSONValue)
    .values();
  return values.length > 0 ? { values } : { why: `the answer has no ${path}` };
}

/** A value as people read it: text as it is, anything else as JSON. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}
