import type { z } from 'zod';
import { ApiError, invalidParameter } from './api-error.ts';

/**
 * Reads the members of a request. Throws SerializationException for a member of the wrong type or one that the
 * operation does not have (AWS would pass over the latter: here a mistake shows), InvalidParameterException for a
 * value out of bounds.
 */
export function readInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) throw result.error;
  throw refusal(issue);
}

function refusal(issue: z.core.$ZodIssue): ApiError {
  const given = `1 validation error detected: Value '${String(issue.input)}' at '${issue.path.join('.')}' failed to satisfy constraint:`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return serialization(`Unknown member: ${issue.keys.join(', ')}`);
    case 'invalid_type':
      return serialization(`${kindOf(issue.input)} can not be converted to ${javaName(issue.expected)}`);
    case 'invalid_value':
      return invalidParameter(`${given} Member must satisfy enum value set: [${issue.values.join(', ')}]`);
    case 'too_small':
      return invalidParameter(
        `${given} Member must have ${size(issue.origin)} greater than or equal to ${issue.minimum}`,
      );
    case 'too_big':
      return invalidParameter(
        `${given} Member must have ${size(issue.origin)} less than or equal to ${issue.maximum}`,
      );
    default:
      return invalidParameter(`${given} ${issue.message}`);
  }
}

const serialization = (message: string) => new ApiError('SerializationException', message);

const size = (origin: string) => (origin === 'string' || origin === 'array' ? 'length' : 'value');

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY';
  if (typeof value === 'object' && value !== null) return 'START_OBJECT';
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return `${typeof value}_VALUE`.toUpperCase();
}

function javaName(expected: string): string {
  const names: Record<string, string> = {
    string: 'String',
    boolean: 'Boolean',
    array: 'List',
    int: 'Integer',
  };
  return names[expected] ?? 'Number';
}
