import { ApiError } from './api-error.ts';

const lengths: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const day = 86_400_000;

/** `24h`, `90` (seconds) and the like in milliseconds; undefined for anything else. */
function periodMs(text: string): number | undefined {
  const match = /^(\d+)([hdmsw]?)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * (lengths[match[2] || 's'] ?? 1) * 1000;
}

export interface Range {
  start: number;
  end: number;
}

const refuse = (detail: string) => new ApiError(400, { detail });

/** Reads statsPeriod, which wins, or start and end (UTC where they name no zone); 90 days when there is none. */
export function rangeOf(query: URLSearchParams, now: number): Range {
  const period = query.get('statsPeriod');
  if (period) {
    const length = periodMs(period);
    if (length === undefined) throw refuse(`Invalid statsPeriod: '${period}'`);
    if (length <= 0) throw refuse('start must be before end');
    return { start: now - Math.min(length, 90 * day), end: now };
  }
  const [start, end] = [query.get('start'), query.get('end')];
  if (!start && !end) return { start: now - 90 * day, end: now };
  if (!start || !end) throw refuse('start and end are both required');
  const range = { start: timeOf(start), end: timeOf(end) };
  if (range.start >= range.end) throw refuse('start must be before end');
  return range;
}

function timeOf(text: string): number {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(at)) throw refuse(`${text} is not a valid ISO8601 date query`);
  return at;
}

/**
 * A search's condition on a time: `-1h` is younger than an hour, `+1h` older, or `>`, `>=`, `<`, `<=` before a
 * moment. Undefined for anything else, which includes `>-1h`.
 */
export function timeCondition(text: string, now: number): ((at: number) => boolean) | undefined {
  const age = /^[+-]/.test(text) ? periodMs(text.slice(1)) : undefined;
  if (age !== undefined) return text.startsWith('-') ? (at) => at >= now - age : (at) => at <= now - age;
  const [, sign, moment = ''] = /^(>=|>|<=|<)(\d{4}-\d\d-\d\d.*)$/.exec(text) ?? [];
  const limit = Date.parse(moment);
  if (sign === undefined || Number.isNaN(limit)) return undefined;
  return sign.startsWith('>') ? (at) => at >= limit : (at) => at <= limit;
}

/** Reads `interval` in seconds; by the length of the range when there is none, an hour when it is none. */
export function intervalOf(query: URLSearchParams, { start, end }: Range): number {
  const length = end - start;
  const text = query.get('interval') ?? usual(length);
  const seconds = (periodMs(text) ?? 3_600_000) / 1000;
  if (seconds <= 0) throw refuse('Interval cannot result in a zero duration.');
  if (length / 1000 / seconds > 10_000)
    throw refuse(
      'Your interval and date range would create too many results. Use a larger interval, or a smaller date range.',
    );
  return seconds;
}

function usual(length: number): string {
  if (length >= 60 * day) return '1d';
  if (length >= 30 * day) return '4h';
  if (length > day) return '1h';
  return length > 3_600_000 ? '5m' : '15m';
}
