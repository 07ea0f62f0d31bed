import { z } from 'zod';
import { HttpError } from './http.ts';

/** Reads a control body; throws HttpError 400 that names every fault. */
export function readAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HttpError(400, z.prettifyError(result.error));
}
