import type { Deployment } from '../ecs/entities.ts';
import { type Course, lastCompleted, named } from './course.ts';
import { startTasks } from './going-well.ts';
import { type Begun, scaleIn } from './tasks.ts';
import { type Tempo, usual } from './tempo.ts';

/** Who decided, in the words of ECS. */
export const causes = {
  breaker: {
    failed: 'ECS deployment circuit breaker: tasks failed to start.',
    event: 'deployment failed: tasks failed to start.',
    rolling: 'ECS deployment circuit breaker: rolling back to deploymentId',
    reason: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  },
  alarm: {
    failed: 'ECS deployment alarm: alarm detected.',
    event: 'deployment failed: alarm detected.',
    rolling: 'ECS deployment alarm: rolling back to deploymentId',
    reason: 'Service deployment rolled back because an alarm went off.',
  },
  person: {
    failed: 'ECS deployment stopped by user.',
    event: 'deployment failed: stopped by user.',
    rolling: 'ECS deployment stopped by user: rolling back to deploymentId',
    reason: 'Service deployment rolled back because of a StopServiceDeployment request.',
  },
} as const;

export type Cause = keyof typeof causes;

/** How a roll back goes. */
export interface RollBack {
  cause: Cause;
  /** Tasks of the failed deployment that have not stopped by then. */
  living?: readonly Pick<Begun, 'id'>[];
  /** The tasks from before were taken away: others have to be started. */
  oldAreGone?: boolean;
  /** Whether the roll back itself comes to an end. */
  ends?: 'well' | 'badly';
  tempo?: Tempo;
}

/** The deployment has failed at `after`. */
export function fail(course: Course, after: number, cause: Cause): void {
  const { deployment } = course.scene;
  course.deployment(after, {
    rolloutState: 'FAILED',
    rolloutStateReason: causes[cause].failed,
    desiredCount: 0,
  });
  course.event(after, `(deployment ${deployment.id}) ${causes[cause].event}`);
}

/**
 * ECS gives a deployment up and goes back to the one before: a new PRIMARY with its task definition, which takes over
 * its tasks where they still run. Gives when it is over.
 */
export function rollBack(course: Course, after: number, how: RollBack): number {
  const { cause, living = [], oldAreGone = false, ends = 'well', tempo = usual } = how;
  const { region, service, deployment, rollout, oldTasks, before } = course.scene;
  const good = lastCompleted(service) ?? service.deployments[0];
  fail(course, after, cause);
  if (!good) return after;
  const kept = [good.id, ...good.adopted];
  const others = oldTasks.filter(({ startedBy }) => !kept.includes(startedBy));
  const back: Deployment = {
    ...good,
    id: region.nextDeploymentId(),
    status: 'PRIMARY',
    adopted: oldAreGone ? [] : kept,
    desiredCount: course.desired,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `${causes[cause].rolling} ${good.id}.`,
    createdAt: course.at(after),
    updatedAt: course.at(after),
  };
  course.add(after, { kind: 'deployment-added', deployment: back });
  for (const { id } of before) course.add(after, { kind: 'deployment-gone', id });
  course.event(after, `rolling back to deployment ${good.id}.`);
  course.rollout(after, {
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: causes[cause].reason,
    rollback: { reason: causes[cause].reason, startedAt: course.at(after), revision: good.revision },
    ...triggered(course, cause),
  });

  const up = oldAreGone ? startTasks(course, after + 2000, tempo, { owner: back }).healthyAfter : after;
  const ending = [...living, ...others];
  if (ending.length > 0)
    course.event(
      after + 1000,
      `has stopped ${ending.length} running tasks: ${named(ending.map(({ id }) => id))}.`,
    );
  const gone = scaleIn(course, ending, Math.max(after + 1000, up), back.id, tempo);
  const over = Math.max(gone, after + 30_000) + tempo.scheduler;
  if (ends === 'badly') {
    course.rollout(over, { status: 'ROLLBACK_FAILED', finishedAt: course.at(over) });
    return over;
  }
  course.add(over, { kind: 'deployment-gone', id: deployment.id });
  course.add(over, {
    kind: 'deployment',
    id: back.id,
    set: { rolloutState: 'COMPLETED', rolloutStateReason: `ECS deployment ${back.id} completed.` },
  });
  course.add(over, {
    kind: 'rollout',
    id: rollout.id,
    set: { status: 'ROLLBACK_SUCCESSFUL', finishedAt: course.at(over) },
  });
  course.event(over, `(deployment ${back.id}) deployment completed.`);
  course.event(over, 'has reached a steady state.');
  return over;
}

function triggered({ scene }: Course, cause: Cause) {
  const { breaker, alarms } = scene.rollout;
  if (cause === 'breaker')
    return { breaker: { ...breaker, status: 'TRIGGERED' as const, failures: breaker.threshold } };
  if (cause === 'alarm' && alarms)
    return { alarms: { status: 'TRIGGERED' as const, triggered: scene.service.rules.alarms.slice(0, 1) } };
  return {};
}
