import { type Problem, problem } from '../problem.ts';
import type { AnswerOutcome, Handling, ReleaseEvent } from './events.ts';
import { type GateStatus, gateStatuses, isGreen, wholeGate } from './gate-status.ts';
import { findGate, gatesOf } from './plan.ts';
import { gateState, type Release } from './state.ts';

/** What a person may do with a release, as pure functions from its state to events or a problem. */
export type Acted = { events: ReleaseEvent[] } | { problem: Problem };

const refuse = (because: Problem): Acted => ({ problem: because });

/** A release's name, which is its id too in lower case: letters, digits, dots and dashes. */
export const releaseName = /^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/;

export function releaseId(name: string): string {
  return name.trim().toLowerCase();
}

/** Opens a release with its first pass. One that is open already is continued: nothing is recorded (B1). */
export function open(
  state: Release | null,
  details: Extract<ReleaseEvent, { type: 'ReleaseOpened' }>['data'],
): Acted {
  if (!releaseName.test(details.name)) return refuse(problem('release-name-wrong', { name: details.name }));
  if (state) return { events: [] };
  return {
    events: [
      { type: 'ReleaseOpened', data: details },
      { type: 'PassStarted', data: { pass: 1 } },
    ],
  };
}

/** Starts the next pass once something newer runs (B8). `seen` is the pass whose button was pressed. */
export function nextPass(state: Release, seen: number): Acted {
  if (seen < state.pass) return { events: [] };
  if (state.newer.length === 0) return refuse(problem('pass-current'));
  return { events: [{ type: 'PassStarted', data: { pass: state.pass + 1 } }] };
}

/** Runs automated gates again: one, those that are not green, or all. What is under way is left alone. */
export function recheck(state: Release, which: 'all' | 'failed' | { gate: string }, now: Date): Acted {
  if (!state.candidate) {
    if (!state.candidateProblem) return refuse(problem('candidate-pending'));
    return { events: [{ type: 'RunRequested', data: { gates: [] } }] };
  }
  if (typeof which === 'object' && !findGate(state.plan, which.gate)?.gate.check)
    return refuse(problem('gate-unknown', which));
  const gates = gateStatuses(state, now)
    .filter((status) => status.gate.check !== null && isFree(status, state))
    .filter((status) => (typeof which === 'object' ? status.gate.id === which.gate : true))
    .filter((status) => which !== 'failed' || !isGreen(status))
    .map(({ gate }) => gate.id);
  if (gates.length === 0) return refuse(problem('nothing-to-recheck'));
  return { events: [{ type: 'RunRequested', data: { gates } }] };
}

/** Has a finding to be found again; what does not apply, or is still on its way, has not. */
function isFree({ gate }: GateStatus, state: Release): boolean {
  const { phase, finding } = gateState(state, gate.id);
  return phase === 'done' || (finding?.outcome === 'waiting' && phase !== 'queued');
}

export interface AnswerInput {
  gate: string;
  outcome: AnswerOutcome;
  note: string;
  link: string | null;
  /** The pass that the person's form was opened in, and the answers (by seq) that it showed. */
  pass: number;
  saw: number[];
}

/** Answers one item (B4, B5). A failure says what was seen, not applicable says why. */
export function answer(state: Release, input: AnswerInput): Acted {
  const { gate, outcome, note, link, saw } = input;
  const found = findGate(state.plan, gate);
  if (!found || found.gate.check !== null) return refuse(problem('gate-unknown', { gate }));
  if (input.pass !== state.pass) return refuse(problem('pass-over'));
  if (!state.candidate) return refuse(problem('candidate-pending'));
  const wants = { pass: null, fail: 'what was seen', 'not-applicable': 'why it does not apply' }[outcome];
  if (wants && note.trim() === '') return refuse(problem('note-missing', { wants }));
  if (link !== null && !isWebAddress(link)) return refuse(problem('link-wrong'));
  if (found.group.workspace && outcome !== 'not-applicable' && !state.workspace)
    return refuse(problem('workspace-missing'));
  return {
    events: [
      { type: 'ItemAnswered', data: { gate, outcome, note: note.trim(), link, saw, pass: state.pass } },
    ],
  };
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(text);
}

export function assign(state: Release, gate: string, to: string | null): Acted {
  if (findGate(state.plan, gate)?.gate.check !== null) return refuse(problem('gate-unknown', { gate }));
  if (gateState(state, gate).assignee === to) return { events: [] };
  return { events: [{ type: 'ItemAssigned', data: { gate, to } }] };
}

/** Records against what the smoke checks are run (B4). A reserved workspace takes an approval in words. */
export function recordWorkspace(
  state: Release,
  input: { workspace: string; depot: string; approval: string | null },
  reserved: readonly string[],
): Acted {
  const [workspace, depot] = [input.workspace.trim(), input.depot.trim()];
  const approval = input.approval?.trim() || null;
  if (!workspace || !depot) return refuse(problem('workspace-empty'));
  const isReserved = reserved.some((name) => name.trim().toLowerCase() === workspace.toLowerCase());
  if (isReserved && !approval) return refuse(problem('workspace-reserved', { workspace }));
  const was = state.workspace;
  if (was?.workspace === workspace && was.depot === depot && was.approval === approval) return { events: [] };
  return { events: [{ type: 'WorkspaceRecorded', data: { workspace, depot, approval } }] };
}

export interface HandleInput {
  gate: string;
  blocker: string;
  as: Handling;
  reason: string;
  link: string | null;
}

/** Excludes a merge request, accepts a signal, or says where a blocker is followed (B2, B6). `may`: what the gate's check lets people do. */
export function handle(
  state: Release,
  input: HandleInput,
  may: 'exclude' | 'accept' | 'none',
  now: Date,
): Acted {
  const { gate, blocker, as, reason, link } = input;
  if (isHandledSo(state, input, now)) return { events: [] };
  const found = blockerOf(state, gate, blocker, now);
  if (!found) return refuse(problem('blocker-gone'));
  const allowed: Record<Handling, boolean> = {
    excluded: may === 'exclude' && blocker !== wholeGate,
    accepted: may === 'accept' && blocker !== wholeGate,
    tracked: true,
    escalated: true,
  };
  if (!allowed[as]) return refuse(problem('handling-wrong', { as }));
  if (reason.trim() === '') return refuse(problem('reason-missing'));
  if (link !== null && !isWebAddress(link)) return refuse(problem('link-wrong'));
  if ((as === 'tracked' || as === 'escalated') && link === null) return refuse(problem('tracking-missing'));
  const { signal, title } = found;
  return {
    events: [
      {
        type: 'BlockerHandled',
        data: { gate, blocker, signal, title, as, reason: reason.trim(), link },
      },
    ],
  };
}

/** A second press: the blocker, as it reads now, is handled in just this way. */
function isHandledSo(state: Release, { gate, blocker, as, reason, link }: HandleInput, now: Date): boolean {
  const handled = statusOf(state, gate, now)?.handled ?? [];
  return handled.some(
    (one) => one.blocker === blocker && one.as === as && one.reason === reason.trim() && one.link === link,
  );
}

function statusOf(state: Release, gate: string, now: Date): GateStatus | undefined {
  return gateStatuses(state, now).find((one) => one.gate.id === gate);
}

/** A blocker that stands now, by the gate and its own id. */
function blockerOf(state: Release, gate: string, blocker: string, now: Date) {
  return statusOf(state, gate, now)?.blockers.find(({ id }) => id === blocker);
}

/** A waiver ends at the latest after so many days. */
export const longestWaiverDays = 30;

/** The first of two people asks for a waiver of one named blocker (F7). `waiver` is its id. */
export function proposeWaiver(
  state: Release,
  input: { waiver: string; gate: string; blocker: string; reason: string; expiresAt: string },
  now: Date,
): Acted {
  const { waiver, gate, blocker, reason, expiresAt } = input;
  if (state.waivers.some(({ id }) => id === waiver)) return { events: [] };
  const found = blockerOf(state, gate, blocker, now);
  if (!found) return refuse(problem('blocker-gone'));
  if (reason.trim() === '') return refuse(problem('reason-missing'));
  const left = Date.parse(expiresAt) - now.getTime();
  if (!(left > 0 && left <= longestWaiverDays * 86_400_000))
    return refuse(problem('waiver-expiry', { days: longestWaiverDays }));
  const { signal, title } = found;
  return {
    events: [
      {
        type: 'WaiverProposed',
        data: { waiver, gate, blocker, signal, title, reason: reason.trim(), expiresAt },
      },
    ],
  };
}

/** The second person confirms or declines. Whoever asked may take it back, not confirm it. */
export function answerWaiver(state: Release, waiver: string, yes: boolean, user: string, now: Date): Acted {
  const found = state.waivers.find(({ id }) => id === waiver);
  const isOver = found?.pass !== state.pass || now.getTime() >= Date.parse(found.expiresAt);
  if (!found || found.confirmed || found.declined || isOver) return refuse(problem('waiver-unknown'));
  if (yes && found.by === user) return refuse(problem('waiver-own'));
  return { events: [{ type: yes ? 'WaiverConfirmed' : 'WaiverDeclined', data: { waiver } }] };
}

/**
 * A role's yes to exactly what was shown (D3). `shown` is the digest that the person's button carried, `current`
 * the one of now; `open` are the blockers that are still open then.
 */
export function approve(
  state: Release,
  input: { approval: string; user: string; shown: string },
  current: { digest: string; against: unknown[]; open: { blocker: string }[] },
): Acted {
  const { approval, user, shown } = input;
  if (!state.plan.approvals.some(({ id }) => id === approval)) return refuse(problem('approval-unknown'));
  if (current.against.length > 0 || current.open.some(({ blocker }) => !blocker.startsWith('approval/')))
    return refuse(problem('approval-early'));
  if (shown !== current.digest) return refuse(problem('approval-stale'));
  if (state.approvals.some((one) => one.approval === approval)) return { events: [] };
  if (state.approvals.some((one) => one.by === user)) return refuse(problem('approval-twice'));
  return { events: [{ type: 'ApprovalGiven', data: { approval, digest: current.digest } }] };
}

/** The automated gates of a plan: mandatory ones run at once, conditional ones when they are known to apply. */
export function automated(state: Release, which: 'mandatory' | 'conditional'): string[] {
  return gatesOf(state.plan)
    .filter(({ gate }) => gate.check !== null && (gate.when === null) === (which === 'mandatory'))
    .map(({ gate }) => gate.id);
}
