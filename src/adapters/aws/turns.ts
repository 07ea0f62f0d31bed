import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Pace } from '../../core/ports.ts';

/** Waits so many ms; ends at once, with an error, when `signal` ends. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** How turns are waited for. */
export interface Waiting {
  /** Shared by all workers. */
  pace: Pace;
  /** The clock of the pace. */
  now: Clock;
  pause?: Pause;
}

/** What AWS grants of one bucket of tokens in one account and region. */
export interface Rate {
  burst: number;
  perSecond: number;
}

/** The part of every bucket that gonogo uses: people and pipelines read too. */
const share = 0.8;

const longestHoldMs = 30_000;

/** The turns of all workers at one bucket. Turns that are taken together may be used together. */
export class Turns {
  readonly #line: string;
  readonly #spacingMs: number;
  readonly #waiting: Required<Waiting>;
  /** So many turns may be taken at once: the bucket is full again before the next ones come. */
  readonly most: number;

  /** @param line names the bucket, such as `aws/-/eu-west-1/services` */
  constructor(line: string, rate: Rate, waiting: Waiting) {
    this.#line = line;
    this.#spacingMs = 1000 / (rate.perSecond * share);
    this.#waiting = { pause: sleep, ...waiting };
    this.most = Math.max(1, Math.floor(rate.burst * share));
  }

  /** Resolves when it is the turn of so many calls; rejects with the reason of `signal` when that ends before. */
  async take(calls: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { pace, now, pause } = this.#waiting;
    const slot = await pace.reserve(this.#line, Math.ceil(calls * this.#spacingMs));
    const ms = slot.getTime() - now().getTime();
    try {
      if (ms > 0) await pause(ms, signal);
    } finally {
      signal.throwIfAborted();
    }
  }

  /** A call was throttled, for the `time`th time in a row: nobody makes one for a while, each time a longer one. */
  async hold(time: number): Promise<void> {
    const { pace, now } = this.#waiting;
    const ms = Math.min(longestHoldMs, 1000 * 2 ** (time - 1));
    await pace.holdUntil(this.#line, new Date(now().getTime() + ms * (0.5 + Math.random() / 2)));
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}
