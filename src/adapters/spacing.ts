import { setTimeout as pause } from 'node:timers/promises';

/** Lets requests of this process to one place go one behind the other, so that its limit is not met. */
export class Spacing {
  readonly #spacingMs: number;
  #nextAt = 0;

  /** @param spacingMs from one request to the next */
  constructor(spacingMs: number) {
    this.#spacingMs = spacingMs;
  }

  /** Resolves when it is this one's turn; rejects when `signal` ends it. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const now = Date.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#spacingMs;
    if (at > now) await pause(at - now, undefined, { signal });
  }
}
