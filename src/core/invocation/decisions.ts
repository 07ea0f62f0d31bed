import type { Action } from '../action.ts';
import { type Problem, problem } from '../problem.ts';
import type { InvocationEvent, Origin } from './events.ts';
import { type Invocation, isSettled, needsRetry, phaseOf } from './state.ts';

/** What a person may decide about an invocation, as pure functions from its state to events or a problem. */
export type Decided = { events: InvocationEvent[] } | { problem: Problem };

export interface Inputs {
  action: Action;
  /** A project's id or `all`. */
  project: string;
  confirm: boolean;
  origin: Origin;
}

/**
 * The events of a submit (A3, A6, A11). `targets` are the projects it resolves to, in catalogue order. A submit
 * that was already recorded decides nothing more: the same press delivered twice starts once.
 */
export function submit(state: Invocation | null, inputs: Inputs, targets: string[], now: Date): Decided {
  if (!inputs.confirm) return { problem: problem('confirm-missing') };
  if (state) return { events: [] };
  const { action, project } = inputs;
  const events: InvocationEvent[] = [
    { type: 'OrchestrationInputsSubmitted', data: { ...inputs } },
    { type: 'InvocationConfirmed', data: { confirmedAt: now.toISOString() } },
  ];
  if (project === 'all')
    events.push({ type: 'BulkFanOutExpanded', data: { action, targetProjects: targets } });
  return { events };
}

/** Starts again what failed, or the whole check when that refused it. What runs is left alone. */
export function retry(state: Invocation): Decided {
  const phase = phaseOf(state);
  if (phase === 'refused')
    return { events: [{ type: 'RetryRequested', data: { projects: state.projects } }] };
  const projects = retryable(state);
  if (projects.length === 0) return { problem: problem('nothing-to-retry') };
  return { events: [{ type: 'RetryRequested', data: { projects } }] };
}

/** The targets that "Retry failed" would start again. A pipeline that someone started in GitLab is theirs to repeat. */
export function retryable(state: Invocation): string[] {
  if (state.origin.kind !== 'slack') return [];
  return state.targets.filter(needsRetry).map((target) => target.project);
}

/** Keeps from starting what has not started yet; what runs goes on. */
export function stop(state: Invocation): Decided {
  if (!stoppable(state)) return { problem: problem('nothing-to-stop') };
  return { events: [{ type: 'StopRequested', data: {} }] };
}

export function stoppable(state: Invocation): boolean {
  if (state.stop) return false;
  if (phaseOf(state) === 'checking') return true;
  return state.targets.some((target) => target.state.at === 'waiting' && !isSettled(target));
}
