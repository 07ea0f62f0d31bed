import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  defaultFieldResolver,
  type GraphQLFieldResolver,
  GraphQLScalarType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { isObject } from '../shared/json.ts';

const folder = join(import.meta.dirname, 'sdl');

/** The simulation's own description of what it serves. */
export function readSdl(): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

type Resolvers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The executable schema. Throws for a resolver of a field that the SDL does not have. */
export function schemaWith(resolvers: Resolvers): GraphQLSchema {
  const schema = buildSchema(readSdl());
  teachScalars(schema);
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`the SDL has no type ${typeName}`);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (!field || typeof resolve !== 'function') throw new Error(`the SDL has no ${typeName}.${name}`);
      field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>;
    }
  }
  return schema;
}

function teachScalars(schema: GraphQLSchema): void {
  const scalar = (name: string) => {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLScalarType)) throw new Error(`the SDL has no scalar ${name}`);
    return type;
  };
  scalar('DateTime').serialize = (value) => (value instanceof Date ? value.toISOString() : value);
  scalar('TimelessDate').parseValue = (value) => {
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
    throw new TypeError('a TimelessDate is written YYYY-MM-DD');
  };
  scalar('JSONObject').parseValue = (value) => {
    if (isObject(value)) return value;
    throw new TypeError('a JSONObject is an object');
  };
}

/**
 * A property of the entity; where the simulation keeps none: null if the field may be null, otherwise what says
 * nothing (false, 0, an empty text, list or object, the first value of an enum).
 */
export const resolveProperty: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const value: unknown = defaultFieldResolver(source, args, context, info);
  if (value !== undefined && value !== null) return value;
  if (!isNonNullType(info.returnType)) return null;
  const type = getNullableType(info.returnType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.value;
  const neutral: Readonly<Record<string, unknown>> = {
    Boolean: false,
    Int: 0,
    Float: 0,
    String: '',
    JSONObject: {},
  };
  return neutral[type.toString()];
};
