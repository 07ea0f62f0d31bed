import type { Bucket } from '../../core/sources.ts';

export interface Stretch {
  from: Date;
  to: Date;
  bucketMs: number;
}

/** Counts by stretches of a span of time; lines in a last one that the span cuts are left out. */
export class Tally {
  readonly #from: number;
  readonly #bucketMs: number;
  readonly #counts: number[];

  constructor({ from, to, bucketMs }: Stretch) {
    this.#from = from.getTime();
    this.#bucketMs = bucketMs;
    this.#counts = Array<number>(Math.max(0, Math.floor((to.getTime() - this.#from) / bucketMs))).fill(0);
  }

  /** `at` in ms since 1970. */
  add(at: number): void {
    const index = Math.floor((at - this.#from) / this.#bucketMs);
    const count = this.#counts[index];
    if (count !== undefined) this.#counts[index] = count + 1;
  }

  /** Oldest first, quiet ones too. */
  buckets(): Bucket[] {
    return this.#counts.map((count, i) => ({
      at: new Date(this.#from + i * this.#bucketMs).toISOString(),
      count,
    }));
  }
}
