import { newTask, type Task, type TaskDefinition } from '../ecs/task.ts';
import type { Course } from './course.ts';
import { type About, type Stop, stops } from './stops.ts';
import { startOf, type Tempo } from './tempo.ts';

/** A task of the course. Times are `after`s. */
export interface Begun {
  id: string;
  /** From 0, in the order of their start. */
  index: number;
  definition: TaskDefinition;
  createdAfter: number;
  runsAfter: number;
}

/** Whose tasks they are: the deployment under way unless told. */
export interface Owner {
  id: string;
  definition: TaskDefinition;
  digest: string;
}

/** Tasks do not start in the same moment. */
const stagger = 700;

/** A task that is asked for at `after` and runs when its tempo says; nothing is said of how it goes on. */
export function startTask(
  course: Course,
  after: number,
  index: number,
  tempo: Tempo,
  owner: Owner = course.scene.deployment,
): Begun {
  const { deployment } = course.scene;
  const createdAfter = after + index * stagger;
  const pulled = createdAfter + tempo.provision + tempo.pull;
  const runsAfter = createdAfter + startOf(tempo);
  const id = addTask(course, createdAfter, owner);
  const set = (when: number, what: Partial<Task>) => course.add(when, { kind: 'task', id, set: what });
  set(createdAfter + tempo.provision, { lastStatus: 'PENDING' });
  set(pulled, { lastStatus: 'ACTIVATING', pulledAt: course.at(pulled) });
  set(runsAfter, { lastStatus: 'RUNNING', startedAt: course.at(runsAfter) });
  if (owner === deployment) course.add(pulled, { kind: 'revision-resolved', id: deployment.revision });
  return { id, index, definition: owner.definition, createdAfter, runsAfter };
}

/** A task that stays PENDING for ever. */
export function pendTask(course: Course, after: number, index: number, tempo: Tempo): void {
  const id = addTask(course, after + index * stagger);
  course.add(after + tempo.provision, { kind: 'task', id, set: { lastStatus: 'PENDING' } });
}

/** A task that was only just asked for. */
function addTask(course: Course, after: number, owner: Owner = course.scene.deployment): string {
  const { region, service } = course.scene;
  const { id: startedBy, definition, digest } = owner;
  const of = { id: region.nextTaskId(), service: service.name, startedBy, definition, digest };
  const task = newTask({ ...of, createdAt: course.at(after) }, 'PROVISIONING');
  course.add(after, { kind: 'task-added', task });
  return task.id;
}

/** A task that stops before it runs. `phase`: whether its images were there before. */
export function failToStart(
  course: Course,
  after: number,
  index: number,
  stop: Stop,
  { failsAfter, phase, tempo }: { failsAfter: number; phase: 'pull' | 'start'; tempo: Tempo },
): { id: string; failedAfter: number } {
  const createdAfter = after + index * stagger;
  const failedAfter = createdAfter + failsAfter;
  const id = addTask(course, createdAfter);
  const set = (when: number, what: Partial<Task>) => course.add(when, { kind: 'task', id, set: what });
  set(createdAfter + Math.min(tempo.provision, failsAfter / 2), { lastStatus: 'PENDING' });
  if (phase === 'start') set(failedAfter - 1000, { pulledAt: course.at(failedAfter - 1000) });
  end(course, id, failedAfter, stop, tempo);
  return { id, failedAfter };
}

/** The container ends by itself, or is killed, at `after`. */
export function exit(
  course: Course,
  { id }: Pick<Begun, 'id'>,
  after: number,
  stop: Stop,
  tempo: Tempo,
): void {
  end(course, id, after, stop, tempo);
}

/** The scheduler takes a task away: it is drained where it stands behind a load balancer. Gives when it is gone. */
export function takeAway(
  course: Course,
  { id }: Pick<Begun, 'id'>,
  after: number,
  stop: Stop,
  tempo: Tempo,
): number {
  const { service } = course.scene;
  const drained = after + (service.targetGroup === null ? 0 : tempo.drain);
  course.add(after, {
    kind: 'task',
    id,
    set: {
      lastStatus: 'DEACTIVATING',
      desiredStatus: 'STOPPED',
      stoppingAt: course.at(after),
      stopCode: stop.code,
      stoppedReason: stop.reason,
    },
  });
  course.add(drained, { kind: 'task', id, set: { lastStatus: 'STOPPING' } });
  return end(course, id, drained + tempo.stop, stop, tempo, after);
}

function end(
  course: Course,
  id: string,
  after: number,
  stop: Stop,
  tempo: Tempo,
  stoppingAfter: number = after,
): number {
  const gone = after + tempo.deprovision;
  course.add(after, {
    kind: 'task',
    id,
    set: {
      lastStatus: 'DEPROVISIONING',
      desiredStatus: 'STOPPED',
      stoppingAt: course.at(stoppingAfter),
      stopCode: stop.code,
      stoppedReason: stop.reason,
      exitCode: stop.exitCode,
      containerReason: stop.containerReason,
    },
  });
  course.add(gone, { kind: 'task', id, set: { lastStatus: 'STOPPED', stoppedAt: course.at(gone) } });
  return gone;
}

/** What stops of this course may name. */
export function aboutOf({ scene }: Course): About {
  const { region, service, deployment } = scene;
  return {
    image: deployment.definition.image,
    service: service.name,
    region: region.name,
    accountId: region.accountId,
    targetGroup: service.targetGroup ?? '',
    deployment: deployment.id,
  };
}

/** Tasks stopped by the scheduler on behalf of a deployment; gives when the last is gone. */
export function scaleIn(
  course: Course,
  tasks: readonly Pick<Begun, 'id'>[],
  after: number,
  deployment: string,
  tempo: Tempo,
): number {
  const stop = stops.scaling({ deployment });
  return Math.max(after, ...tasks.map((task) => takeAway(course, task, after, stop, tempo)));
}
