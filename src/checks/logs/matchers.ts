import type { FailureSignature } from '../../core/rollout/rules.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { LineRules } from './progress.ts';

/** So much of a line is looked at, in characters; CloudWatch takes lines of a megabyte. */
const longestLook = 16_384;
/** Where many or large patterns are looked for it is less, but never less than this. */
const shortestLook = 1_024;
/** Steps of all patterns over all characters of one line: what holds nobody up (decision 29). */
const stepsALine = 4_000_000;

/** The patterns of a service's rules, compiled. */
export interface Matchers {
  /** Notes in `found`, by the order of the rules, which lines are there; `at` replaces a later time. */
  success(text: string, found: (number | null)[], at: number): void;
  /** The first failure signature that the line matches. */
  failure(text: string): FailureSignature | null;
  /** Whether it matches any. */
  any(text: string): boolean;
}

/** @throws an error in plain words for a pattern that RE2 does not take */
export function matchersOf({ success, failure }: Pick<LineRules, 'success' | 'failure'>): Matchers {
  const good = success.map(({ pattern }) => compilePattern(pattern));
  const bad = failure.map((signature) => ({ signature, pattern: compilePattern(signature.pattern) }));
  const all = [...good, ...bad.map(({ pattern }) => pattern)];
  const most = lookOf(all);
  // The end of what is looked at is not the end of the line: `$` must not match there.
  const looked = (text: string) => (text.length > most ? `${text.slice(0, most)}…` : text);
  return {
    success: (text, found, at) => {
      for (const [index, pattern] of good.entries()) {
        const before = found[index] ?? null;
        if ((before === null || at < before) && pattern.test(looked(text))) found[index] = at;
      }
    },
    failure: (text) => bad.find(({ pattern }) => pattern.test(looked(text)))?.signature ?? null,
    any: (text) => all.some((pattern) => pattern.test(looked(text))),
  };
}

function lookOf(patterns: readonly Pattern[]): number {
  const steps = patterns.reduce((sum, { size }) => sum + size, 0);
  return Math.min(longestLook, Math.max(shortestLook, Math.floor(stepsALine / Math.max(1, steps))));
}
