import type { Recorded } from '../event.ts';
import type { ReleaseEvent } from './events.ts';
import { findGate, gatesOf } from './plan.ts';
import { type By, freshGate, type GateState, gateState, type Notice, type Release } from './state.ts';

type Later = Exclude<Recorded<ReleaseEvent>, { type: 'ReleaseOpened' }>;
type Of<T extends ReleaseEvent['type']> = Extract<Recorded<ReleaseEvent>, { type: T }>;

/** Applies one event. `state` is null before the first; throws on a stream that does not begin as one must, or begins twice. */
export function foldRelease(id: string, state: Release | null, event: Recorded<ReleaseEvent>): Release {
  if (event.type === 'ReleaseOpened') {
    if (state) throw new Error(`Release ${id} is opened a second time by event ${event.seq}`);
    return opened(id, event);
  }
  if (!state) throw new Error(`Release ${id} begins with ${event.type}, not with ReleaseOpened`);
  return { ...applyTo(state, event), changedAt: event.at };
}

function opened(id: string, event: Of<'ReleaseOpened'>): Release {
  return {
    id,
    ...event.data,
    openedBy: event.actor,
    openedAt: event.at,
    pass: 0,
    passes: [],
    candidate: null,
    candidateProblem: null,
    previous: null,
    newer: [],
    gates: {},
    workspace: null,
    waivers: [],
    approvals: [],
    decisions: [],
    record: null,
    recordProblem: null,
    notices: [],
    changedAt: event.at,
  };
}

function by({ actor, at, seq }: Later): By {
  return { by: actor, at, seq };
}

function applyTo(state: Release, event: Later): Release {
  switch (event.type) {
    case 'PassStarted':
      return passStarted(state, event);
    case 'CandidateIdentified':
      return identified(state, event);
    case 'CandidateUnknown':
      return event.data.pass === state.pass ? { ...state, candidateProblem: event.data.problem } : state;
    case 'ApplicabilityJudged':
      return judged(state, event);
    case 'RunRequested':
      return requested(state, event.data.gates);
    case 'CheckStarted':
      return withRun(state, event, () => ({ phase: 'running' }));
    case 'CheckFound':
      return withRun(state, event, () => ({
        phase: event.data.finding.outcome === 'waiting' ? 'running' : 'done',
        finding: { ...event.data.finding, run: event.data.run, at: event.at, seq: event.seq },
      }));
    case 'WorkspaceRecorded':
      return { ...state, workspace: { ...event.data, ...by(event) } };
    case 'ItemAnswered':
      return answered(state, event);
    case 'ItemAssigned':
      return withGate(state, event.data.gate, () => ({ assignee: event.data.to }));
    case 'BlockerHandled':
      return handled(state, event);
    case 'WaiverProposed':
    case 'WaiverConfirmed':
    case 'WaiverDeclined':
      return waived(state, event);
    case 'ApprovalGiven':
    case 'ApprovalVoided':
      return approved(state, event);
    case 'DeploymentSeen':
      return noticed(
        { ...state, newer: [...state.newer, { ...event.data, at: event.at }] },
        { kind: 'stale', ...event.data, ...by(event) },
      );
    case 'RecordWritten':
      return { ...state, record: event.data, recordProblem: null };
    case 'RecordFailed':
      return { ...state, recordProblem: event.data.problem };
    case 'DecisionMade':
      return { ...state, decisions: [...state.decisions, { ...event.data, ...by(event), withdrawn: null }] };
    case 'DecisionWithdrawn':
      return withdrawn(state, event);
  }
}

function noticed(state: Release, notice: Notice): Release {
  return { ...state, notices: [...state.notices, notice] };
}

function withGate(state: Release, gate: string, change: (was: GateState) => Partial<GateState>): Release {
  const was = gateState(state, gate);
  return { ...state, gates: { ...state.gates, [gate]: { ...was, ...change(was) } } };
}

/** A run that a newer one has overtaken, or that was asked for in an earlier pass, says nothing any more. */
function withRun(
  state: Release,
  { data }: Of<'CheckStarted'> | Of<'CheckFound'>,
  change: () => Partial<GateState>,
): Release {
  const { run, phase } = gateState(state, data.gate);
  return run === data.run && phase !== 'idle' ? withGate(state, data.gate, change) : state;
}

/** Approvals were given for what ran before and are gone; a waiver counts in its own pass only. */
function passStarted(state: Release, event: Of<'PassStarted'>): Release {
  return {
    ...state,
    pass: event.data.pass,
    passes: [...state.passes, by(event)],
    candidate: null,
    candidateProblem: null,
    previous: state.candidate ?? state.previous,
    newer: [],
    approvals: [],
  };
}

/** Automated gates are looked at anew; of the manual answers those are kept that the event names. */
function identified(state: Release, event: Of<'CandidateIdentified'>): Release {
  const { candidate, kept, again } = event.data;
  if (candidate.pass !== state.pass) return state;
  const why = new Map(again.map((entry) => [entry.gate, entry.why]));
  const gates = Object.fromEntries(
    gatesOf(state.plan).map(({ gate }) => {
      const was = gateState(state, gate.id);
      const next: GateState = kept.includes(gate.id)
        ? { ...was, kept: true, again: null, applies: null }
        : { ...freshGate, run: was.run, handled: was.handled, assignee: was.assignee };
      return [gate.id, { ...next, again: why.get(gate.id) ?? null }];
    }),
  );
  const next: Release = { ...state, candidate, candidateProblem: null, gates };
  if (candidate.pass === 1) return next;
  return noticed(next, { kind: 'pass', pass: candidate.pass, kept, again, ...by(event) });
}

function judged(state: Release, { data }: Of<'ApplicabilityJudged'>): Release {
  if (data.pass !== state.pass) return state;
  return data.gates.reduce(
    (next, { gate, verdict, reason }) => withGate(next, gate, () => ({ applies: { verdict, reason } })),
    state,
  );
}

function requested(state: Release, gates: string[]): Release {
  // Before the candidate is known there is one thing to try again.
  if (!state.candidate) return { ...state, candidateProblem: null };
  return gates.reduce(
    (next, gate) => withGate(next, gate, (was) => ({ run: was.run + 1, phase: 'queued' })),
    state,
  );
}

/** Replaces the answers that the person saw; what came meanwhile stays beside theirs, so that nothing is lost. */
function answered(state: Release, event: Of<'ItemAnswered'>): Release {
  const { gate, saw, outcome, note, link, pass } = event.data;
  if (pass !== state.pass || !findGate(state.plan, gate)) return state;
  return withGate(state, gate, (was) => ({
    answers: [
      ...was.answers.filter((answer) => !saw.includes(answer.seq) && answer.by !== event.actor),
      { outcome, note, link, pass, ...by(event) },
    ],
    kept: false,
  }));
}

function handled(state: Release, event: Of<'BlockerHandled'>): Release {
  const { gate, ...rest } = event.data;
  const next = withGate(state, gate, (was) => ({
    handled: [...was.handled.filter(({ blocker }) => blocker !== rest.blocker), { ...rest, ...by(event) }],
  }));
  const { title, as, reason, link } = rest;
  return noticed(next, { kind: 'handled', gate, title, as, reason, link, ...by(event) });
}

function waived(
  state: Release,
  event: Of<'WaiverProposed'> | Of<'WaiverConfirmed'> | Of<'WaiverDeclined'>,
): Release {
  if (event.type === 'WaiverProposed') {
    const { waiver: id, ...rest } = event.data;
    const waiver = { id, ...rest, pass: state.pass, confirmed: null, declined: null, ...by(event) };
    return noticed(
      { ...state, waivers: [...state.waivers, waiver] },
      { kind: 'waiver', waiver: id, ...by(event) },
    );
  }
  const answer = event.type === 'WaiverConfirmed' ? { confirmed: by(event) } : { declined: by(event) };
  const waivers = state.waivers.map((waiver) =>
    waiver.id === event.data.waiver && !waiver.confirmed && !waiver.declined
      ? { ...waiver, ...answer }
      : waiver,
  );
  return { ...state, waivers };
}

function approved(state: Release, event: Of<'ApprovalGiven'> | Of<'ApprovalVoided'>): Release {
  const { approval } = event.data;
  const others = state.approvals.filter((one) => one.approval !== approval);
  if (event.type === 'ApprovalGiven')
    return noticed(
      { ...state, approvals: [...others, { ...event.data, ...by(event) }] },
      { kind: 'approval', approval, ...by(event) },
    );
  const { why, by: approver } = event.data;
  return noticed(
    { ...state, approvals: others },
    { kind: 'approval-voided', approval, why, ...by(event), by: approver },
  );
}

function withdrawn(state: Release, event: Of<'DecisionWithdrawn'>): Release {
  return {
    ...state,
    decisions: state.decisions.map((decision) =>
      decision.number === event.data.number
        ? { ...decision, withdrawn: { why: event.data.why, ...by(event) } }
        : decision,
    ),
  };
}
