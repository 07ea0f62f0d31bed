import { createHash } from 'node:crypto';
import { type Conditions, matches } from './search.ts';
import type { Background, SentryWorld } from './world.ts';

const minute = 60_000;

/** Errors of one kind, by minute. */
interface Series {
  project: string;
  environment: string;
  /** What a search can ask for: release, level, transaction, … */
  tags: Record<string, string>;
  /** Count by start of the minute (ms since 1970). */
  counts: Map<number, number>;
}

export interface Recorded {
  project: string;
  environment: string;
  tags: Record<string, string>;
  /** Start of the first minute (ms since 1970). */
  from: number;
  /** Errors of each minute from there on. */
  perMinute: number[];
}

export interface EventQuery {
  /** Slugs. */
  projects: string[];
  /** Empty: all. */
  environments: string[];
  conditions: Conditions;
}

/** The errors that Sentry has: a background that never ends, and what was recorded on top of it. */
export class Events {
  readonly #world: SentryWorld;
  readonly #series: Series[] = [];

  constructor(world: SentryWorld) {
    this.#world = world;
  }

  /** Sets the counts of the given minutes for errors of this kind. */
  record(wish: Recorded): void {
    const key = JSON.stringify(wish.tags);
    let series = this.#series.find(
      (one) =>
        one.project === wish.project &&
        one.environment === wish.environment &&
        JSON.stringify(one.tags) === key,
    );
    if (!series) {
      const { project, environment, tags } = wish;
      series = { project, environment, tags, counts: new Map() };
      this.#series.push(series);
    }
    const from = Math.floor(wish.from / minute) * minute;
    for (const [i, count] of wish.perMinute.entries()) series.counts.set(from + i * minute, count);
  }

  /** Forgets what was recorded; the background goes on. */
  clear(): void {
    this.#series.splice(0);
  }

  /**
   * Errors in [from, to) that a query finds at `now`: those of a minute are spread evenly over it, and each is
   * found only when it has been taken in.
   */
  count(query: EventQuery, from: number, to: number, now: number): number {
    const until = Math.min(to, now - this.#world.ingestionDelayMs);
    let sum = 0;
    for (let at = Math.floor(from / minute) * minute; at < until; at += minute) {
      const total = this.#inMinute(query, at);
      sum += before(total, (until - at) / minute) - before(total, (from - at) / minute);
    }
    return sum;
  }

  #inMinute(query: EventQuery, at: number): number {
    const asked = (one: { project: string; environment: string }) =>
      query.projects.includes(one.project) &&
      (query.environments.length === 0 || query.environments.includes(one.environment));
    const constant = this.#world.background
      .filter((one) => asked(one) && this.#fits(query, one.project, one.environment, { level: 'error' }))
      .map((one) => drawn(one, at));
    const recorded = this.#series
      .filter((one) => asked(one) && this.#fits(query, one.project, one.environment, one.tags))
      .map((one) => one.counts.get(at) ?? 0);
    return [...constant, ...recorded].reduce((a, b) => a + b, 0);
  }

  #fits(query: EventQuery, project: string, environment: string, tags: Record<string, string>): boolean {
    const platform = this.#world.projects.find(({ slug }) => slug === project)?.platform.split('-')[0] ?? '';
    const all = { project, environment, platform, 'event.type': 'error', level: 'error', ...tags };
    return matches(query.conditions, all, tags['title'] ?? '');
  }
}

/** How many of a minute's errors have happened when this part of it is over. */
function before(total: number, part: number): number {
  return Math.floor(total * Math.min(1, Math.max(0, part)));
}

/** The background of a minute: the same whenever it is asked for, Poisson over many minutes. */
function drawn({ project, environment, perMinute }: Background, at: number): number {
  const hash = createHash('sha256').update(`${project}/${environment}/${at}`).digest();
  const draw = hash.readUInt32BE(0) / 2 ** 32;
  let probability = Math.exp(-perMinute);
  let sum = probability;
  let count = 0;
  while (draw > sum && count < 1000) {
    count += 1;
    probability *= perMinute / count;
    sum += probability;
  }
  return count;
}
