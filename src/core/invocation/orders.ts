import type { Change, WorkOrder } from '../ports.ts';
import type { InvocationEvent } from './events.ts';
import { foldInvocation, type Invocation, isHeld, isSettled, type Target, wordOf } from './state.ts';

/** Keys of the work and the messages of an invocation, and back. */
export const keys = {
  target: (id: string, project: string) => `${id}/${project}`,
  parentMessage: (id: string) => `invocation/${id}/parent`,
  targetMessage: (id: string, project: string) => `invocation/${id}/target/${project}`,
  readTarget(key: string): { id: string; project: string } {
    const at = key.indexOf('/');
    return { id: key.slice(0, at), project: key.slice(at + 1) };
  },
  readMessage(key: string): { id: string; project: string | null } {
    const [, id = '', , project = null] = key.split('/');
    return { id, project };
  },
};

/**
 * A change of an invocation with all that follows from it, found by comparing before and after: what to check,
 * trigger, follow and tell, and which projects it holds. `mustHold` refuses the change when another
 * invocation works on one of the projects.
 */
export function changeOf(
  id: string,
  before: Invocation | null,
  events: InvocationEvent[],
  by: { actor: string; at: Date; mustHold?: boolean },
): Change<InvocationEvent> {
  const after = events.reduce<Invocation | null>(
    (state, event) =>
      foldInvocation(id, state, { ...event, seq: 0, at: by.at.toISOString(), actor: by.actor }),
    before,
  );
  if (!after) return { events, actor: by.actor };
  const heldBefore = held(before);
  const heldAfter = held(after);
  const gained = [...heldAfter].filter((project) => !heldBefore.has(project));
  return {
    events,
    actor: by.actor,
    work: ordersOf(id, before, after),
    [by.mustHold ? 'claim' : 'claimIfFree']: gained,
    release: [...heldBefore].filter((project) => !heldAfter.has(project)),
  };
}

/** The projects that nobody else may work on meanwhile. */
function held(state: Invocation | null): Set<string> {
  if (!state || state.preflight === 'failed') return new Set();
  if (state.preflight === 'pending') return new Set(state.projects);
  return new Set(state.targets.filter((target) => !isSettled(target)).map((target) => target.project));
}

/** A message says what is true when it is written, so one that waits for its turn need not be hurried. */
function message(key: string): WorkOrder {
  return { kind: 'message', key, patient: true };
}

function ordersOf(id: string, before: Invocation | null, after: Invocation): WorkOrder[] {
  const orders: WorkOrder[] = [message(keys.parentMessage(id))];
  if (after.preflight === 'pending' && before?.preflight !== 'pending')
    orders.push({ kind: 'preflight', key: id });
  const stops = after.stop !== null && before?.stop === null;
  const known = new Map(before?.targets.map((target) => [target.project, target]));
  const oneMoved = after.targets.some((target) => hasMoved(known.get(target.project), target));
  for (const target of after.targets) {
    const was = known.get(target.project);
    if (was !== target) orders.push(...ordersOfTarget(id, was, target));
    // One that was asked for without a clear answer must learn of the stop, so that it does not ask again.
    else if (stops && target.state.at === 'starting')
      orders.push({ kind: 'trigger', key: keys.target(id, target.project) });
    // Its wave may let it go now, or have something else to say.
    else if (oneMoved && isHeld(target))
      orders.push({ kind: 'trigger', key: keys.target(id, target.project) });
  }
  return orders;
}

/** It has ended, ended otherwise, or goes on after it had ended. */
function hasMoved(was: Target | undefined, now: Target): boolean {
  if (!was || was === now || wordOf(was) === wordOf(now)) return false;
  return isSettled(was) || isSettled(now);
}

function ordersOfTarget(id: string, was: Target | undefined, now: Target): WorkOrder[] {
  const key = keys.target(id, now.project);
  const orders: WorkOrder[] = [];
  // What it is told to wait for comes from the trigger itself, which looks again by its own time.
  if (now.state.at === 'waiting' && was?.state.at !== 'waiting') orders.push({ kind: 'trigger', key });
  if (now.state.at === 'following' && pipelineOf(was) !== now.state.pipelineId)
    orders.push({ kind: 'follow', key });
  if (hasReply(now)) orders.push(message(keys.targetMessage(id, now.project)));
  return orders;
}

function pipelineOf(target: Target | undefined): number | null {
  return target?.state.at === 'following' ? target.state.pipelineId : null;
}

/** A target gets its thread reply once there is something to say, and keeps it from then on. */
export function hasReply(target: Target): boolean {
  if (target.wasHeld) return true;
  return target.attempt > 1 || (target.state.at !== 'waiting' && target.state.at !== 'starting');
}
