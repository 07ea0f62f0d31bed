import type { Sight } from './sight.ts';
import type { RolloutVerdict } from './verdict.ts';

/** What one row of the verdict table says. */
export interface Said extends Pick<RolloutVerdict, 'row' | 'outcome' | 'reason' | 'remedy'> {
  /** For `pass` (see `RolloutVerdict.isFinal`). */
  isFinal: boolean;
}

/** A row of the verdict table: null where it does not match. */
export type Row = (sight: Sight) => Said | null;

export function passed(row: number, isFinal: boolean, reason: string): Said {
  return { row, outcome: 'pass', isFinal, reason, remedy: '' };
}

export function waits(row: number, reason: string): Said {
  return { row, outcome: 'waiting', isFinal: false, reason, remedy: '' };
}

export function failed(row: number, reason: string, remedy: string): Said {
  return { row, outcome: 'fail', isFinal: false, reason, remedy };
}

export function unknown(row: number, reason: string, remedy: string): Said {
  return { row, outcome: 'inconclusive', isFinal: false, reason, remedy };
}

/**
 * Puts the log lines over what ECS says (C3): no row passes while they do not. What is still awaited of them ends with
 * the deadline.
 */
export function withLogs({ logs, isOver }: Sight, said: Said): Said {
  if (logs === null || logs.outcome === 'pass' || said.outcome !== 'pass') return said;
  const { row } = said;
  if (logs.outcome === 'fail') return failed(row, logs.reason, logs.remedy);
  if (logs.outcome === 'waiting' && !isOver) return waits(row, logs.reason);
  return unknown(row, logs.reason, logs.remedy || 'The service owner looks into the lines of the tasks.');
}
