import type { Action } from '../action.ts';
import type { Recorded } from '../event.ts';
import type { Problem } from '../problem.ts';
import type { InvocationEvent, Observed, Origin } from './events.ts';

/** Where one target of an invocation stands. */
export type TargetState =
  /** Planned; nothing was sent to GitLab yet. `waitsFor`: what its wave holds it for, never empty. */
  | { at: 'waiting'; waitsFor?: readonly string[] }
  /** A request was intended and its result is not recorded: it may have started. */
  | { at: 'starting'; runId: string; request: number; since: string }
  /** A pipeline exists; `observed` is null until it was looked at. */
  | {
      at: 'following';
      pipelineId: number;
      url: string;
      since: string;
      adopted: boolean;
      observed: Observed | null;
    }
  /** The request was refused or never became clear. */
  | { at: 'failed'; problem: Problem }
  /** Not seen to end in time. */
  | { at: 'lost'; problem: Problem; url: string }
  /** Will not start. */
  | { at: 'not-started'; why: string };

export interface Target {
  project: string;
  path: string;
  ref: string;
  /** 1 for the first try, one more for each retry: part of the run id. */
  attempt: number;
  /** Its wave has held it, so its thread reply is there before it starts. */
  wasHeld?: true;
  state: TargetState;
}

/** One confirmed request and everything known about it: a pure fold of its events. */
export interface Invocation {
  id: string;
  action: Action;
  /** A project's id or `all` (A6). */
  project: string;
  origin: Origin;
  requestedBy: string;
  requestedAt: string;
  confirmed: boolean;
  /** Ids in catalogue order, as they were when it was submitted. */
  projects: string[];
  preflight: 'pending' | 'passed' | 'failed';
  faults: { project: string; problem: Problem }[];
  targets: Target[];
  stop: { by: string; at: string } | null;
  changedAt: string;
}

/** What a person reads about a target; each is an outcome of A5 or on the way to one. */
export type TargetWord =
  | 'waiting'
  | 'starting'
  | 'running'
  | 'passed'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'manual'
  | 'lost'
  | 'not-started';

/** Applies one event. `state` is null before the first; throws on a stream that does not begin as one must. */
export function foldInvocation(
  id: string,
  state: Invocation | null,
  event: Recorded<InvocationEvent>,
): Invocation {
  if (event.type === 'OrchestrationInputsSubmitted') {
    const { action, project, origin } = event.data;
    return {
      id,
      action,
      project,
      origin,
      requestedBy: event.actor,
      requestedAt: event.at,
      confirmed: false,
      projects: project === 'all' ? [] : [project],
      preflight: 'pending',
      faults: [],
      targets: [],
      stop: null,
      changedAt: event.at,
    };
  }
  if (!state)
    throw new Error(`Invocation ${id} begins with ${event.type}, not with OrchestrationInputsSubmitted`);
  return { ...applyTo(state, event), changedAt: event.at };
}

type Later = Exclude<Recorded<InvocationEvent>, { type: 'OrchestrationInputsSubmitted' }>;

function applyTo(state: Invocation, event: Later): Invocation {
  switch (event.type) {
    case 'InvocationConfirmed':
      return { ...state, confirmed: true };
    case 'BulkFanOutExpanded':
      return { ...state, projects: event.data.targetProjects };
    case 'PreflightPassed':
      // Only what is awaited counts: a second one must not set targets back that have started since.
      if (state.preflight !== 'pending') return state;
      return {
        ...state,
        preflight: 'passed',
        faults: [],
        targets: event.data.targets.map((target) => ({
          ...target,
          attempt: 1,
          state: state.stop ? { at: 'not-started', why: stoppedWhy } : { at: 'waiting' },
        })),
      };
    case 'PreflightFailed':
      if (state.preflight !== 'pending') return state;
      return { ...state, preflight: 'failed', faults: event.data.faults };
    case 'StopRequested':
      return stopped({ ...state, stop: { by: event.actor, at: event.at } });
    case 'RetryRequested':
      return retried(state, event.data.projects);
    case 'CutOffOrchestrationTriggered':
    case 'ReleaseOrchestrationTriggered':
      return withTarget(state, event.data.project, {
        at: 'following',
        pipelineId: event.data.pipelineId,
        url: event.data.url,
        since: event.at,
        adopted: event.data.adopted,
        observed: null,
      });
    case 'TargetHeld':
      return held(state, event.data.project, event.data.waitsFor);
    case 'TriggerIntended':
      return withTarget(state, event.data.project, {
        at: 'starting',
        runId: event.data.runId,
        request: event.data.request,
        since: event.at,
      });
    case 'TriggerFailed':
      return withTarget(state, event.data.project, { at: 'failed', problem: event.data.problem });
    case 'PipelineObserved':
      return observed(state, event.data.project, event.data.observed);
    case 'PipelineLostSight':
      return lost(state, event.data.project, event.data.problem);
  }
}

const stoppedWhy = 'stopped before it started';

function stopped(state: Invocation): Invocation {
  return {
    ...state,
    targets: state.targets.map((target) =>
      target.state.at === 'waiting' ? { ...target, state: { at: 'not-started', why: stoppedWhy } } : target,
    ),
  };
}

function retried(state: Invocation, projects: string[]): Invocation {
  if (state.preflight === 'failed') return { ...state, preflight: 'pending', faults: [], stop: null };
  return {
    ...state,
    stop: null,
    targets: state.targets.map((target) =>
      projects.includes(target.project)
        ? { ...target, attempt: target.attempt + 1, state: { at: 'waiting' } }
        : target,
    ),
  };
}

/** Whoever is on the way already is not held any more. */
function held(state: Invocation, project: string, waitsFor: readonly string[]): Invocation {
  return {
    ...state,
    targets: state.targets.map((target) => {
      if (target.project !== project || target.state.at !== 'waiting') return target;
      const next = { at: 'waiting' as const, ...(waitsFor.length > 0 && { waitsFor }) };
      return { ...target, wasHeld: true as const, state: next };
    }),
  };
}

/** A target that someone's own pipeline brings (A10) is not planned before: it enters here. */
function withTarget(state: Invocation, project: string, next: TargetState): Invocation {
  const known = state.targets.some((target) => target.project === project);
  const targets = known
    ? state.targets.map((target) => (target.project === project ? { ...target, state: next } : target))
    : [...state.targets, { project, path: '', ref: '', attempt: 1, state: next }];
  return { ...state, preflight: 'passed', targets };
}

function observed(state: Invocation, project: string, seen: Observed): Invocation {
  const target = findTarget(state, project);
  const before = target?.state;
  if (before?.at === 'lost') return withTarget(state, project, following(seen, state.changedAt));
  if (before?.at !== 'following' || before.pipelineId !== seen.pipelineId) return state;
  return withTarget(state, project, { ...before, observed: seen });
}

function following(seen: Observed, since: string): TargetState {
  return {
    at: 'following',
    pipelineId: seen.pipelineId,
    url: seen.url,
    since,
    adopted: false,
    observed: seen,
  };
}

function lost(state: Invocation, project: string, problem: Problem): Invocation {
  const before = findTarget(state, project)?.state;
  if (before?.at !== 'following') return state;
  return withTarget(state, project, { at: 'lost', problem, url: before.url });
}

export function findTarget(state: Invocation, project: string): Target | undefined {
  return state.targets.find((target) => target.project === project);
}

/** The one word for a target. */
export function wordOf(target: Target): TargetWord {
  if (target.state.at !== 'following') return target.state.at;
  return target.state.observed?.outcome ?? 'running';
}

/** Whether its wave keeps it from starting (C6). */
export function isHeld({ state }: Target): boolean {
  return state.at === 'waiting' && state.waitsFor !== undefined;
}

/** Nothing more will happen to it by itself. `manual` counts: a person in GitLab has to go on. */
export function isSettled(target: Target): boolean {
  return !['waiting', 'starting', 'running'].includes(wordOf(target));
}

/** Ended without doing what was asked: these are what "Retry failed" starts again (A5). */
export function needsRetry(target: Target): boolean {
  return ['failed', 'canceled', 'skipped', 'not-started'].includes(wordOf(target));
}

export type InvocationPhase = 'checking' | 'refused' | 'running' | 'settled';

export function phaseOf(state: Invocation): InvocationPhase {
  if (state.preflight === 'pending') return 'checking';
  if (state.preflight === 'failed') return 'refused';
  return state.targets.every(isSettled) ? 'settled' : 'running';
}
