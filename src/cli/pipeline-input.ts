import { problem, sentenceOf } from '../core/problem.ts';
import { fullCommit } from '../core/promotion/acts.ts';
import { WrongUse } from './exit-codes.ts';

/** What the arguments of a pipeline's commands mean. Each reader adds its fault to `faults`. */

/** Whom a command is about. */
export interface Subject {
  service: string;
  region: string;
  commit: string;
}

const longestMs = 24 * 3_600_000;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Throws {@link WrongUse} with every fault at once. */
export function orThrow<T>(read: (faults: string[]) => T): T {
  const faults: string[] = [];
  const value = read(faults);
  if (faults.length > 0) throw new WrongUse(faults);
  return value;
}

export function readSubject(
  given: { service: string; region: string; commit: string },
  faults: string[],
): Subject {
  const commit = given.commit.trim().toLowerCase();
  const [service, region] = [given.service.trim(), given.region.trim()];
  if (service === '') faults.push('--service is empty.');
  if (region === '') faults.push('--region is empty.');
  if (!fullCommit.test(commit)) faults.push(`--commit: ${sentenceOf(problem('commit-wrong', { commit }))}`);
  return { service, region, commit };
}

/** `15m`, `90s`, `1h`; `0` is nothing. In ms. */
export function readDuration(name: string, given: string, faults: string[]): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smh])$/.exec(given === '0' ? '0s' : given) ?? [];
  const ms = Number(count || Number.NaN) * (unitMs[unit] ?? Number.NaN);
  if (!(ms <= longestMs)) faults.push(`${name}: "${given}" is no time up to 24h. Write, for example: 15m`);
  return ms;
}

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A moment as ISO 8601 with its offset; as ISO 8601 UTC, or null when it is left out. */
export function readTime(name: string, given: string | undefined, faults: string[]): string | null {
  if (given === undefined) return null;
  const at = isoTime.test(given) ? new Date(given) : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  faults.push(`${name}: "${given}" is no time with its offset. Write, for example: 2026-11-21T12:00:00Z`);
  return null;
}

export function readDigest(given: string | undefined, faults: string[]): string | null {
  if (given === undefined) return null;
  if (!/^sha256:[0-9a-f]{64}$/.test(given))
    faults.push(`--digest: "${given}" is no digest of an image. Write sha256: and 64 hexadecimal digits.`);
  return given;
}
