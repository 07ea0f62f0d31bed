import { z } from 'zod';
import type { Bucket } from '../core/sources.ts';
import type { DeployedSpan } from './deployed-span.ts';

/** Which stretches of time a spike check compares: the newest one since the deployment, and those before it. */

export const minuteMs = 60_000;
/** What happened less than this ago may not have arrived yet (facts: ingestion delay). */
const arrivalMs = 90_000;
const leastMs = 3 * minuteMs;
const windowsBefore = 20;
/** A deployment disturbs what is measured for so long. */
const disturbedMs = 10 * minuteMs;

/** `window:` of a gate. */
export const windowMinutes = z
  .number()
  .int()
  .min(3)
  .max(60)
  .default(10)
  .describe('Length of the compared stretches of time, in minutes.');

/** One stretch of time: from its beginning on, up to its end and not with it. */
export interface Window {
  from: Date;
  to: Date;
}

export interface Windows {
  /** The newest complete one since the deployment. */
  newest: Window;
  /** Those of the same length just before the first deployment, oldest first. */
  before: Window[];
}

/**
 * The windows to compare, on whole minutes. Shorter than wanted while little time has passed since the deployment,
 * at least three minutes; `waitMs` says for how long there are not even those. Windows that an earlier deployment
 * disturbed are left out.
 */
export function windowsFor(
  span: DeployedSpan,
  minutes: number,
  earlier: readonly Date[],
  now: Date,
): Windows | { waitMs: number } {
  const arrived = now.getTime() - arrivalMs;
  const since = Math.ceil(span.since.getTime() / minuteMs) * minuteMs;
  const end = Math.floor(arrived / minuteMs) * minuteMs;
  if (end - since < leastMs) return { waitMs: since + leastMs - arrived };
  const length = Math.min(minutes * minuteMs, end - since);
  const start = Math.floor(span.before.getTime() / minuteMs) * minuteMs;
  const before = Array.from({ length: windowsBefore }, (_, index) =>
    between(start - (windowsBefore - index) * length, length),
  );
  const disturbed = ({ from, to }: Window) =>
    earlier.some((at) => at < to && at.getTime() + disturbedMs > from.getTime());
  return { newest: between(end - length, length), before: before.filter((window) => !disturbed(window)) };
}

/** Sums buckets of one minute. Null when the window is not wholly covered: a gap is unknown, not zero. */
export function countIn({ from, to }: Window, buckets: readonly Bucket[]): number | null {
  const inside = new Map<number, number>();
  for (const { at, count } of buckets) {
    const time = Date.parse(at);
    if (time >= from.getTime() && time < to.getTime()) inside.set(time, count);
  }
  if (inside.size < minutesOf({ from, to })) return null;
  return [...inside.values()].reduce((sum, count) => sum + count, 0);
}

export function minutesOf({ from, to }: Window): number {
  return Math.round((to.getTime() - from.getTime()) / minuteMs);
}

function between(start: number, length: number): Window {
  return { from: new Date(start), to: new Date(start + length) };
}
