import { z } from 'zod';
import type { StreamKind } from './event.ts';

/** A page of operational guidance as it was last recorded: A11's OperationalGuidanceUpdated. */
export interface Guidance {
  docPath: string;
  /** SHA-256 of the page, in hexadecimal. */
  digest: string;
  updatedAt: string;
}

const updated = z.strictObject({ docPath: z.string(), digest: z.string(), updatedAt: z.string() });

export interface GuidanceEvent {
  type: 'OperationalGuidanceUpdated';
  data: z.infer<typeof updated>;
}

/** One stream a page. */
export const guidanceStream: StreamKind<Guidance, GuidanceEvent> = {
  name: 'guidance',
  parse(type, data) {
    if (type !== 'OperationalGuidanceUpdated') throw new Error(`Guidance has no event "${type}"`);
    return { type, data: updated.parse(data) };
  },
  fold: (_id, _state, event) => event.data,
};

/** The event that a page as it is now makes, or none when it is recorded already. */
export function guidanceUpdate(before: Guidance | null, now: Guidance): GuidanceEvent[] {
  return before?.digest === now.digest ? [] : [{ type: 'OperationalGuidanceUpdated', data: now }];
}
