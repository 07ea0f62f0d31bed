import { newDeployment, register } from '../../ecs/deployments.ts';
import type { Course } from '../course.ts';
import { failAll } from '../failing.ts';
import { drainOld, startTasks } from '../going-well.ts';
import { crashLines } from '../lines.ts';
import { causes, rollBack } from '../rolling-back.ts';
import type { Script } from '../script.ts';
import { stops } from '../stops.ts';
import { type Begun, scaleIn } from '../tasks.ts';
import { fast, usual } from '../tempo.ts';

const alarms = ['manage-5xx-rate'];

/** Another deployment of another image takes over at `after`, and goes well. */
function supersede(course: Course, after: number, tasks: readonly Begun[]): void {
  const { region, service, deployment, before } = course.scene;
  const at = course.at(after);
  const image = `${deployment.definition.image}-hotfix`;
  const definition = register(region, deployment.definition, { image }, at);
  const next = newDeployment(region, service, definition, deployment.digest, at);
  next.rollout.source = deployment.revision;
  const revision = { ...next.deployment, id: next.deployment.revision, isResolved: false };
  const { id, digest, createdAt, isResolved } = revision;
  course.add(after, {
    kind: 'rollout-added',
    rollout: next.rollout,
    revision: { id, definition, digest, createdAt, isResolved },
  });
  course.add(after, { kind: 'deployment-added', deployment: next.deployment });
  course.deployment(after, { desiredCount: 0 });
  const up = startTasks(course, after + 2000, fast, { owner: next.deployment });
  course.add(up.runsAfter, { kind: 'revision-resolved', id });
  const turn = up.healthyAfter + fast.scheduler;
  scaleIn(course, tasks, turn, next.deployment.id, fast);
  const over = drainOld(course, turn, fast) + fast.scheduler;
  for (const old of [...before, deployment]) course.add(over, { kind: 'deployment-gone', id: old.id });
  course.add(over, {
    kind: 'deployment',
    id: next.deployment.id,
    set: {
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${next.deployment.id} completed.`,
    },
  });
  course.add(over, {
    kind: 'rollout',
    id: next.rollout.id,
    set: { status: 'SUCCESSFUL', finishedAt: course.at(over) },
  });
  course.event(over, `(deployment ${next.deployment.id}) deployment completed.`);
  course.event(over, 'has reached a steady state.');
}

export const takenBack: Script[] = [
  {
    id: 'rolled-back',
    group: 'is taken back or stopped',
    says: 'The circuit breaker has rolled back before anybody looked: two tasks run, the service is stable',
    overIn: 100_000,
    play: (course) =>
      failAll(course, { phase: 'run', failsAfter: 4000, lines: crashLines, stop: stops.crash() }),
  },
  {
    id: 'rollback-by-alarm',
    group: 'is taken back or stopped',
    says: 'The new tasks run, then an alarm goes off and ECS rolls back',
    rules: { alarms },
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, usual);
      rollBack(course, runsAfter + 60_000, { cause: 'alarm', living: tasks });
    },
  },
  {
    id: 'rolls-back-later',
    group: 'is taken back or stopped',
    says: 'Runs healthy for 7 minutes without completing, then an alarm goes off and ECS rolls back',
    rules: { alarms },
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, fast);
      rollBack(course, runsAfter + 420_000, { cause: 'alarm', living: tasks });
    },
  },
  {
    id: 'rollback-by-person',
    group: 'is taken back or stopped',
    says: 'Somebody asks ECS to roll back while the tasks start',
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, usual);
      course.rollout(runsAfter + 10_000, {
        status: 'ROLLBACK_REQUESTED',
        statusReason: causes.person.reason,
      });
      rollBack(course, runsAfter + 25_000, { cause: 'person', living: tasks });
    },
  },
  {
    id: 'rollback-fails',
    group: 'is taken back or stopped',
    says: 'An alarm goes off, and the roll back itself fails',
    rules: { alarms },
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, usual);
      rollBack(course, runsAfter + 60_000, { cause: 'alarm', living: tasks, ends: 'badly' });
    },
  },
  {
    id: 'stopped',
    group: 'is taken back or stopped',
    says: 'Somebody stops the deployment while the tasks start',
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, usual);
      const statusReason = 'Service deployment stopped by user request.';
      course.rollout(runsAfter + 10_000, { status: 'STOP_REQUESTED', statusReason });
      const over = scaleIn(course, tasks, runsAfter + 12_000, course.scene.deployment.id, usual);
      course.deployment(over, { desiredCount: 0 });
      course.rollout(over, {
        status: 'STOPPED',
        statusReason,
        stoppedAt: course.at(over),
        finishedAt: course.at(over),
      });
    },
  },
  {
    id: 'superseded',
    group: 'is taken back or stopped',
    says: 'Another deployment takes over after 40 seconds, and goes well',
    play: (course) => {
      const { tasks } = startTasks(course, 2000, usual);
      supersede(course, 40_000, tasks);
    },
  },
  {
    id: 'inactive',
    group: 'is taken back or stopped',
    says: 'The service is deleted while it rolls',
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, fast);
      const { id } = course.scene.deployment;
      course.add(runsAfter, { kind: 'service', set: { status: 'DRAINING', desiredCount: 0 } });
      const gone = drainOld(course, scaleIn(course, tasks, runsAfter, id, fast), fast);
      course.add(gone, { kind: 'service', set: { status: 'INACTIVE', deployments: [] } });
    },
  },
  {
    id: 'draining',
    group: 'is taken back or stopped',
    says: 'The service is being deleted, and its tasks are slow to end',
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, fast);
      course.add(runsAfter, { kind: 'service', set: { status: 'DRAINING', desiredCount: 0 } });
      scaleIn(course, tasks, runsAfter + 600_000, course.scene.deployment.id, usual);
    },
  },
];
