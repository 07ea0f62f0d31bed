import { z } from 'zod';
import type { Effect } from '../../core/effect.ts';
import { problem } from '../../core/problem.ts';
import { GitLabAnswer, GitLabSilence } from './request.ts';

/** A wait that GitLab asks for without saying how long, in ms. */
const defaultBusyMs = 10_000;
/** GitLab counts pipeline creations by the minute; after a third of it there may be room again, in ms. */
const creationBusyMs = 20_000;

/**
 * What a failed POST means. A 4xx is GitLab's own no, and 429 comes before anything is done. Everything else
 * that was sent, a 5xx above all, may hide a pipeline that now exists.
 */
export function effectOf(error: unknown): Exclude<Effect<never>, { outcome: 'done' }> {
  if (error instanceof GitLabSilence)
    return error.sent
      ? { outcome: 'unclear', cause: error.message }
      : { outcome: 'unsent', cause: error.message };
  if (error instanceof GitLabAnswer) {
    const { status, said, retryAfterMs } = error;
    // GitLab words its limit on pipeline creation as a 400 of the pipeline itself.
    if (status === 400 && /too many pipelines/i.test(said))
      return { outcome: 'busy', retryAfterMs: creationBusyMs };
    if (status === 429) return { outcome: 'busy', retryAfterMs: retryAfterMs ?? defaultBusyMs };
    if (status === 401) return { outcome: 'refused', problem: problem('gitlab-token-refused') };
    // 408 and 499 are a proxy's words for a request whose end nobody saw.
    if (status >= 500 || status === 408 || status === 499)
      return { outcome: 'unclear', cause: `${status}: ${said}` };
    return { outcome: 'refused', problem: problem('gitlab-refused', { status, said }) };
  }
  // An answer that says 201 and cannot be read: it was done, we do not know what came of it.
  if (error instanceof z.ZodError)
    return { outcome: 'unclear', cause: 'GitLab’s answer could not be understood' };
  throw error;
}
