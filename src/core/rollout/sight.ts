import { definitionOf, type Looked, tasksOf } from './candidates.ts';
import { crashLoopEvent, unplaced } from './events.ts';
import { isHealthy, isRunning, isUnhealthy } from './health.ts';
import { type Identity, identify } from './identify.ts';
import type { LogJudgement } from './logs.ts';
import type { RolloutMemory } from './memory.ts';
import type { ObservedDefinition, ObservedService, ObservedTask, ServiceEvent } from './observation.ts';
import { allFailures } from './task-failures.ts';
import type { TaskFailure } from './verdict.ts';

/** What a look is judged by: what was seen, told apart by whose it is. */
export interface Sight extends Looked {
  logs: LogJudgement | null;
  now: Date;
  /** Nothing is awaited any longer (row 16). */
  isOver: boolean;
  service: ObservedService;
  identity: Identity;
  /** That of the deployment under test. */
  definition: ObservedDefinition | null;
  /** Its tasks, running and stopped. */
  own: ObservedTask[];
  /** Those of this look and the ones before. */
  failures: TaskFailure[];
  running: ObservedTask[];
  healthy: ObservedTask[];
  unhealthy: ObservedTask[];
  /** All wanted tasks run and are healthy. */
  isWell: boolean;
  unplaced: ServiceEvent | null;
  crashLoop: ServiceEvent | null;
  /** The memory with what this look adds. */
  memory: RolloutMemory;
}

/** One look at a service that is there. */
export interface Looking extends Looked {
  logs: LogJudgement | null;
  watchedSince: string;
  now: Date;
}

/** Tells what one look shows, and what is to be remembered of it. */
export function see(looking: Looking): Sight {
  const { observation, expected, rules, logs, now, watchedSince } = looking;
  const { service } = observation;
  const identity = identify(looking);
  const own = ownTasks(looking, identity);
  const arn = identity.deployment?.taskDefinition ?? own[0]?.taskDefinition ?? null;
  const definition = arn === null ? null : definitionOf(looking, arn);
  const before = rememberedOf(looking.memory, identity);
  const failures = allFailures(before.failures, own, definition);
  const running = own.filter(isRunning);
  const healthy = running.filter((task) => isHealthy(task, definition));
  const unhealthy = running.filter((task) => isUnhealthy(task, definition));
  const isWell = service.desired > 0 && healthy.length >= service.desired && unhealthy.length === 0;
  const since = identity.deployment?.createdAt ?? expected.appliedAt;
  const isThere = identity.id !== null;
  const seen = {
    identity,
    own,
    failures,
    isWell,
    unplaced: isThere ? unplaced(service, own, since) : null,
    crashLoop: isThere ? crashLoopEvent(service, since) : null,
  };
  const isOver = now.getTime() - Date.parse(watchedSince) >= rules.deadlineSeconds * 1_000;
  const memory = remembered(before, seen, beganAt(observation.at, now), now);
  const asked = { observation, service, expected, rules, logs, now, isOver };
  return { ...asked, ...seen, definition, running, healthy, unhealthy, memory };
}

function ownTasks(looked: Looked, { id, deployment }: Identity): ObservedTask[] {
  if (deployment) return tasksOf(looked.observation, deployment);
  return looked.observation.tasks.filter(({ startedBy }) => startedBy === id);
}

/** A look may take so long, and at most so much of it counts for the soak, in ms. */
const longestLookMs = 1_000;

/** When a look began: one look takes longer than the next, which must not make a soak of three looks one of four. */
function beganAt(observedAt: string, now: Date): string {
  return new Date(Math.max(Date.parse(observedAt), now.getTime() - longestLookMs)).toISOString();
}

/** What was remembered of another deployment says nothing about this one. */
function rememberedOf(memory: RolloutMemory, { id }: Identity): RolloutMemory {
  if (memory.deployment === id) return memory;
  return { ...memory, healthySince: null, everRan: false, failures: [] };
}

function remembered(
  before: RolloutMemory,
  seen: Pick<Sight, 'identity' | 'own' | 'failures' | 'isWell' | 'unplaced'>,
  began: string,
  now: Date,
): RolloutMemory {
  const { stage, id } = seen.identity;
  const at = now.toISOString();
  const isCertain = stage === 'primary' || stage === 'replaced';
  const hasFailedSince = seen.failures.length > before.failures.length;
  const healthySince = hasFailedSince ? began : (before.healthySince ?? began);
  return {
    deployment: isCertain ? id : null,
    unchangedSince: stage === 'missing' || stage === 'unproven' ? (before.unchangedSince ?? at) : null,
    unplacedSince: seen.unplaced ? (before.unplacedSince ?? at) : null,
    healthySince: seen.isWell ? healthySince : null,
    everRan:
      before.everRan ||
      seen.own.some(({ lastStatus, startedAt }) => lastStatus === 'RUNNING' || startedAt !== null),
    // Of a deployment that is not certain, nothing may be taken over to the one that will be.
    failures: isCertain ? seen.failures : [],
  };
}

/** Seconds since a moment of the memory; 0 where there is none. */
export function secondsSince(moment: string | null, now: Date): number {
  return moment === null ? 0 : (now.getTime() - Date.parse(moment)) / 1_000;
}
