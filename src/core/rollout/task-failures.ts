import type { ObservedDefinition, ObservedTask } from './observation.ts';
import type { StopKind } from './stop-causes.ts';
import { meaningOf, type Stop, type StopMeaning } from './stopped-reason.ts';
import type { TaskFailure } from './verdict.ts';

/** Stopped tasks of the deployment under test, as failures that are remembered from look to look. */

/** The first of these is enough (row 7): the next task would not start either. */
const startKinds: readonly StopKind[] = ['image-pull', 'resource-init', 'cannot-start', 'exec-format'];

/** ECS knows why it stops a task before all of it has stopped. */
function hasStopped({ lastStatus, stopCode }: ObservedTask): boolean {
  return lastStatus === 'STOPPED' || stopCode !== null;
}

/** What a stopped task means; `definition` tells which of its containers are essential. */
function meaningOfTask(task: ObservedTask, definition: ObservedDefinition | null): StopMeaning {
  return meaningOf(stopOf(task, definition));
}

function stopOf(
  { stopCode, stoppedReason, containers }: ObservedTask,
  definition: ObservedDefinition | null,
): Stop {
  const isEssential = (name: string) =>
    definition?.containers.find((one) => one.name === name)?.essential ?? true;
  return {
    stopCode,
    stoppedReason,
    containers: containers.map(({ name, exitCode, reason }) => ({
      name,
      exitCode,
      reason,
      essential: isEssential(name),
    })),
  };
}

/** Null for a stop that says nothing about what was deployed (row 10). */
export function failureOf(task: ObservedTask, definition: ObservedDefinition | null): TaskFailure | null {
  const { kind, container, exitCode, cause } = meaningOfTask(task, definition);
  if (kind === 'benign') return null;
  const { id, stoppedAt, stopCode } = task;
  return { task: id, stoppedAt, stopCode, stoppedReason: saidOf(task), container, exitCode, cause };
}

/** The words of ECS, with those about a container behind them: the first alone often says nothing. */
function saidOf({ stoppedReason, containers }: ObservedTask): string {
  const said = stoppedReason ?? '';
  const details = containers.flatMap(({ name, reason }) =>
    reason && !said.includes(reason) ? [`${name}: ${reason}`] : [],
  );
  return [said, ...details].filter(Boolean).join('; ');
}

/** What a remembered failure means; its own words say it again, so the memory needs no second truth. */
export function meaningOfFailure({ stopCode, stoppedReason, container, exitCode }: TaskFailure): StopMeaning {
  const containers = container === null ? [] : [{ name: container, exitCode, reason: null, essential: true }];
  return meaningOf({ stopCode, stoppedReason, containers });
}

/** Whether the task never came to run what was deployed (row 7). */
export function failedToStart(failure: TaskFailure): boolean {
  return startKinds.includes(meaningOfFailure(failure).kind);
}

/**
 * Failures of the looks before and of this one, oldest first, each task once. What ECS shows now is taken for a task
 * that is known already: its exit code may have come since.
 */
export function allFailures(
  before: readonly TaskFailure[],
  own: readonly ObservedTask[],
  definition: ObservedDefinition | null,
): TaskFailure[] {
  const seen = own.filter(hasStopped).flatMap((task) => failureOf(task, definition) ?? []);
  const kept = before.map((failure) => seen.find(({ task }) => task === failure.task) ?? failure);
  const fresh = seen.filter(({ task }) => !before.some((failure) => failure.task === task));
  const when = ({ stoppedAt }: TaskFailure) => stoppedAt ?? '~';
  return [...kept, ...fresh.toSorted((a, b) => when(a).localeCompare(when(b)))];
}

/** Stops of the deployment's own tasks that do not count (row 10). */
export function benignStops(
  own: readonly ObservedTask[],
  definition: ObservedDefinition | null,
): ObservedTask[] {
  return own.filter((task) => hasStopped(task) && meaningOfTask(task, definition).kind === 'benign');
}
