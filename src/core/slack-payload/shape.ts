import { type Check, deeper, type Inspection, report } from './fault.ts';

/** A JSON object whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Is it a JSON object (not null, not a list)? */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, in the words of JSON. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function wrongType(seen: Inspection, pointer: string, value: unknown, wanted: string): void {
  report(seen, pointer, 'type', kindOf(value), wanted, `is ${kindOf(value)}, must be ${wanted}`);
}

/** A boolean. */
export const bool: Check = (value, pointer, seen) => {
  if (typeof value !== 'boolean') wrongType(seen, pointer, value, 'boolean');
};

/** A whole number within the range, both ends included. */
export function integer(min: number, max: number): Check {
  return (value, pointer, seen) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return wrongType(seen, pointer, value, 'whole number');
    }
    if (value < min) report(seen, pointer, 'number-range', value, min, `is ${value}, at least ${min}`);
    if (value > max) report(seen, pointer, 'number-range', value, max, `is ${value}, at most ${max}`);
  };
}

/** One of a few words or numbers. */
export function oneOf(...allowed: readonly (string | number)[]): Check {
  return (value, pointer, seen) => {
    if (allowed.some((word) => word === value)) return;
    const found = typeof value === 'string' || typeof value === 'number' ? value : kindOf(value);
    report(
      seen,
      pointer,
      'allowed-value',
      found,
      allowed.join(' | '),
      `is ${found}, must be ${allowed.join(' or ')}`,
    );
  };
}

/** A list with between `min` and `max` items, each checked. */
export function list(item: Check, min: number, max: number): Check {
  return (value, pointer, seen) => {
    if (!Array.isArray(value)) return wrongType(seen, pointer, value, 'list');
    const found = value.length;
    if (found < min) report(seen, pointer, 'count', found, min, `has ${found} items, at least ${min}`);
    if (found > max) report(seen, pointer, 'count', found, max, `has ${found} items, at most ${max}`);
    for (const [index, entry] of value.entries()) item(entry, deeper(pointer, index), seen);
  };
}

/** A closed object: the fields named, no other. `undefined` counts as absent, as it does in JSON. */
export function object(
  required: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
  ...rules: readonly Check[]
): Check {
  const known = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (value, pointer, seen) => {
    if (!isFields(value)) return wrongType(seen, pointer, value, 'object');
    for (const name of Object.keys(required)) {
      if (value[name] === undefined)
        report(seen, pointer, 'missing-field', 'nothing', name, `lacks \`${name}\``);
    }
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      const check = known.get(name);
      if (check) check(field, deeper(pointer, name), seen);
      else
        report(
          seen,
          deeper(pointer, name),
          'unknown-field',
          name,
          'no such field',
          `Slack knows no \`${name}\` here`,
        );
    }
    for (const rule of rules) rule(value, pointer, seen);
  };
}

/** An object told apart by its `type`; the table gives the check of each type that may stand here. */
export function byType(table: Readonly<Record<string, Check>>, what: string): Check {
  const checks = new Map(Object.entries(table));
  const allowed = [...checks.keys()].join(' | ');
  return (value, pointer, seen) => {
    if (!isFields(value)) return wrongType(seen, pointer, value, 'object');
    const type = value['type'];
    const check = typeof type === 'string' ? checks.get(type) : undefined;
    if (check) return check(value, pointer, seen);
    const found = typeof type === 'string' ? type : kindOf(type);
    report(
      seen,
      deeper(pointer, 'type'),
      'unknown-type',
      found,
      allowed,
      `\`${found}\` is no ${what} that may stand here`,
    );
  };
}

/** Exactly one of the fields must be there. */
export function exactlyOneOf(...names: readonly string[]): Check {
  return (value, pointer, seen) => {
    if (!isFields(value)) return;
    const present = names.filter((name) => value[name] !== undefined);
    if (present.length === 1) return;
    const found = present.length === 0 ? 'none' : present.join(' and ');
    const wanted = `exactly one of ${names.join(', ')}`;
    report(seen, pointer, 'exclusive-fields', found, wanted, `has ${found}, must have ${wanted}`);
  };
}

/** No two of these values may be the same; gives each repeated one with its place. */
export function reportRepeats(
  places: Iterable<readonly [value: unknown, pointer: string]>,
  seen: Inspection,
): void {
  const first = new Map<string, string>();
  for (const [value, pointer] of places) {
    if (typeof value !== 'string') continue;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, pointer);
    else report(seen, pointer, 'unique', value, 'once', `"${value}" is already at ${earlier}`);
  }
}
