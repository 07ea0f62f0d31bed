import { ApiError } from './api-error.ts';
import type { Call } from './call.ts';
import { environmentsOf, projectsOf } from './call.ts';
import type { EventQuery } from './events.ts';
import { intervalOf, type Range, rangeOf } from './period.ts';
import { parseSearch } from './search.ts';

const datasets = [
  'discover',
  'errors',
  'issuePlatform',
  'logs',
  'metrics',
  'metricsEnhanced',
  'ourlogs',
  'profiles',
  'profile_functions',
  'spans',
  'spansMetrics',
  'tracemetrics',
  'transactions',
  'uptime_results',
];

/** Sentry takes for granted that what is younger than this is not all there. */
const assumedDelaySeconds = 90;

interface Asked {
  dataset: string;
  range: Range;
  /** Seconds. */
  interval: number;
  axes: string[];
  count: (axis: string, from: number, to: number) => number;
}

function read(call: Call): Asked {
  const { query, now, events } = call;
  const dataset = query.get('dataset') ?? 'discover';
  if (!datasets.includes(dataset))
    throw new ApiError(400, { detail: `dataset must be one of: ${datasets.join(', ')}` });
  const asked: EventQuery = {
    projects: projectsOf(call).map(({ slug }) => slug),
    environments: environmentsOf(call),
    conditions: parseSearch(query.get('query') ?? ''),
  };
  const range = rangeOf(query, now);
  const interval = intervalOf(query, range);
  const given = query.getAll('yAxis');
  const axes = given.length > 0 ? given : ['count()'];
  const unknown = axes.find((axis) => !['count()', 'epm()', 'eps()'].includes(axis));
  if (unknown !== undefined) throw new ApiError(400, { detail: `${unknown} is not a valid function` });
  const hasErrors = dataset === 'errors' || dataset === 'discover';
  const count = (axis: string, from: number, to: number) => {
    const [first, last] = [Math.max(from, range.start), Math.min(to, range.end)];
    const found = hasErrors && last > first ? events.count(asked, first, last, now) : 0;
    if (axis === 'count()') return found;
    return (found / interval) * (axis === 'epm()' ? 60 : 1);
  };
  return { dataset, range, interval, axes, count };
}

/**
 * `/events-timeseries/`: times in milliseconds. Buckets are aligned to the interval, so that the first holds only
 * what came after `start`, and there is always one that `end` falls into, even if only its first moment.
 */
export function eventsTimeseries(call: Call) {
  const { dataset, range, interval, axes, count } = read(call);
  const now = call.now / 1000;
  const starts = buckets(range, interval, true);
  return {
    timeSeries: axes.map((yAxis) => ({
      values: starts.map((at) => ({
        timestamp: at * 1000,
        value: count(yAxis, at * 1000, (at + interval) * 1000),
        incomplete: false,
        ...(at + interval >= now - assumedDelaySeconds
          ? { incomplete: true, incompleteReason: 'INCOMPLETE_BUCKET' }
          : {}),
      })),
      yAxis,
      meta: { ...typeOf(yAxis), interval: interval * 1000 },
    })),
    meta: { dataset, start: range.start, end: range.end },
  };
}

/** `/events-stats/`: times in seconds; the bucket that `end` cuts is left out unless `partial=1`. */
export function eventsStats(call: Call) {
  const { dataset, range, interval, axes, count } = read(call);
  const starts = buckets(range, interval, call.query.get('partial') === '1');
  const one = (axis: string) => ({
    data: starts.map((at) => [at, [{ count: count(axis, at * 1000, (at + interval) * 1000) }]]),
    start: Math.floor(range.start / 1000),
    end: Math.floor(range.end / 1000),
    isMetricsData: false,
    meta: {
      fields: { [axis.replace(/\(\)$/, '')]: typeOf(axis).valueType },
      units: { [axis.replace(/\(\)$/, '')]: null },
      isMetricsData: false,
      dataset,
    },
  });
  const [first] = axes;
  if (axes.length === 1 && first !== undefined) return one(first);
  return Object.fromEntries(axes.map((axis, order) => [axis, { ...one(axis), order }]));
}

/** Starts of the buckets, in seconds. */
function buckets({ start, end }: Range, interval: number, withLast: boolean): number[] {
  const first = Math.floor(start / 1000 / interval) * interval;
  const last = Math.floor(end / 1000 / interval) * interval + (withLast ? interval : 0);
  return Array.from({ length: Math.max(0, (last - first) / interval) }, (_, i) => first + i * interval);
}

function typeOf(axis: string) {
  if (axis === 'count()') return { valueType: 'integer', valueUnit: null };
  return { valueType: 'rate', valueUnit: axis === 'epm()' ? '1/minute' : '1/second' };
}
