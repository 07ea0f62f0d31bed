import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';

/** The fewest windows that say what is normal (facts: spike check). */
const fewestWindows = 10;

export interface SpikeVerdict {
  verdict: 'spike' | 'no-obvious-spike' | 'too-little-history';
  /** Mean of the windows before; what was to be expected. */
  expected: number;
}

/**
 * Is a count in one window far above the counts of same-length windows before? (B6; facts: spike check) Three
 * conditions must all hold: the binomial tail P(X ≥ x | n + x, 1/(m + 1)) is below 0.001; the quasi-Poisson z is
 * above 3, with the dispersion max(1, variance/mean); and the count is 5 above the mean and at least twice it.
 * Fewer than 10 windows say nothing.
 */
export function judgeSpike(count: number, before: readonly number[]): SpikeVerdict {
  const windows = before.length;
  if (windows < fewestWindows) return { verdict: 'too-little-history', expected: Number.NaN };
  const total = before.reduce((sum, one) => sum + one, 0);
  const mean = total / windows;
  const spike =
    count - mean >= 5 &&
    count >= 2 * mean &&
    tail(count, total, windows) < 0.001 &&
    distance(count, mean, before) > 3;
  return { verdict: spike ? 'spike' : 'no-obvious-spike', expected: mean };
}

/** How likely so many fall into the last of all windows when each of them is equally likely. */
function tail(count: number, total: number, windows: number): number {
  return 1 - binomialCdf(count - 1, total + count, 1 / (windows + 1));
}

/** By how many standard deviations of a forecast the count lies above the mean. */
function distance(count: number, mean: number, before: readonly number[]): number {
  if (mean === 0) return count === 0 ? 0 : Number.POSITIVE_INFINITY;
  const squares = before.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const dispersion = Math.max(1, squares / (before.length - 1) / mean);
  return (count - mean) / Math.sqrt(dispersion * mean * (1 + 1 / before.length));
}
