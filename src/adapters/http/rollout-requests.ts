import { z } from 'zod';
import { type Problem, problem } from '../../core/problem.ts';
import { fullCommit } from '../../core/promotion/acts.ts';
import { snapshot } from '../../core/rollout/verdict.ts';

/** What pipelines may send. A key that is not known is refused: it could be one that is misspelt. */

const word = z.string().trim().min(1).max(255);
const commit = z.string().regex(fullCommit, 'is no full commit');

const place = { service: word, region: word, commit };

/** Names the request, so that sending it twice does the same once: `job/4711`. */
const source = z
  .string()
  .regex(/^[\w./:@-]{1,200}$/, 'holds other characters than letters, digits and ./:@-_');

export const rolloutRequest = z.strictObject({
  ...place,
  source,
  /** When `terraform apply` began. */
  appliedAt: z.iso.datetime({ offset: true }).optional(),
  /** It began at some time after this; counts where there is neither `appliedAt` nor a snapshot. */
  appliedAfter: z.iso.datetime({ offset: true }).optional(),
  taskDefinition: z.string().min(1).max(512).optional(),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'is no sha256 digest')
    .optional(),
  before: snapshot.optional(),
  pipeline: z.strictObject({ id: z.int(), url: z.httpUrl().max(500) }).optional(),
});
export type RolloutRequest = z.infer<typeof rolloutRequest>;

export const snapshotRequest = z.strictObject({ ...place, source });
export type SnapshotRequest = z.infer<typeof snapshotRequest>;

/** Reads a body; or the problem, every fault in one sentence. */
export function readBody<T extends z.ZodType>(
  shape: T,
  body: Buffer,
): { ok: true; value: z.infer<T> } | { ok: false; problem: Problem } {
  let content: unknown;
  try {
    content = JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, problem: problem('request-wrong', { said: 'It is no JSON.' }) };
  }
  const parsed = shape.safeParse(content);
  if (parsed.success) return { ok: true, value: parsed.data };
  const said = parsed.error.issues
    .map(({ path, message }) => `${path.join('.')} ${message}`.trim())
    .join('; ');
  return { ok: false, problem: problem('request-wrong', { said }) };
}
