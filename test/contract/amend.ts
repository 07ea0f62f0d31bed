import { isObject, type JsonObject } from '../../sandbox/shared/json.ts';

/** The object at a path in the document; throws when there is none. */
export function at(document: JsonObject, ...path: string[]): JsonObject {
  let value: unknown = document;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  if (!isObject(value)) throw new Error(`the contract has no object at ${path.join(' → ')}`);
  return value;
}

/** A place where GitLab's OpenAPI file says something else than GitLab does, and how the file is put right. */
export interface Deviation {
  name: string;
  reason: string;
  /** Changes the document; says whether there was anything to change. */
  amend: (document: JsonObject) => boolean;
}

/**
 * Lets one property be null. `nullable` beside a `$ref` is ignored in OpenAPI 3.0, so that what is referred
 * to is written out in its place.
 */
export function mayBeNull(...path: string[]): Deviation {
  const property = path.at(-1) ?? '';
  return {
    name: `null: ${path.join('.')}`,
    reason: 'the generator of the file knows no null; GitLab answers null where there is nothing (yet)',
    amend: (document) => {
      const place = at(document, 'components', 'schemas', ...path.slice(0, -1));
      const found = at(place, property);
      const reference = found['$ref'];
      const whole =
        typeof reference === 'string' ? at(document, ...reference.replace('#/', '').split('/')) : found;
      if (whole['nullable'] === true) return false;
      place[property] = { ...whole, nullable: true };
      return true;
    },
  };
}

/** Corrects the type of one property. */
export function isReally(type: string, ...path: string[]): Deviation {
  return {
    name: `${type}: ${path.join('.')}`,
    reason: 'the file says string because the entity does not declare a type',
    amend: (document) => {
      const found = at(document, 'components', 'schemas', ...path);
      if (found['type'] === type) return false;
      found['type'] = type;
      return true;
    },
  };
}

/** Lets several properties of a schema be null. */
export const properties = (schema: string, names: string[]) =>
  names.map((name) => mayBeNull(schema, 'properties', name));

/** Says that properties are lists of what the file says that they are. */
export const lists = (schema: string, names: string[]): Deviation[] =>
  names.map((name) => ({
    name: `list: ${schema}.${name}`,
    reason: 'the file leaves out `is_array`: GitLab answers a list',
    amend: (document) => {
      const place = at(document, 'components', 'schemas', schema, 'properties');
      const items = at(place, name);
      if (items['type'] === 'array') return false;
      place[name] = { type: 'array', items };
      return true;
    },
  }));
