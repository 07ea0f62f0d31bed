import { ZodError } from 'zod';
import { OutsideError } from '../../core/ports.ts';
import { type Problem, problem } from '../../core/problem.ts';
import { GitLabAnswer, GitLabSilence } from './request.ts';

/** What people are told when GitLab could not be read; `said` is its own word. */
export type Unread = (said: string) => Problem;

/** Passes on what was read; what failed becomes an {@link OutsideError} in the words of `unread`. */
export async function reading<T>(unread: Unread, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw outsideError(unread, error);
  }
}

/** Null when GitLab says that it is not there, which is what the statuses in `meansNull` mean. */
export async function orNull<T>(
  unread: Unread,
  read: () => Promise<T>,
  meansNull: number[] = [404],
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitLabAnswer && meansNull.includes(error.status)) return null;
    throw outsideError(unread, error);
  }
}

function outsideError(unread: Unread, error: unknown): unknown {
  if (error instanceof GitLabSilence)
    return new OutsideError('unreachable', unread(error.message), { cause: error });
  if (error instanceof ZodError)
    return new OutsideError('refused', unread('Its answer could not be understood.'), { cause: error });
  if (!(error instanceof GitLabAnswer)) return error;
  const { status, said, retryAfterMs } = error;
  if (status === 401) return new OutsideError('refused', problem('gitlab-token-refused'), { cause: error });
  if (status === 429)
    return new OutsideError('busy', unread('It asks for fewer requests.'), { cause: error, retryAfterMs });
  const kind = status >= 500 ? 'unreachable' : 'refused';
  return new OutsideError(kind, unread(`It answered ${status}: ${said}`), { cause: error });
}
