import { setTimeout as delay } from 'node:timers/promises';

const firstMs = 500;
const longestMs = 30_000;

/**
 * Waits after the `time`th throttle in a row: longer each time, and not all at the same moment. Rejects with the
 * reason of `signal` when that ends before.
 */
export async function growingPause(time: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(longestMs, firstMs * 2 ** (time - 1)) * (0.5 + Math.random() / 2);
  try {
    await delay(ms, undefined, { signal });
  } finally {
    signal.throwIfAborted();
  }
}
