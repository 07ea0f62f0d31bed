import type { AskedOnce } from './fleet-requests.ts';
import type { LookNote } from './look-notes.ts';

/** How well the looks kept to their times. Times in s. */
export interface Looks {
  /** Services that were asked about, times asked. */
  count: number;
  /** From `from` until each had been asked about once; NaN when one never was. */
  firstS: number;
  /** What each look said until the next one. */
  intervalsS: number[];
  /** How long after it was due AWS was asked again; one that never was counts until `to`. */
  lateS: number[];
  /** The same in intervals. */
  lateIntervals: number[];
}

/**
 * From the requests that AWS got and the notes that the bot made. A look begins with its first DescribeServices; what it
 * waits for its turn there counts as late.
 */
export function looksOf(
  asked: readonly AskedOnce[],
  notes: readonly LookNote[],
  { rollouts, from, to }: { rollouts: number; from: number; to: number },
): Looks {
  const times = new Map<string, number[]>();
  let count = 0;
  for (const { at, operation, region, isThrottled, services } of asked) {
    if (operation !== 'DescribeServices' || isThrottled) continue;
    for (const service of services) {
      count += 1;
      const key = `${region}/${service}`;
      times.set(key, [...(times.get(key) ?? []), at]);
    }
  }
  const firsts = [...times.values()].map(([first = Number.NaN]) => first);
  const looks: Looks = {
    count,
    firstS:
      firsts.length < rollouts ? Number.NaN : (firsts.reduce((a, b) => Math.max(a, b), 0) - from) / 1_000,
    intervalsS: [],
    lateS: [],
    lateIntervals: [],
  };
  for (const together of Map.groupBy(notes, ({ region, notedAt }) => `${region} ${notedAt}`).values()) {
    const seen = together.map((note) => ({ note, times: times.get(`${note.region}/${note.service}`) ?? [] }));
    const began = Math.min(
      ...seen.map(({ note, times: own }) => own.findLast((at) => at <= note.notedAt) ?? Infinity),
    );
    for (const { note, times: own } of seen) {
      const next = own.find((at) => at > note.notedAt) ?? to;
      // It was not due yet when the measuring ended.
      if (note.dueAt > to) continue;
      const intervalMs = note.dueAt - began;
      const lateMs = Math.max(0, next - note.dueAt);
      looks.intervalsS.push(intervalMs / 1_000);
      looks.lateS.push(lateMs / 1_000);
      looks.lateIntervals.push(lateMs / intervalMs);
    }
  }
  return looks;
}
