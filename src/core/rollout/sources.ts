import type { OutsideError } from '../ports.ts';
import type { LogLine } from './logs.ts';
import type { Observation, Place } from './observation.ts';
import type { Snapshot } from './verdict.ts';

/** One service to look at, as part of one question about its account and region. */
export interface RolloutQuestion {
  cluster: string;
  service: string;
  /** Id of the deployment under test, once it is known. */
  deployment: string | null;
  /**
   * Events of the service from before this are not told, nor tasks that were made before by another deployment than
   * PRIMARY: they are of no deployment that is looked for.
   */
  since: Date;
}

/** What one look at one service gave. */
export type Look = { observation: Observation } | { error: OutsideError };

/** ECS, for those who watch rollouts. Reads of one account and region are batched and paced together. */
export interface Rollouts {
  /**
   * Looks at many services of one account and region at once: the answers in the order of the questions. What ECS
   * says about one service is a value, also that there is none; only what could not be read at all is an error, and
   * it spoils no other answer. A throttle is waited for, never answered by giving up, until `signal` ends.
   */
  observe(
    place: { account: string | null; region: string },
    questions: readonly RolloutQuestion[],
    signal: AbortSignal,
  ): Promise<Look[]>;
  /**
   * The state before an apply, to tell the old deployment from the new. A service that is not there yet is a value.
   * Throws {@link OutsideError}.
   */
  snapshot(place: Place, signal: AbortSignal): Promise<Snapshot>;
}

/** What to read of one log group since the last read. */
export interface TaskLogQuery {
  account: string | null;
  region: string;
  group: string;
  /** Streams begin so: `prefix/container/`; null reads the whole group. */
  streamPrefix: string | null;
  /** From this moment on; overlaps what was read before, whose lines come again with the same ids. */
  from: Date;
  /** Up to here, exclusive; null: as far as there is. */
  to: Date | null;
}

/** The lines of tasks, as they were written (CloudWatch Logs). */
export interface TaskLogs {
  /**
   * Hands over every line in pages, as they come. Resolves when all pages were read to the end; a throttle is waited
   * for until `signal` ends. `missing`: there is no such group or stream yet. Throws {@link OutsideError}.
   */
  read(
    query: TaskLogQuery,
    page: (lines: LogLine[]) => void,
    signal: AbortSignal,
  ): Promise<{ kind: 'drained' | 'missing'; url: string }>;
}
