import type { Finding } from '../finding.ts';
import type { Problem } from '../problem.ts';
import type { Candidate, Deployment } from './candidate.ts';
import type { AnswerOutcome, Handling, ReasonAgainst, Verdict } from './events.ts';
import type { Plan } from './plan.ts';

/** Who did something, and when (ISO 8601 UTC). `seq` is the number of the event, by which it is referred to. */
export interface By {
  by: string;
  at: string;
  seq: number;
}

export interface Answer extends By {
  outcome: AnswerOutcome;
  note: string;
  link: string | null;
  pass: number;
}

export interface Handled extends By {
  blocker: string;
  signal: string;
  title: string;
  as: Handling;
  reason: string;
  link: string | null;
}

export interface Waiver extends By {
  id: string;
  gate: string;
  blocker: string;
  signal: string;
  title: string;
  reason: string;
  expiresAt: string;
  pass: number;
  /** The second person; null until somebody confirmed. */
  confirmed: By | null;
  declined: By | null;
}

export interface Approval extends By {
  approval: string;
  digest: string;
}

export interface GateState {
  /** The number of the run that was last asked for; 0 before the first. */
  run: number;
  /** Whether that run waits for its turn, is under way or has ended. */
  phase: 'idle' | 'queued' | 'running' | 'done';
  /** The last finding; it stands while a newer run is under way. */
  finding: (Finding & { run: number; at: string; seq: number }) | null;
  applies: { verdict: 'applies' | 'does-not-apply' | 'unknown'; reason: string } | null;
  /** Answers that nobody has replaced; more than one when people answered at the same time. */
  answers: Answer[];
  assignee: string | null;
  /** Why it is asked again in this pass; null when nothing was there before. */
  again: string | null;
  /** Whether its answer comes from the pass before. */
  kept: boolean;
  handled: Handled[];
}

export interface Decision extends By {
  number: number;
  pass: number;
  verdict: Verdict;
  reasons: ReasonAgainst[];
  digest: string;
  withdrawn: (By & { why: string }) | null;
}

/** What the thread tells besides the groups and the decisions, each in a reply of its own. */
export type Notice = By &
  (
    | { kind: 'pass'; pass: number; kept: string[]; again: { gate: string; why: string }[] }
    | { kind: 'stale'; project: string; deployment: Deployment }
    | { kind: 'handled'; gate: string; title: string; as: Handling; reason: string; link: string | null }
    | { kind: 'waiver'; waiver: string }
    | { kind: 'approval'; approval: string }
    | { kind: 'approval-voided'; approval: string; by: string; why: string }
  );

/** One release in validation and everything known about it: a pure fold of its events. */
export interface Release {
  id: string;
  name: string;
  plan: Plan;
  environment: string;
  url: string;
  channel: string;
  openedBy: string;
  openedAt: string;
  pass: number;
  /** The times each pass began and who began it; the last is the present one. */
  passes: By[];
  /** Null until it is known what should be running in this pass. */
  candidate: Candidate | null;
  candidateProblem: Problem | null;
  /** The candidate of the pass before, which the next one is compared with. */
  previous: Candidate | null;
  /** Newer deployments than those of the candidate: what was validated does not run any more (B8). */
  newer: { project: string; deployment: Deployment; at: string }[];
  gates: Readonly<Record<string, GateState>>;
  workspace: (By & { workspace: string; depot: string; approval: string | null }) | null;
  waivers: Waiver[];
  approvals: Approval[];
  decisions: Decision[];
  record: { identifier: string; url: string; gaps: string[] } | null;
  /** Why the record could not be written last; null when it was. */
  recordProblem: Problem | null;
  notices: Notice[];
  changedAt: string;
}

export const freshGate: GateState = {
  run: 0,
  phase: 'idle',
  finding: null,
  applies: null,
  answers: [],
  assignee: null,
  again: null,
  kept: false,
  handled: [],
};

export function gateState(release: Release, gate: string): GateState {
  return release.gates[gate] ?? freshGate;
}

/** The decision that stands: the last one, unless it was withdrawn. */
export function standing({ decisions }: Release): Decision | null {
  const last = decisions.at(-1);
  return last && last.withdrawn === null ? last : null;
}
