import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandOutput,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../core/ports.ts';
import { OutsideError } from '../../core/ports.ts';
import type { LogLine } from '../../core/rollout/logs.ts';
import type { TaskLogQuery, TaskLogs } from '../../core/rollout/sources.ts';
import { reading } from './clients.ts';
import { consolePage } from './console-page.ts';
import { growingPause } from './log-pause.ts';
import { slices } from './log-slices.ts';
import type { AwsPlace } from './place-clients.ts';

/** How the calls are made. */
export interface TaskLogsOptions {
  /** Awaited before every call: the pace that all share. Rejects with the reason of `signal` when that ends. */
  before?: (place: AwsPlace, signal: AbortSignal) => Promise<void>;
  /** Awaited after the `time`th throttle in a row. Default: a pause that grows, for this read alone. */
  throttled?: (place: AwsPlace, time: number, signal: AbortSignal) => Promise<void>;
  now?: Clock;
}

/** Whoever takes lines may hold the process so long before others have their turn, in ms. */
const longestTurnMs = 10;

/**
 * Lines of tasks (CloudWatch Logs), read-only, by FilterLogEvents without a filter: success and failure are matched
 * here in one pass (facts: logs). Nothing is kept but the page that is read; a line that AWS tells twice is handed
 * over twice, with the same id.
 */
export class CloudWatchTaskLogs implements TaskLogs {
  readonly #clientOf: (place: AwsPlace) => CloudWatchLogsClient;
  readonly #options: Required<TaskLogsOptions>;

  constructor(clientOf: (place: AwsPlace) => CloudWatchLogsClient, options: TaskLogsOptions = {}) {
    this.#clientOf = clientOf;
    this.#options = {
      before: async () => {},
      throttled: (_, time, signal) => growingPause(time, signal),
      now: () => new Date(),
      ...options,
    };
  }

  async read(
    query: TaskLogQuery,
    page: (lines: LogLine[]) => void,
    signal: AbortSignal,
  ): Promise<{ kind: 'drained' | 'missing'; url: string }> {
    const url = consolePage({ ...query, to: query.to ?? this.#options.now() });
    let token: string | undefined;
    do {
      const answer = await this.#page(query, token, signal);
      if (answer === null) return { kind: 'missing', url };
      await handOver(answer, page, signal);
      // Only a page without a token is the last; an empty one is not.
      token = answer.nextToken;
    } while (token !== undefined);
    return { kind: 'drained', url };
  }

  /** One page; null when there is no such group or stream. A throttle is waited for until `signal` ends. */
  async #page(
    query: TaskLogQuery,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<FilterLogEventsCommandOutput | null> {
    const { before, throttled } = this.#options;
    for (let time = 1; ; time += 1) {
      await before(query, signal);
      try {
        return await reading(signal, () =>
          this.#clientOf(query).send(commandOf(query, token), { abortSignal: signal }),
        );
      } catch (error) {
        if (signal.aborted || !(error instanceof OutsideError)) throw error;
        if (error.cause instanceof ResourceNotFoundException) return null;
        if (error.kind !== 'busy') throw error;
        await throttled(query, time, signal);
      }
    }
  }
}

function commandOf(query: TaskLogQuery, token: string | undefined): FilterLogEventsCommand {
  const { group, streamPrefix, from, to } = query;
  return new FilterLogEventsCommand({
    ...(group.startsWith('arn:') ? { logGroupIdentifier: group } : { logGroupName: group }),
    ...(streamPrefix === null ? {} : { logStreamNamePrefix: streamPrefix }),
    startTime: Math.max(0, from.getTime()),
    // Inclusive at AWS, exclusive here.
    ...(to === null ? {} : { endTime: to.getTime() - 1 }),
    ...(token === undefined ? {} : { nextToken: token }),
  });
}

/** In slices, with turns for others in between. */
async function handOver(
  { events = [] }: FilterLogEventsCommandOutput,
  page: (lines: LogLine[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let since = performance.now();
  for (const lines of slices(events)) {
    page(lines);
    if (performance.now() - since < longestTurnMs) continue;
    await nextTurn();
    signal.throwIfAborted();
    since = performance.now();
  }
}
