import type { Candidate, Part } from '../core/release/candidate.ts';
import { gateStatuses, hasEnded } from '../core/release/gate-status.ts';
import { type GatePlan, gatesOf } from '../core/release/plan.ts';
import { gateState, type Release } from '../core/release/state.ts';
import type { Sources } from '../core/sources.ts';
import { touches } from './applicability.ts';

/** What differs between two candidates of one release; null where it could not be found out. */
export interface CandidateChange {
  paths: string[] | null;
  /** Labels of the merge requests that the newer one ships besides. */
  labels: string[] | null;
}

/** Reads what has changed since the pass before (B8). Throws OutsideError when GitLab does not answer. */
export async function collectChange(
  before: Candidate,
  after: Candidate,
  codeHost: Pick<Sources['codeHost'], 'changedPaths' | 'mergeRequestsOf'>,
  signal: AbortSignal,
  now: Date,
): Promise<CandidateChange> {
  const paths: string[][] = [];
  const labels: string[] = [];
  let isKnown = true;
  let areLabelsKnown = true;
  for (const part of after.parts) {
    const earlier = before.parts.find(({ project }) => project === part.project);
    const changed = await changedBetween(earlier, part, codeHost, signal);
    if (changed) paths.push(changed);
    else isKnown = false;
    for (const id of part.shipped.filter((one) => !earlier?.shipped.includes(one))) {
      const requests = await codeHost.mergeRequestsOf(part.path, id, signal);
      labels.push(...requests.flatMap((request) => request.labels));
      if (requests.length === 0 && mayBeUnlinked(part, id, now)) areLabelsKnown = false;
    }
  }
  return {
    paths: isKnown ? paths.flat() : null,
    labels: areLabelsKnown ? [...new Set(labels)] : null,
  };
}

/** GitLab links merge requests to a deployment a moment after its success; until then none proves nothing. */
const linkedMs = 60_000;

function mayBeUnlinked({ deployment }: Part, id: number, now: Date): boolean {
  return deployment?.id === id && now.getTime() - Date.parse(deployment.at) < linkedMs;
}

async function changedBetween(
  earlier: Part | undefined,
  part: Part,
  codeHost: Pick<Sources['codeHost'], 'changedPaths'>,
  signal: AbortSignal,
): Promise<string[] | null> {
  const from = ranAt(earlier);
  const to = ranAt(part);
  if (!from || !to) return null;
  return from === to ? [] : codeHost.changedPaths(part.path, from, to, signal);
}

/** What ran there: the commit of a deployment that succeeded; of one that failed it is not known what it left. */
function ranAt(part: Part | undefined): string | null {
  return part?.deployment?.status === 'success' ? part.deployment.sha : null;
}

/** Which answers of people hold in the next pass, and which are asked again, with the reason. Pure. */
export function heldOver(
  state: Release,
  change: CandidateChange | null,
): { kept: string[]; again: { gate: string; why: string }[] } {
  if (!state.previous) return { kept: [], again: [] };
  // The statuses of the pass before: its candidate counts, not the one that is about to be recorded.
  const before = gateStatuses({ ...state, candidate: state.previous }, new Date(0));
  const answered = gatesOf(state.plan).filter(({ gate }) => gateState(state, gate.id).answers.length > 0);
  const kept: string[] = [];
  const again: { gate: string; why: string }[] = [];
  for (const { gate } of answered) {
    const status = before.find((one) => one.gate.id === gate.id);
    const why = status && hasEnded(status) ? whyAgain(gate, status.word, change) : 'It was left open.';
    if (why === null) kept.push(gate.id);
    else again.push({ gate: gate.id, why });
  }
  return { kept, again };
}

/** Null when the answer holds. Whatever is not known is asked again. */
function whyAgain(gate: GatePlan, word: string, change: CandidateChange | null): string | null {
  if (word !== 'pass' && word !== 'not-applicable') return 'It did not pass before.';
  const globs = [...gate.touchedBy, ...(gate.when?.paths ?? [])];
  const labels = gate.when?.labels ?? [];
  if (gate.when && gate.when.flags.length > 0) return 'Feature flags may have changed.';
  if (globs.length === 0 && labels.length === 0) return 'It is asked again after any change.';
  if (!change?.paths || !change.labels) return 'It is not known what has changed.';
  const path = touches(globs, change.paths);
  if (path !== null) return `${path} has changed.`;
  const label = labels.find((one) =>
    change.labels?.some((other) => other.toLowerCase() === one.toLowerCase()),
  );
  return label ? `A merge request with the label ${label} was added.` : null;
}
