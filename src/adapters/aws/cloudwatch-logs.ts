import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import type { LogStore } from '../../core/sources.ts';
import { type AwsOptions, clientOfRegion, configOf, reading } from './clients.ts';
import { consolePage } from './console-page.ts';
import { Tally } from './line-counter.ts';

type CountQuery = Parameters<LogStore['lineCounts']>[0];
type LineQuery = Parameters<LogStore['lines']>[0];
type Scope = Pick<CountQuery, 'region' | 'group' | 'streamPrefix' | 'from' | 'to'>;

interface Line {
  at: number;
  text: string;
}

/** What is read of one stretch of time at most; more is no answer, for a part of it proves nothing. */
export interface ReadLimits {
  lines: number;
  /** With the empty ones, which are normal. */
  pages: number;
}
const usualLimits: ReadLimits = { lines: 500_000, pages: 1_000 };

/**
 * CloudWatch Logs, read-only, by FilterLogEvents. Lines are fetched unfiltered and matched here, to the letter:
 * CloudWatch's own patterns take some characters for signs (facts: aws.md, logs).
 */
export class CloudWatchLogs implements LogStore {
  readonly #client: (region: string) => CloudWatchLogsClient;
  readonly #limits: ReadLimits;

  constructor(options: AwsOptions, limits: ReadLimits = usualLimits) {
    this.#client = clientOfRegion((region) => new CloudWatchLogsClient(configOf(region, options)));
    this.#limits = limits;
  }

  async lineCounts(query: CountQuery, signal: AbortSignal): ReturnType<LogStore['lineCounts']> {
    const [matching, all] = [new Tally(query), new Tally(query)];
    const isThere = await this.#read(query, signal, ({ at, text }) => {
      all.add(at);
      if (query.terms.some((term) => text.includes(term))) matching.add(at);
    });
    return isThere ? { matching: matching.buckets(), all: all.buckets(), url: consolePage(query) } : null;
  }

  async lines(query: LineQuery, signal: AbortSignal): ReturnType<LogStore['lines']> {
    const found: Line[] = [];
    const isThere = await this.#read(query, signal, (line) => {
      if (query.terms.some((term) => line.text.includes(term))) found.push(line);
    });
    if (!isThere) return null;
    const newest = found.sort((a, b) => a.at - b.at).slice(Math.max(0, found.length - query.limit));
    return {
      lines: newest.map(({ at, text }) => ({ at: new Date(at).toISOString(), text })),
      url: consolePage(query),
    };
  }

  /** Tells each line once. False when there is no such log group. */
  async #read(scope: Scope, signal: AbortSignal, tell: (line: Line) => void): Promise<boolean> {
    return await reading(signal, async () => {
      const seen = new Set<string>();
      let token: string | undefined;
      let pages = 0;
      do {
        const page = await this.#page(scope, token, signal).catch(nullWithoutGroup);
        if (page === null) return false;
        pages += 1;
        for (const { eventId, timestamp, message = '' } of page.events ?? []) {
          // AWS gives each line its id and its time; it tells one twice where pages overlap.
          if (timestamp === undefined || eventId === undefined || seen.has(eventId)) continue;
          seen.add(eventId);
          tell({ at: timestamp, text: message });
        }
        // Only a page without a token is the last; an empty one is not.
        token = page.nextToken;
        if (token !== undefined) this.#throwWhenTooMuch(scope, seen.size, pages);
      } while (token !== undefined);
      return true;
    });
  }

  #page(scope: Scope, token: string | undefined, signal: AbortSignal): Promise<FilterLogEventsCommandOutput> {
    const { region, group, streamPrefix, from, to } = scope;
    const command = new FilterLogEventsCommand({
      ...(group.startsWith('arn:') ? { logGroupIdentifier: group } : { logGroupName: group }),
      ...(streamPrefix === null ? {} : { logStreamNamePrefix: streamPrefix }),
      startTime: from.getTime(),
      // Inclusive at AWS, exclusive here.
      endTime: to.getTime() - 1,
      ...(token === undefined ? {} : { nextToken: token }),
    });
    return this.#client(region).send(command, { abortSignal: signal });
  }

  #throwWhenTooMuch({ group }: Scope, lines: number, pages: number): void {
    const limit = lines >= this.#limits.lines ? this.#limits.lines : this.#limits.pages;
    if (lines < this.#limits.lines && pages < this.#limits.pages) return;
    throw new OutsideError('refused', problem('aws-too-many-lines', { group, limit }), { cause: null });
  }
}

function nullWithoutGroup(error: unknown): null {
  if (error instanceof ResourceNotFoundException) return null;
  throw error;
}
