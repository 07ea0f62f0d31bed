import { linePace } from './line-pace.ts';

/** A clock that only pauses move, and the pace on it: a test plays minutes without waiting. */
export function virtualTime(start = '2026-11-21T10:00:00.000Z') {
  let time = Date.parse(start);
  const pauses: number[] = [];
  return {
    pace: linePace(() => time),
    now: () => new Date(time),
    /** How long was waited each time, in ms. */
    pauses,
    advance: (ms: number) => {
      time += ms;
    },
    /** As all waiting at once does, it ends at the latest moment that anybody waits for. */
    pause: async (ms: number, signal: AbortSignal) => {
      signal.throwIfAborted();
      pauses.push(ms);
      const until = time + ms;
      await new Promise<void>((done) => setImmediate(done));
      time = Math.max(time, until);
    },
  };
}

/** Whether calls at these times (ms) would have found a token in a bucket that was full at the first. */
export function fits(times: readonly number[], rate: { burst: number; perSecond: number }): boolean {
  let [tokens, last] = [rate.burst, times[0] ?? 0];
  return times.every((at) => {
    tokens = Math.min(rate.burst, tokens + ((at - last) / 1000) * rate.perSecond) - 1;
    last = at;
    return tokens >= 0;
  });
}
