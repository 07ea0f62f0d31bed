import type { Digest } from '../ids.ts';
import type { Change, Snapshot, WorkOrder } from '../ports.ts';
import { conclusions } from './conclude.ts';
import type { ReleaseEvent } from './events.ts';
import { foldRelease } from './fold.ts';
import { gateStatuses } from './gate-status.ts';
import { gatesOf } from './plan.ts';
import { gateState, type Release } from './state.ts';

/** Keys of the work and the messages of a release, and back. A release's id holds no slash. */
export const releaseKeys = {
  gate: (id: string, gate: string) => `${id}/${gate}`,
  parent: (id: string) => `release/${id}/parent`,
  group: (id: string, group: string) => `release/${id}/group/${group}`,
  decision: (id: string, number: number) => `release/${id}/decision/${number}`,
  withdrawal: (id: string, number: number) => `release/${id}/withdrawal/${number}`,
  notice: (id: string, seq: number) => `release/${id}/notice/${seq}`,
  readGate(key: string): { id: string; gate: string } {
    const at = key.indexOf('/');
    return { id: key.slice(0, at), gate: key.slice(at + 1) };
  },
  /** `part` is parent, group, decision, withdrawal or notice; `name` says which one. */
  readMessage(key: string): { id: string; part: string; name: string } {
    const [, id = '', part = '', name = ''] = key.split('/');
    return { id, part, name };
  },
};

/** Events that change nothing that the record says: they must not cause another write of it. */
const unrecorded: readonly ReleaseEvent['type'][] = ['RecordWritten', 'RecordFailed', 'CheckStarted'];

/**
 * A change of a release with all that follows from it: what is concluded at once (a GO withdrawn, a verdict, an
 * approval voided), and by comparing before and after what to check, tell and write down.
 */
export function releaseChange(
  id: string,
  { state: before, seq }: Snapshot<Release>,
  events: ReleaseEvent[],
  by: { actor: string; at: Date; digest: Digest },
): Change<ReleaseEvent> {
  let number = seq;
  const apply = (state: Release | null, event: ReleaseEvent, actor: string): Release => {
    number += 1;
    return foldRelease(id, state, { ...event, seq: number, at: by.at.toISOString(), actor });
  };
  const first = events.reduce<Release | null>((state, event) => apply(state, event, by.actor), before);
  if (!first) return { events, actor: by.actor, at: by.at };
  const concluded = conclusions(first, by.at, by.digest);
  const after = concluded.reduce<Release>((state, event) => apply(state, event, by.actor), first);
  const all = [...events, ...concluded];
  return {
    events: all,
    actor: by.actor,
    at: by.at,
    work: all.length > 0 ? ordersOf(id, before, after, all, by.at) : [],
  };
}

/** A message says what is true when it is written, so one that waits for its turn need not be hurried. */
function message(key: string): WorkOrder {
  return { kind: 'message', key, patient: true };
}

function ordersOf(
  id: string,
  before: Release | null,
  after: Release,
  events: ReleaseEvent[],
  now: Date,
): WorkOrder[] {
  const orders: WorkOrder[] = [message(releaseKeys.parent(id)), ...messagesOf(id, before, after, now)];
  if (after.pass !== before?.pass || (before.candidateProblem && !after.candidateProblem && !after.candidate))
    orders.push({ kind: 'identify', key: id });
  for (const { gate } of gatesOf(after.plan)) {
    const now = gateState(after, gate.id);
    if (now.phase === 'queued' && now.run !== (before ? gateState(before, gate.id).run : 0))
      orders.push({ kind: 'check', key: releaseKeys.gate(id, gate.id) });
  }
  if (!before) orders.push({ kind: 'watch', key: id });
  if (after.plan.recorded && events.some(({ type }) => !unrecorded.includes(type)))
    orders.push({ kind: 'record', key: id, patient: true });
  const ends = waiverEnds(after, now).filter((at) => !waiverEnds(before, now).includes(at));
  // The key holds the moment, so that each end has an order of its own.
  for (const at of ends) orders.push({ kind: 'lapse', key: `${id}/${at}`, at: new Date(at) });
  return orders;
}

function waiverEnds(release: Release | null, now: Date): string[] {
  const ends = release?.waivers.filter(({ confirmed }) => confirmed).map(({ expiresAt }) => expiresAt) ?? [];
  return [...new Set(ends)].filter((at) => Date.parse(at) > now.getTime());
}

function messagesOf(id: string, before: Release | null, after: Release, now: Date): WorkOrder[] {
  const orders: WorkOrder[] = [];
  // As it was told last: what only time has changed since, such as a waiver's end, is told as well.
  const was = groupTexts(before, before ? new Date(before.changedAt) : now);
  for (const [group, text] of groupTexts(after, now))
    if (was.get(group) !== text) orders.push(message(releaseKeys.group(id, group)));
  for (const decision of after.decisions) {
    const known = before?.decisions.find(({ number }) => number === decision.number);
    if (!known || known.withdrawn !== decision.withdrawn)
      orders.push(message(releaseKeys.decision(id, decision.number)));
    if (decision.withdrawn && !known?.withdrawn)
      orders.push(message(releaseKeys.withdrawal(id, decision.number)));
  }
  const told = before?.notices.length ?? 0;
  for (const { seq } of after.notices.slice(told)) orders.push(message(releaseKeys.notice(id, seq)));
  // A waiver's notice holds its buttons, which go when it is answered or its pass ends.
  for (const waiver of after.waivers) {
    const known = before?.waivers.find(({ id: one }) => one === waiver.id);
    const isAnswered = known?.confirmed !== waiver.confirmed || known.declined !== waiver.declined;
    const isOver = waiver.pass !== after.pass && waiver.pass === before?.pass;
    if (known && (isAnswered || isOver)) orders.push(message(releaseKeys.notice(id, waiver.seq)));
  }
  return orders;
}

/** What a group's reply rests on; nothing is told of a group before there is something to say. */
function groupTexts(release: Release | null, now: Date): Map<string, string> {
  const texts = new Map<string, string[]>();
  if (!release?.candidate) return new Map();
  for (const { group, ...status } of gateStatuses(release, now))
    texts.set(group.id, [...(texts.get(group.id) ?? []), JSON.stringify(status)]);
  return new Map([...texts].map(([group, lines]) => [group, lines.join('\n')]));
}
