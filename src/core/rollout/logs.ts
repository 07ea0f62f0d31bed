import type { LogExcerpt, RolloutOutcome } from './verdict.ts';

/** One line as CloudWatch has it. `id` is its eventId: the same line is told once. */
export interface LogLine {
  id: string;
  /** ms since 1970, by the clock of the writer. */
  at: number;
  stream: string;
  text: string;
}

/** What the lines of one rollout say so far, for rows 8 and 15 of the verdict table. */
export interface LogJudgement {
  outcome: RolloutOutcome;
  /** One sentence, the same for the same facts. */
  reason: string;
  remedy: string;
  /** Whether a known failure line was found: then one stopped task is enough (row 8). */
  failureLine: boolean;
  excerpts: LogExcerpt[];
}
