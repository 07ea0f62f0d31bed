import { succeeded } from '../ecs/deployments.ts';
import { type Course, named } from './course.ts';
import { migrate, type Said, startLines, write } from './lines.ts';
import { type Begun, type Owner, scaleIn, startTask } from './tasks.ts';
import type { Tempo } from './tempo.ts';

/** Tasks that run, and when they count as healthy. */
export interface Up {
  tasks: Begun[];
  /** The last one runs. */
  runsAfter: number;
  /** The last one has passed its checks, of the load balancer and of its container. */
  healthyAfter: number;
}

/** Starts tasks that run and write what they should. */
export function startTasks(
  course: Course,
  after: number,
  tempo: Tempo,
  {
    count = course.desired,
    owner,
    lines = startLines,
  }: { count?: number; owner?: Owner; lines?: readonly Said[] } = {},
): Up {
  const tasks = Array.from({ length: count }, (_, i) => startTask(course, after, i, tempo, owner));
  if (tasks.length > 0)
    course.event(after, `has started ${count} tasks: ${named(tasks.map(({ id }) => id))}.`);
  for (const task of tasks) {
    migrate(course, task);
    write(course, task, lines);
    if (task.definition.hasHealthCheck)
      course.add(task.runsAfter + tempo.containerHealthy, {
        kind: 'task',
        id: task.id,
        set: { health: 'HEALTHY' },
      });
  }
  const runsAfter = Math.max(after, ...tasks.map((task) => task.runsAfter));
  const { targetGroup } = course.scene.service;
  if (targetGroup !== null && count > 0)
    course.event(runsAfter + 1000, `registered ${count} targets in (target-group ${targetGroup})`);
  const waits = [
    targetGroup === null ? 0 : tempo.targetHealthy,
    tasks[0]?.definition.hasHealthCheck ? tempo.containerHealthy : 0,
  ];
  return { tasks, runsAfter, healthyAfter: runsAfter + Math.max(...waits) };
}

/** Takes the tasks from before away; gives when the last is gone. */
export function drainOld(course: Course, after: number, tempo: Tempo): number {
  const { before, oldTasks, deployment, service } = course.scene;
  for (const { id } of before) {
    course.add(after, { kind: 'deployment', id, set: { desiredCount: 0 } });
    course.add(after, { kind: 'task-set', id, set: { desiredCount: 0, status: 'DRAINING' } });
  }
  if (oldTasks.length === 0) return after;
  if (service.targetGroup !== null) {
    course.event(after, `deregistered ${oldTasks.length} targets in (target-group ${service.targetGroup})`);
    course.event(after, `has begun draining connections on ${oldTasks.length} tasks.`);
  }
  course.event(
    after + 500,
    `has stopped ${oldTasks.length} running tasks: ${named(oldTasks.map(({ id }) => id))}.`,
  );
  return scaleIn(course, oldTasks, after, deployment.id, tempo);
}

/** The deployment has ended well: it is the only one. */
export function complete(course: Course, after: number): void {
  const { before, deployment, rollout } = course.scene;
  for (const { id } of before) course.add(after, { kind: 'deployment-gone', id });
  course.deployment(after, {
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${deployment.id} completed.`,
    failedTasks: 0,
  });
  course.rollout(after, succeeded(rollout, course.at(after)));
  course.event(after, `(deployment ${deployment.id}) deployment completed.`);
  course.event(after, 'has reached a steady state.');
}

/** All of it: starts, waits until the new tasks count, drains the old ones, completes. Gives when it is over. */
export function rollWell(course: Course, tempo: Tempo, after = tempo.scheduler / 4): number {
  const { healthyAfter } = startTasks(course, after, tempo);
  const drained = drainOld(course, healthyAfter + tempo.scheduler, tempo);
  const over = drained + tempo.scheduler;
  complete(course, over);
  return over;
}
