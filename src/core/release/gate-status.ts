import type { Blocker, Evidence } from '../finding.ts';
import type { GatePlan, GroupPlan } from './plan.ts';
import { gatesOf } from './plan.ts';
import { type Answer, type GateState, gateState, type Handled, type Release, type Waiver } from './state.ts';

/**
 * What a person reads about a gate. The first five end it; of those pass, not-applicable and waived let a GO
 * through. `open` waits for a person, `queued`, `running` and `waiting` for the machine.
 */
export type GateWord =
  | 'pass'
  | 'not-applicable'
  | 'waived'
  | 'fail'
  | 'inconclusive'
  | 'open'
  | 'queued'
  | 'running'
  | 'waiting';

export interface GateStatus {
  group: GroupPlan;
  gate: GatePlan;
  word: GateWord;
  reason: string;
  /** What to do next; empty where nothing is. */
  remedy: string;
  evidence: Evidence[];
  /** What still stands in the way, each to be mended, handled or waived. Only for fail and inconclusive. */
  blockers: Blocker[];
  /** Blockers that people took out of the decision or follow elsewhere, with their reason. */
  handled: Handled[];
  /** Waivers that count now. */
  waivers: Waiver[];
  /** The people's answers, for a manual check. */
  answers: Answer[];
  assignee: string | null;
  /** A newer run is under way while this finding stands. */
  rechecking: boolean;
  /** When it came to this, ISO 8601 UTC; null while it is open. */
  at: string | null;
}

const green: readonly GateWord[] = ['pass', 'not-applicable', 'waived'];
const ended: readonly GateWord[] = [...green, 'fail', 'inconclusive'];

export function isGreen({ word }: Pick<GateStatus, 'word'>): boolean {
  return green.includes(word);
}

export function hasEnded({ word }: Pick<GateStatus, 'word'>): boolean {
  return ended.includes(word);
}

/** Id of the blocker that stands for a gate as a whole. */
export const wholeGate = 'gate';

/** Where every gate stands at `now`, in the order of the plan. Pure. */
export function gateStatuses(release: Release, now: Date): GateStatus[] {
  return gatesOf(release.plan).map(({ group, gate }) => statusOf(release, group, gate, now));
}

function statusOf(release: Release, group: GroupPlan, gate: GatePlan, now: Date): GateStatus {
  const state = gateState(release, gate.id);
  const base: GateStatus = {
    group,
    gate,
    word: 'queued',
    reason: '',
    remedy: '',
    evidence: [],
    blockers: [],
    handled: [],
    waivers: [],
    answers: state.answers,
    assignee: state.assignee,
    rechecking: false,
    at: null,
  };
  if (!release.candidate)
    return { ...base, word: 'waiting', reason: 'It is being found out what should be running.' };
  const judged = gate.check === null ? byPeople(base, state) : byCheck(base, state);
  return ['fail', 'inconclusive'].includes(judged.word) ? lessened(judged, state, release, now) : judged;
}

/** The answer of a conditional gate that does not apply, or that nobody knows about; null when it must be green. */
function condition(base: GateStatus, { applies }: GateState): GateStatus | null {
  if (base.gate.when === null || applies?.verdict === 'applies') return null;
  if (applies === null)
    return { ...base, word: 'waiting', reason: 'It is being found out whether it applies.' };
  if (applies.verdict === 'does-not-apply')
    return { ...base, word: 'not-applicable', reason: applies.reason };
  return null;
}

function byCheck(base: GateStatus, state: GateState): GateStatus {
  const without = condition(base, state);
  if (without) return without;
  if (state.applies?.verdict === 'unknown')
    return {
      ...base,
      word: 'inconclusive',
      reason: `It is not known whether it applies: ${state.applies.reason}`,
      remedy: 'It is looked at again by itself; mend the cause until then.',
    };
  const { finding, phase } = state;
  const underWay = phase === 'queued' || phase === 'running';
  if (!finding) return { ...base, word: phase === 'running' ? 'running' : 'queued' };
  const { outcome, reason, remedy, evidence, blockers, at } = finding;
  return { ...base, word: outcome, reason, remedy, evidence, blockers, at, rechecking: underWay };
}

/** Several answers stand when people answered at once: a failure wins, and a contradiction is for people to solve. */
function byPeople(base: GateStatus, state: GateState): GateStatus {
  const { answers, applies } = state;
  const last = answers.at(-1);
  if (!last) {
    const without = condition(base, state);
    if (without) return without;
    const reason = state.again ?? (applies?.reason || '');
    return { ...base, word: 'open', reason, remedy: 'Open the checklist and answer it.' };
  }
  const failures = answers.filter(({ outcome }) => outcome === 'fail');
  const agreed = answers.every(({ outcome }) => outcome === last.outcome);
  const shown = failures.at(-1) ?? last;
  const evidence = answers.flatMap(({ link, note, at }) =>
    link === null ? [] : [{ label: 'Evidence', value: note || link, url: link, at }],
  );
  if (failures.length === 0 && !agreed)
    return {
      ...base,
      word: 'inconclusive',
      reason: 'People answered it differently at the same time.',
      remedy: 'Open it in the checklist, look at both answers and answer it once more.',
      evidence,
      at: last.at,
    };
  return {
    ...base,
    word: shown.outcome,
    // Every failure is named: a waiver of one of them is none of the other.
    reason: failures.length > 0 ? failures.map(({ note }) => note).join('; ') : shown.note,
    remedy: shown.outcome === 'fail' ? 'Mend it, look again, then answer it anew.' : '',
    evidence,
    at: shown.at,
  };
}

/** Takes out what people excluded, accepted or waived; a gate whose blockers are all gone is green. */
function lessened(status: GateStatus, state: GateState, release: Release, now: Date): GateStatus {
  const whole: Blocker = { id: wholeGate, title: status.gate.title, url: null, signal: status.reason };
  // What could not be found out is more than what is named: handling that alone must not make the gate green.
  const isNamed = status.word === 'fail' && status.blockers.length > 0;
  const found = isNamed ? status.blockers : [...status.blockers, whole];
  const applies = (to: Blocker, { blocker, signal }: { blocker: string; signal: string }) =>
    to.id === blocker && to.signal === signal;
  const handled = state.handled.filter((one) => found.some((blocker) => applies(blocker, one)));
  const waivers = release.waivers.filter(
    (waiver) =>
      waiver.gate === status.gate.id &&
      waiver.pass === release.pass &&
      isValid(waiver, now) &&
      found.some((blocker) => applies(blocker, waiver)),
  );
  const out = handled.filter(({ as }) => as === 'excluded' || as === 'accepted');
  const notOut = found.filter((blocker) => !out.some((one) => applies(blocker, one)));
  const left = notOut.filter((blocker) => !waivers.some((waiver) => applies(blocker, waiver)));
  const result = { ...status, handled, waivers, blockers: left };
  if (left.length > 0) return result;
  const words = out.map(({ as }) => as);
  const reason = `${found.length} ${[...new Set([...words, ...(waivers.length > 0 ? ['waived'] : [])])].join(' or ')}, with reason.`;
  return { ...result, word: waivers.length > 0 ? 'waived' : 'pass', reason, remedy: '' };
}

/** Confirmed by a second person and not past its end (F7). */
function isValid({ confirmed, declined, expiresAt }: Waiver, now: Date): boolean {
  return confirmed !== null && declined === null && now.getTime() < Date.parse(expiresAt);
}
