import { createHash } from 'node:crypto';

/** Lower-case hexadecimal digits, the same for the same key (64 of them). */
export function hex(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Decimal digits, the same for the same key. The first is never 0. */
export function digits(key: string, length: number): string {
  return `1${BigInt(`0x${hex(key)}`)
    .toString()
    .padStart(77, '0')
    .slice(-(length - 1))}`;
}

/** A repeatable source of numbers from 0 to 1 (a 32-bit linear congruential generator, mixed). */
export function draws(key: string): () => number {
  let state = Number.parseInt(hex(key).slice(0, 8), 16);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** How many events a draw stands for when `mean` are expected (Poisson; mean up to 500). */
export function poisson(mean: number, draw: number): number {
  let probability = Math.exp(-mean);
  let sum = probability;
  let count = 0;
  while (draw > sum && count < 2000) {
    count += 1;
    probability *= mean / count;
    sum += probability;
  }
  return count;
}
