import { z } from 'zod';
import { nearest } from './nearest.ts';

/**
 * Messages of the schema have two lines: what is wrong, and what to write instead. `describeIssue` takes them
 * apart again; zod has room for one string only.
 */
export function twoLines(problem: string, instead: string): string {
  return `${problem}\n${instead}`;
}

/** A value as people wrote it, short enough for one line; text in quotes. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const short = text.length > 80 ? `${text.slice(0, 79).toWellFormed()}…` : text;
  return typeof value === 'string' ? `"${short}"` : short;
}

/** `Did you mean "manage"?`, or the words that are known. */
export function suggestion(word: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(word, known);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  if (known.length === 0) return otherwise;
  const shown = known.slice(0, 12).join(', ');
  return `Write one of: ${shown}${known.length > 12 ? ` and ${known.length - 12} more` : ''}.`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
};

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? typeof value;
}

/** Problems that say only that something is not there. */
export const ABSENCE = {
  missing: 'is missing',
  empty: 'is empty',
  nobody: 'names nobody',
  none: 'has no project',
};

const ABSENCES: ReadonlySet<string> = new Set(Object.values(ABSENCE));

/** Wording of a missing, empty or wrongly typed value. `example` is what to write, as YAML. */
export function wrongType(input: unknown, wanted: string, example: string): string {
  const instead = `Write, for example: ${example}`;
  if (input === undefined) return twoLines(ABSENCE.missing, instead);
  if (input === null) return twoLines(ABSENCE.empty, instead);
  if (typeof input === 'object') return twoLines(`is ${kindOf(input)}, must be ${wanted}`, instead);
  const problem = `${quoted(input)} is ${kindOf(input)}, must be ${wanted}`;
  return twoLines(problem, wanted === 'text' ? `Put quotes around it: "${String(input)}"` : instead);
}

function unknownKeys(keys: readonly string[], schema: unknown): string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return keys.map((key) => suggestion(key, known, 'Leave it out.')).join('\n');
}

/** What the schema says where a field has no wording of its own. */
export const wordIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue.keys, issue.inst);
    case 'invalid_type': {
      const wanted = KINDS[issue.expected] ?? issue.expected;
      return wrongType(
        issue.input,
        wanted,
        issue.expected === 'int' || issue.expected === 'number' ? '20' : wanted,
      );
    }
    case 'too_big':
      return twoLines(`is more than ${issue.maximum}`, `Write at most ${issue.maximum}.`);
    case 'too_small':
      return twoLines(`is less than ${issue.minimum}`, `Write at least ${issue.minimum}.`);
    case 'invalid_value':
      return twoLines(`is ${quoted(issue.input)}`, `Write ${issue.values.map(String).join(' or ')}.`);
    default:
      return undefined;
  }
};

/** One thing that is wrong in a catalogue, not yet tied to a line of the file. */
export interface CatalogueIssue {
  /** Where, from the root: keys and list indexes. */
  path: readonly (string | number)[];
  /** Is the fault the key itself, its value, or something that is not there? */
  about: 'key' | 'value' | 'absence';
  /** What is wrong, to be read after the path. */
  problem: string;
  /** What to write instead: one or two sentences. */
  instead: string;
}

/** Turns an issue of the schema into ours: one for each unknown key, otherwise one. */
export function describeIssue(issue: z.core.$ZodIssue): CatalogueIssue[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const lines = issue.message.split('\n');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key, index) => ({
      path: [...path, key],
      about: 'key',
      problem: `"${key}" is no key here`,
      instead: lines[index] ?? 'Leave it out.',
    }));
  }
  const [problem = '', ...instead] = lines;
  const about = ABSENCES.has(problem) ? 'absence' : 'value';
  return [{ path, about, problem, instead: instead.join(' ') }];
}
