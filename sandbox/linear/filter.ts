import { invalidInput } from './problems.ts';

/** A condition as it comes in, its shape already checked against the SDL. */
export type Condition = Readonly<Record<string, unknown>>;
export type Matcher<T> = (item: T, condition: Condition) => boolean;

const object = (value: unknown): Condition => (value ?? {}) as Condition;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const present = (value: unknown) => value !== undefined && value !== null;

/**
 * A matcher for entities of one kind: each named field has a test of its own; all must hold. `and` and `or`
 * take whole conditions, and an `or` without members excludes nothing.
 */
export function matcher<T>(fields: Readonly<Record<string, Matcher<T>>>): Matcher<T> {
  const matches: Matcher<T> = (item, condition) =>
    Object.entries(condition).every(([name, wanted]) => {
      if (!present(wanted) || name === 'null') return true;
      if (name === 'and') return list(wanted).every((part) => matches(item, object(part)));
      if (name === 'or') {
        const parts = list(wanted);
        return parts.length === 0 || parts.some((part) => matches(item, object(part)));
      }
      const field = fields[name];
      if (!field) throw new Error(`the simulation has no test for the filter field ${name}`);
      return field(item, object(wanted));
    });
  return matches;
}

/** A related entity that may be missing; `null: true` asks for those without. */
export function related<T, R>(of: (item: T) => R | null, matches: Matcher<R>): Matcher<T> {
  return (item, condition) => {
    const value = of(item);
    if (present(condition['null'])) return (value === null) === condition['null'];
    return value !== null && matches(value, condition);
  };
}

/** A collection: `some` (also meant by plain fields), `every`, `length`. */
export function collection<T, R>(of: (item: T) => readonly R[], matches: Matcher<R>): Matcher<T> {
  return (item, { some, every, length, and, or, ...plain }) => {
    const all = of(item);
    const again = collection(of, matches);
    if (present(some) && !all.some((one) => matches(one, object(some)))) return false;
    if (present(every) && !all.every((one) => matches(one, object(every)))) return false;
    if (present(length) && !compareNumber(all.length, object(length))) return false;
    if (!list(and).every((part) => again(item, object(part)))) return false;
    if (list(or).length > 0 && !list(or).some((part) => again(item, object(part)))) return false;
    const named = Object.keys(plain).filter((name) => present(plain[name]));
    return named.length === 0 || all.some((one) => matches(one, plain));
  };
}

const lower = (value: unknown) => String(value).toLowerCase();
const bare = (value: unknown) =>
  lower(value)
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '');

const textTests: Readonly<Record<string, (value: string, wanted: unknown) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  neq: (value, wanted) => value !== wanted,
  in: (value, wanted) => list(wanted).includes(value),
  nin: (value, wanted) => !list(wanted).includes(value),
  eqIgnoreCase: (value, wanted) => lower(value) === lower(wanted),
  neqIgnoreCase: (value, wanted) => lower(value) !== lower(wanted),
  startsWith: (value, wanted) => value.startsWith(String(wanted)),
  startsWithIgnoreCase: (value, wanted) => lower(value).startsWith(lower(wanted)),
  notStartsWith: (value, wanted) => !value.startsWith(String(wanted)),
  endsWith: (value, wanted) => value.endsWith(String(wanted)),
  notEndsWith: (value, wanted) => !value.endsWith(String(wanted)),
  contains: (value, wanted) => value.includes(String(wanted)),
  containsIgnoreCase: (value, wanted) => lower(value).includes(lower(wanted)),
  containsIgnoreCaseAndAccent: (value, wanted) => bare(value).includes(bare(wanted)),
  notContains: (value, wanted) => !value.includes(String(wanted)),
  notContainsIgnoreCase: (value, wanted) => !lower(value).includes(lower(wanted)),
};

/** A text or an id. */
export function text<T>(of: (item: T) => string | null): Matcher<T> {
  return (item, condition) => {
    const value = of(item);
    if (present(condition['null']) && (value === null) !== condition['null']) return false;
    return Object.entries(condition).every(
      ([name, wanted]) =>
        !present(wanted) ||
        name === 'null' ||
        (value !== null && (textTests[name]?.(value, wanted) ?? false)),
    );
  };
}

const numberTests: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  neq: (value, wanted) => value !== wanted,
  gt: (value, wanted) => value > wanted,
  gte: (value, wanted) => value >= wanted,
  lt: (value, wanted) => value < wanted,
  lte: (value, wanted) => value <= wanted,
};

function compareNumber(value: number, condition: Condition): boolean {
  return Object.entries(condition).every(([name, wanted]) => {
    if (!present(wanted)) return true;
    if (name === 'in') return list(wanted).includes(value);
    if (name === 'nin') return !list(wanted).includes(value);
    if (name === 'null') return wanted === false;
    return numberTests[name]?.(value, Number(wanted)) ?? false;
  });
}

/** A number. */
export function number<T>(of: (item: T) => number): Matcher<T> {
  return (item, condition) => compareNumber(of(item), condition);
}

/** A moment; durations like `-P2W`, which Linear takes too, are not served. */
export function moment<T>(of: (item: T) => Date): Matcher<T> {
  return (item, condition) =>
    compareNumber(
      of(item).getTime(),
      Object.fromEntries(
        Object.entries(condition).map(([name, wanted]) => {
          const at = Date.parse(String(wanted));
          if (present(wanted) && Number.isNaN(at))
            throw invalidInput('Invalid date', `${String(wanted)} is not a date that the simulation knows.`);
          return [name, present(wanted) ? at : undefined];
        }),
      ),
    );
}

/** A yes or no. */
export function flag<T>(of: (item: T) => boolean): Matcher<T> {
  return (item, condition) =>
    (!present(condition['eq']) || condition['eq'] === of(item)) &&
    (!present(condition['neq']) || condition['neq'] !== of(item));
}
