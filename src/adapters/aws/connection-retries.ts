/** A call is tried at most so often. */
export const attempts = 3;
const longestPauseMs = 2_000;

/** What the SDK says of a failed attempt. */
interface Failed {
  errorType: 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';
}

interface Attempt {
  getRetryCount(): number;
  /** Ms until it is made. */
  getRetryDelay(): number;
}

/**
 * Which attempts the SDK repeats by itself, in the shape that it asks for: what broke on the way or on the other
 * side, at most twice more. A throttle it hands on at once, for whoever made the call waits for it together with
 * everybody else; the SDK's adaptive mode would wait once more, and for this process alone (decision 30).
 */
export const connectionRetries = {
  acquireInitialRetryToken: async (): Promise<Attempt> => attempt(0),
  refreshRetryTokenForRetry: async (last: Attempt, { errorType }: Failed): Promise<Attempt> => {
    const made = last.getRetryCount() + 1;
    if (errorType === 'THROTTLING' || errorType === 'CLIENT_ERROR' || made >= attempts)
      throw new Error('This attempt is not repeated.');
    return attempt(made);
  },
  recordSuccess: (): void => {},
};

function attempt(made: number): Attempt {
  const pauseMs = made === 0 ? 0 : Math.random() * Math.min(longestPauseMs, 100 * 2 ** made);
  return { getRetryCount: () => made, getRetryDelay: () => pauseMs };
}
