import pMap from 'p-map';
import { collectScope, judge } from '../checks/applicability.ts';
import { collectChange, heldOver } from '../checks/held-over.ts';
import { findPhase, findProject } from '../core/catalogue/find.ts';
import type { Phase } from '../core/catalogue/phase.ts';
import { type Handler, type Next, OutsideError } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { automated } from '../core/release/acts.ts';
import type { Candidate, Deployment, Part } from '../core/release/candidate.ts';
import type { ReleaseEvent } from '../core/release/events.ts';
import { gatesOf } from '../core/release/plan.ts';
import { gateState, type Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import { cleanText } from './clean-finding.ts';
import { later } from './invocation-deps.ts';
import { type ReleaseDeps, recordRelease } from './release-deps.ts';

/** How far back deployments are looked through for the one that production runs. */
const lookedThrough = 100;
const sideBySide = 5;
/** The note that the work leaves to itself: how often in a row GitLab has asked for fewer requests. */
interface Memo {
  refusals: number;
}

/** After so many failures in a row people are told; it is tried on all the same. */
const patience = 3;
/** At the most; never longer than the bot is set to wait for an answer, in ms. */
const longestAgainMs = 15_000;
/** How much is kept of why a gate applies, in characters. */
const longestReason = 400;
/** A deployment that is under way is looked at again after this, in ms. */
const runningMs = 3_000;

/**
 * Finds out what should be running and what was brought there, then which conditional gates apply, and starts the
 * automated gates. Key: the release's id.
 */
export function identifyCandidate(deps: ReleaseDeps): Handler {
  return async ({ key: id, failures, memo }, signal) => {
    const refusals = (memo as Memo | null)?.refusals ?? 0;
    const { state } = await deps.store.read(releaseStream, id);
    if (!state || state.newer.length > 0) return { next: 'done' };
    try {
      if (state.candidate) return await judgeApplicability(deps, state, state.candidate, signal);
      const found = await candidateOf(deps, state, signal);
      if ('problem' in found) return await tellUnknown(deps, state, found.problem, found.againMs);
      await identified(deps, state, found.candidate, signal);
      // The same work goes on with the candidate that is known now.
      return { next: 'again', at: deps.now() };
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      if (failures + refusals >= patience) await told(deps, state, error.problem);
      if (error.kind !== 'busy') throw error;
      const at = later(deps.now, error.retryAfterMs ?? againMs(deps));
      return { next: 'again', at, memo: { refusals: refusals + 1 } satisfies Memo };
    }
  };
}

/** Until GitLab answers again: no candidate, or nothing known about what applies. */
async function told(deps: ReleaseDeps, state: Release, why: Problem): Promise<void> {
  if (!state.candidate) return void (await tellUnknown(deps, state, why, 0));
  const gates = unjudged(state).map(({ gate }) => ({
    gate: gate.id,
    verdict: 'unknown' as const,
    reason: why.why || why.what,
  }));
  await recordRelease(deps, state.id, (now) =>
    now.pass === state.pass && unjudged(now).some(({ gate }) => gateState(now, gate.id).applies === null)
      ? [{ type: 'ApplicabilityJudged', data: { pass: now.pass, gates } }]
      : [],
  );
}

function againMs({ settleMs }: Pick<ReleaseDeps, 'settleMs'>): number {
  return Math.min(longestAgainMs, settleMs);
}

type Found = { candidate: Candidate } | { problem: Problem; againMs: number };

async function candidateOf(deps: ReleaseDeps, state: Release, signal: AbortSignal): Promise<Found> {
  const phase = findPhase(deps.catalogue, state.plan.phase);
  if (!phase) return { problem: problem('validation-off'), againMs: againMs(deps) };
  const { environment, url, pass, id: release } = state;
  const parts = await pMap(phase.projects, (project) => partOf(deps, phase, project, signal), {
    concurrency: sideBySide,
    signal,
  });
  const missing = parts.find((part) => 'problem' in part);
  if (missing) return missing;
  const whole = parts.flatMap((part) => ('problem' in part ? [] : [part]));
  return { candidate: { release, environment, url, pass, parts: whole } };
}

async function partOf(
  deps: ReleaseDeps,
  phase: Phase,
  project: string,
  signal: AbortSignal,
): Promise<Part | Extract<Found, { problem: Problem }>> {
  const { sources, catalogue } = deps;
  const known = findProject(catalogue, project);
  if (!known) return { problem: problem('catalogue-lacks', { project }), againMs: againMs(deps) };
  const { path, releaseBranch: ref } = known;
  const { codeHost } = sources;
  const head = await codeHost.branchHead(path, ref, signal);
  if (!head) return { problem: problem('branch-missing', { path, ref }), againMs: againMs(deps) };
  const { environment, baseline } = phase;
  const deployments = await codeHost.deployments(path, environment, lookedThrough, signal);
  const made = deployments.filter(({ status }) => !['skipped', 'canceled', 'blocked'].includes(status));
  const [newest] = made;
  if (newest && ['created', 'running'].includes(newest.status))
    return { problem: problem('deployment-running', { path, environment }), againMs: runningMs };
  const before = await codeHost.deployments(path, baseline, lookedThrough, signal);
  const running = before.find(({ status }) => status === 'success')?.sha ?? null;
  return {
    project,
    path,
    ref,
    commit: head.sha,
    deployment: newest ?? null,
    shipped: shippedSince(made, running),
    baseline: running,
  };
}

/**
 * The successful deployments since the one that production runs. When that one is not among them, all that were
 * looked through: rather too many merge requests to validate than one too few.
 */
function shippedSince(made: Deployment[], running: string | null): number[] {
  const succeeded = made.filter(({ status }) => status === 'success');
  const end = succeeded.findIndex(({ sha }) => sha === running);
  return succeeded.slice(0, end === -1 ? undefined : end).map(({ id }) => id);
}

async function tellUnknown(
  deps: ReleaseDeps,
  { id, pass }: Release,
  { code, what, why, todo }: Problem,
  wait: number,
): Promise<Next> {
  await recordRelease(deps, id, (now) => {
    const isNews = now.candidateProblem?.code !== code || now.candidateProblem.what !== what;
    if (now.pass !== pass || now.candidate || !isNews) return [];
    return [{ type: 'CandidateUnknown', data: { pass, problem: { code, what, why, todo } } }];
  });
  return { next: 'again', at: later(deps.now, wait) };
}

/** Records the candidate, what of the pass before holds, and starts what need not wait. */
async function identified(
  deps: ReleaseDeps,
  state: Release,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<void> {
  const change = state.previous
    ? await collectChange(state.previous, candidate, deps.sources.codeHost, signal, deps.now())
    : null;
  await recordRelease(deps, state.id, (now): ReleaseEvent[] => {
    if (now.candidate || now.pass !== candidate.pass) return [];
    const held = heldOver(now, change);
    return [
      { type: 'CandidateIdentified', data: { candidate, ...held } },
      { type: 'RunRequested', data: { gates: automated(now, 'mandatory') } },
    ];
  });
}

function unjudged(state: Release) {
  return gatesOf(state.plan).filter(({ gate }) => {
    const verdict = gateState(state, gate.id).applies?.verdict ?? 'unknown';
    return gate.when !== null && verdict === 'unknown';
  });
}

/** Which conditional gates apply (B5); what stays unknown is looked at again. */
async function judgeApplicability(
  deps: ReleaseDeps,
  state: Release,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<Next> {
  const open = unjudged(state);
  if (open.length === 0) return { next: 'done' };
  const scope = await collectScope(candidate, deps.sources, signal, deps.now());
  const gates = await Promise.all(
    open
      .flatMap(({ gate }) => (gate.when ? [{ gate: gate.id, ...judge(gate.when, scope) }] : []))
      .map(async (judged) => ({
        ...judged,
        reason: await cleanText(judged.reason, longestReason, deps.secrets),
      })),
  );
  const { state: after } = await recordRelease(deps, state.id, (now): ReleaseEvent[] => {
    if (now.pass !== candidate.pass || !isNews(now, gates)) return [];
    const start = automated(now, 'conditional').filter(
      (id) =>
        gateState(now, id).phase === 'idle' &&
        gates.some(({ gate, verdict }) => gate === id && verdict === 'applies'),
    );
    const events: ReleaseEvent[] = [{ type: 'ApplicabilityJudged', data: { pass: now.pass, gates } }];
    return start.length > 0 ? [...events, { type: 'RunRequested', data: { gates: start } }] : events;
  });
  const isUnknown = after !== null && unjudged(after).length > 0;
  return isUnknown ? { next: 'again', at: later(deps.now, againMs(deps)) } : { next: 'done' };
}

function isNews(now: Release, gates: { gate: string; verdict: string; reason: string }[]): boolean {
  return gates.some(({ gate, verdict, reason }) => {
    const { applies } = gateState(now, gate);
    return applies?.verdict !== verdict || applies.reason !== reason;
  });
}
