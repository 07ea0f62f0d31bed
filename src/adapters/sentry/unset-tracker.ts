import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import type { ErrorTracker } from '../../core/sources.ts';

/** Stands where no Sentry is configured: whoever asks it is told so, and nothing is green by it. */
export const unsetTracker: ErrorTracker = {
  errorCounts: () => Promise.reject(unset()),
  issues: () => Promise.reject(unset()),
};

function unset(): OutsideError {
  return new OutsideError('refused', problem('sentry-unset'), { cause: 'SENTRY_TOKEN is not set' });
}
