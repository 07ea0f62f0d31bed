import type { Clock, Pace } from '../core/ports.ts';

/** The part of a job's note to itself that holds its place in a line of {@link Pace}. */
export interface SlotMemo {
  /** The moment that the line gave to this job's next call. */
  slot?: string;
  /** That moment replaces one that went by unused. */
  retaken?: true;
}

/** A slot that went by longer ago than this is no permit any more, in ms. */
const validMs = 2_000;

/**
 * The moment of this job's turn, kept from an earlier run or taken now. One that went by unused, in an outage or
 * with a worker that died, is given up for a new one: otherwise all that waited would go at once when the outage
 * ends, over the limit of the other side. Only once in a row, so that a slow machine gets on all the same.
 */
export async function slotFor(
  { pace, now }: { pace: Pace; now: Clock },
  memo: SlotMemo,
  line: string,
  spacingMs: number,
): Promise<{ slot: Date; memo: SlotMemo }> {
  const kept = memo.slot === undefined ? null : new Date(memo.slot);
  const isPast = kept !== null && now().getTime() - kept.getTime() > validMs;
  if (kept && (!isPast || memo.retaken)) return { slot: kept, memo };
  const slot = await pace.reserve(line, spacingMs);
  return { slot, memo: { slot: slot.toISOString(), ...(isPast && { retaken: true as const }) } };
}
