import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What the hash of an event covers besides the hash before it. */
export interface ChainLink {
  stream: string;
  seq: number;
  type: string;
  data: unknown;
  actor: string;
  /** ISO 8601, UTC, milliseconds. */
  at: string;
}

/** The hash before the first event of a stream. */
export const chainStart = '0'.repeat(64);

/** SHA-256 over the canonical JSON (RFC 8785) of the link and the hash before it, in hexadecimal. */
export function chainHash(link: ChainLink, prevHash: string): string {
  const { stream, seq, type, data, actor, at } = link;
  const text = canonicalize({ stream, seq, type, data, actor, at, prevHash });
  if (text === undefined) throw new Error(`Event ${stream}#${seq} has no JSON form`);
  return sha256(text);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface ChainBreak {
  seq: number;
  what: string;
}

/** Checks a stream from its first event to its head; null when it is whole (F4). */
export function verifyChain(
  events: readonly (ChainLink & { prevHash: string; hash: string })[],
  head: { seq: number; hash: string },
): ChainBreak | null {
  let prev = chainStart;
  let seq = 0;
  for (const event of events) {
    seq += 1;
    if (event.seq !== seq) return { seq, what: `event ${seq} is missing` };
    if (event.prevHash !== prev) return { seq, what: `event ${seq} does not follow the one before it` };
    if (event.hash !== chainHash(event, prev))
      return { seq, what: `event ${seq} was changed after it was recorded` };
    prev = event.hash;
  }
  if (head.seq !== seq || head.hash !== prev)
    return { seq: seq + 1, what: `events after ${seq} are missing` };
  return null;
}
