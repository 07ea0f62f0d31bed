import type { Problem } from './problem.ts';

/**
 * How an attempt to change something outside ended. The difference that matters is whether it may have
 * happened: only `done` certainly did, only `refused`, `busy` and `unsent` certainly did not, and after
 * `unclear` nobody may try again before looking.
 */
export type Effect<T> =
  | { outcome: 'done'; value: T }
  | { outcome: 'refused'; problem: Problem }
  | { outcome: 'busy'; retryAfterMs: number }
  | { outcome: 'unsent'; cause: string }
  | { outcome: 'unclear'; cause: string };
