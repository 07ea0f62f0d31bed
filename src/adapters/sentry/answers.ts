import { z } from 'zod';
import type { Bucket, TrackedError } from '../../core/sources.ts';

/** The parts of Sentry's answers that are read here; everything else is ignored. */

/** `/events-timeseries/`: times in ms. */
export const timeSeries = z.object({
  timeSeries: z
    .array(
      z.object({
        values: z.array(
          z.object({
            timestamp: z.number(),
            value: z.number(),
            incomplete: z.boolean().optional(),
          }),
        ),
      }),
    )
    .length(1),
});

/** `/events-stats/`: times in seconds, and nothing said about what is incomplete. */
export const eventsStats = z.object({
  data: z.array(z.tuple([z.number(), z.array(z.object({ count: z.number() }))])),
});

export interface Span {
  from: Date;
  to: Date;
  bucketMs: number;
}

/** Sentry takes in errors for so long before it calls a stretch of time complete (facts: aws.md, spike check), in ms. */
const ingestionMs = 90_000;

export function bucketsOfSeries(answer: z.infer<typeof timeSeries>, span: Span, now: number): Bucket[] {
  const values = answer.timeSeries[0]?.values ?? [];
  const complete = values.filter(({ incomplete }) => incomplete !== true);
  return whole(
    complete.map(({ timestamp, value }) => [timestamp, value]),
    span,
    now,
  );
}

export function bucketsOfStats(answer: z.infer<typeof eventsStats>, span: Span, now: number): Bucket[] {
  const counted = answer.data.map(([second, counts]): [number, number] => [
    second * 1_000,
    counts.reduce((sum, { count }) => sum + count, 0),
  ]);
  return whole(counted, span, now);
}

/** Sentry aligns its buckets to their length: one that the span cuts would look like a quiet one. */
function whole(counted: [at: number, count: number][], { from, to, bucketMs }: Span, now: number): Bucket[] {
  const end = Math.min(to.getTime(), now - ingestionMs);
  return counted
    .filter(([at]) => at >= from.getTime() && at + bucketMs <= end)
    .map(([at, count]) => ({ at: new Date(at).toISOString(), count }));
}

export const issue = z.object({
  shortId: z.string(),
  title: z.string(),
  culprit: z.string().nullish(),
  permalink: z.string(),
  /** A number written as a text. */
  count: z.coerce.number(),
  userCount: z.number(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  level: z.string(),
});

export function trackedError(shown: z.infer<typeof issue>): TrackedError {
  return {
    id: shown.shortId,
    title: shown.title,
    culprit: shown.culprit ?? '',
    url: shown.permalink,
    count: shown.count,
    users: shown.userCount,
    firstSeen: shown.firstSeen,
    lastSeen: shown.lastSeen,
    level: shown.level,
  };
}
