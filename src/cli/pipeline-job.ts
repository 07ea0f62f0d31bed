import type { Clock, Logger } from '../core/ports.ts';
import type { Output } from './catalogue-check.ts';
import { exitCodes, WrongUse } from './exit-codes.ts';

/** What the settings say to a command of a pipeline. */
export interface JobSettings {
  /** Null: no bot is asked. */
  bot: { url: string; token: string } | null;
  cataloguePath: string;
  gitlab: { url: string; token: string } | null;
  sentry: { url: string; token: string; organization: string } | null;
  /** What GitLab says of the job; all null in a terminal. */
  job: {
    id: string | null;
    startedAt: string | null;
    pipeline: { id: number; url: string } | null;
    pipelineCreatedAt: string | null;
  };
}

/** What a command of a pipeline works with. */
export interface JobDeps extends Output {
  settings: JobSettings;
  /** Values that must appear in no output. */
  secrets: string[];
  now: Clock;
  /** Resolves after so many ms. */
  sleep(ms: number): Promise<void>;
  /** A word of its own for each call. */
  unique(): string;
  log: Logger;
}

/** Runs a command and says what went wrong; an error that nobody foresaw is "not known", never NO-GO and never GO. */
export async function asJob({ stderr, log }: JobDeps, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WrongUse) {
      stderr.write(`${error.faults.join('\n')}\n`);
      return exitCodes.wrongUse;
    }
    log.error({ err: error }, 'The command failed');
    const said = error instanceof Error ? error.message : String(error);
    stderr.write(`Something went wrong, so it is not known: ${said}\n`);
    return exitCodes.unknown;
  }
}
