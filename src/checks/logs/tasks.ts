import type { ObservedContainer, ObservedTask } from '../../core/rollout/observation.ts';

/** Tasks of one deployment as the rules for lines see them. */

/** Those that run and are to go on running: the ones that must show that they are well. */
export function runningTasks(tasks: readonly ObservedTask[]): ObservedTask[] {
  return tasks.filter(
    ({ lastStatus, desiredStatus, startedAt }) =>
      lastStatus === 'RUNNING' && desiredStatus === 'RUNNING' && startedAt !== null,
  );
}

/** When the last of them started, in ms since 1970; null when there is none. */
export function lastStart(running: readonly ObservedTask[]): number | null {
  const starts = running.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]));
  return starts.length === 0 ? null : Math.max(...starts);
}

/** A task as people read it. */
export function shortTask(id: string): string {
  return id.length > 12 ? id.slice(0, 8) : id;
}

/** A container of a task, with the task. */
export interface TaskContainer {
  task: ObservedTask;
  container: ObservedContainer;
}

/**
 * The containers by which a migration is judged: those of the tasks that run, or are about to; where all of them have
 * stopped, as a task of its own does, those of the stopped ones.
 */
export function migrationContainers(tasks: readonly ObservedTask[], name: string): TaskContainer[] {
  const all = tasks.flatMap((task) =>
    task.containers.filter((one) => one.name === name).map((container) => ({ task, container })),
  );
  const open = all.filter(({ task }) => task.stoppedAt === null && task.desiredStatus !== 'STOPPED');
  return open.length > 0 ? open : all;
}

/** Whether all of them ended, and well. */
export function endedWell(containers: readonly TaskContainer[]): boolean {
  return containers.length > 0 && containers.every(({ container }) => container.exitCode === 0);
}
