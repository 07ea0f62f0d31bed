import type { Recorded } from '../event.ts';
import type { Digest } from '../ids.ts';
import { conclusions } from './conclude.ts';
import { type ReleaseEvent, releaseEvents } from './events.ts';
import { foldRelease } from './fold.ts';
import type { Release } from './state.ts';

/** One place where what was recorded does not follow from the events before it, or what follows is missing. */
export interface Mismatch {
  /** The event that it is about. */
  seq: number;
  /** A sentence for a person. */
  what: string;
}

type Conclusion = Extract<ReleaseEvent, { type: 'DecisionMade' | 'DecisionWithdrawn' | 'ApprovalVoided' }>;

function isConclusion(event: ReleaseEvent): event is Conclusion {
  return ['DecisionMade', 'DecisionWithdrawn', 'ApprovalVoided'].includes(event.type);
}

/**
 * Computes every decision of a release again from the events before it, at the time of its event (F4): its verdict,
 * number, reasons and digest, each withdrawal and each voided approval. Also names what follows and was not recorded.
 * Pure; empty when all of it follows. Throws, as the fold does, on a stream that does not begin as one must.
 *
 * Events of one change are concluded on together. They share their time and actor, so between two such events
 * nothing is expected.
 */
export function replay(id: string, events: readonly Recorded<ReleaseEvent>[], digest: Digest): Mismatch[] {
  const mismatches: Mismatch[] = [];
  let state: Release | null = null;
  let due: ReleaseEvent[] = [];
  for (const [index, event] of events.entries()) {
    if (isConclusion(event)) {
      if (due.length === 0) due = following(state, event, digest);
      const [expected, ...rest] = due;
      const mismatch = compared(event, expected);
      if (mismatch) mismatches.push(mismatch);
      // After a difference the rest says nothing: what follows then is computed anew.
      due = mismatch ? [] : rest;
    }
    state = foldRelease(id, state, event);
    const next = events[index + 1];
    if (next && (isConclusion(next) || isSameChange(event, next))) continue;
    const left = due.length > 0 ? due : following(state, event, digest);
    mismatches.push(...left.map((one) => missing(event, one)));
    due = [];
  }
  return mismatches;
}

function following(state: Release | null, { at }: { at: string }, digest: Digest): ReleaseEvent[] {
  return state ? conclusions(state, new Date(at), digest) : [];
}

function isSameChange(one: Recorded<ReleaseEvent>, other: Recorded<ReleaseEvent>): boolean {
  return !isConclusion(one) && one.at === other.at && one.actor === other.actor;
}

function compared(
  recorded: Recorded<ReleaseEvent> & Conclusion,
  expected: ReleaseEvent | undefined,
): Mismatch | null {
  const { seq } = recorded;
  const told = `Event ${seq} records ${inWords(recorded)}`;
  if (!expected) return { seq, what: `${told}, which does not follow from the events before it.` };
  if (expected.type !== recorded.type)
    return { seq, what: `${told}, but ${inWords(expected)} follows from the events before it.` };
  const was = fieldsOf(recorded);
  const differing = [...fieldsOf(expected)].filter(([key, value]) => was.get(key) !== value);
  if (differing.length === 0) return null;
  const names = differing.map(([key]) => key).join(' and ');
  return { seq, what: `${told}, but the ${names} that follows is another: ${inWords(expected)}.` };
}

/** Each field as text that is the same for the same value, however the store ordered the keys. */
function fieldsOf({ type, data }: ReleaseEvent): Map<string, string> {
  const ordered = releaseEvents[type].parse(data);
  return new Map(Object.entries(ordered).map(([key, value]) => [key, JSON.stringify(value)]));
}

function missing({ seq }: { seq: number }, expected: ReleaseEvent): Mismatch {
  return { seq, what: `After event ${seq}, ${inWords(expected)} follows and was not recorded.` };
}

/** No text of others in it: it may be printed anywhere. */
function inWords({ type, data }: ReleaseEvent): string {
  if (type === 'DecisionMade')
    return `decision ${data.number} (${data.verdict}, ${data.reasons.length} against)`;
  if (type === 'DecisionWithdrawn') return `that decision ${data.number} is withdrawn`;
  return type === 'ApprovalVoided' ? `that the approval ${data.approval} is void` : type;
}
