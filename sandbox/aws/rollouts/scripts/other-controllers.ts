import type { TaskSet } from '../../ecs/entities.ts';
import type { Course } from '../course.ts';
import { drainOld, startTasks } from '../going-well.ts';
import type { Script } from '../script.ts';
import { pendTask } from '../tasks.ts';
import { usual } from '../tempo.ts';

/** A new task set beside the one before; gives its id. */
function addTaskSet(course: Course): string {
  const { id, definition, digest, createdAt, updatedAt } = course.scene.deployment;
  const taskSet: TaskSet = {
    id,
    status: 'ACTIVE',
    definition,
    digest,
    desiredCount: course.desired,
    stability: 'STABILIZING',
    createdAt,
    updatedAt,
  };
  course.add(0, { kind: 'task-set-added', taskSet });
  return id;
}

/** The new task set is steady, becomes PRIMARY, and the one before is taken away. */
function replace(course: Course): void {
  const id = addTaskSet(course);
  const { healthyAfter } = startTasks(course, 2000, usual);
  course.add(healthyAfter, { kind: 'task-set', id, set: { stability: 'STEADY_STATE' } });
  const primary = healthyAfter + 15_000;
  for (const old of course.scene.before)
    course.add(primary, { kind: 'task-set', id: old.id, set: { status: 'ACTIVE' } });
  course.add(primary, { kind: 'task-set', id, set: { status: 'PRIMARY' } });
  const gone = drainOld(course, primary + 60_000, usual);
  for (const old of course.scene.before) course.add(gone, { kind: 'task-set-gone', id: old.id });
  course.event(gone, 'has reached a steady state.');
}

/** One task of the new task set never runs. */
function hang(course: Course): void {
  addTaskSet(course);
  startTasks(course, 2000, usual, { count: Math.max(0, course.desired - 1) });
  pendTask(course, 2000, 0, usual);
}

export const otherControllers: Script[] = [
  {
    id: 'code-deploy',
    group: 'other controllers',
    says: 'CodeDeploy brings a new task set, which becomes PRIMARY and steady',
    begins: 'task-set',
    controller: 'CODE_DEPLOY',
    play: replace,
  },
  {
    id: 'code-deploy-stuck',
    group: 'other controllers',
    says: 'The new task set of CodeDeploy never becomes steady',
    begins: 'task-set',
    controller: 'CODE_DEPLOY',
    play: hang,
  },
  {
    id: 'external',
    group: 'other controllers',
    says: 'An external controller brings a new task set, which becomes PRIMARY and steady',
    begins: 'task-set',
    controller: 'EXTERNAL',
    play: replace,
  },
];
