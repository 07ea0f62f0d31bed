import { type Course, named } from './course.ts';
import { migrate, type Said, write } from './lines.ts';
import { fail, rollBack } from './rolling-back.ts';
import type { Stop } from './stops.ts';
import { exit, failToStart, startTask, takeAway } from './tasks.ts';
import { type Tempo, usual } from './tempo.ts';

/** How every task of a deployment fails. */
export interface Failing {
  stop: Stop;
  /**
   * `pull`: before its images are there; `start`: before it runs; `run`: it ends by itself; `unhealthy`: the scheduler
   * takes it away.
   */
  phase: 'pull' | 'start' | 'run' | 'unhealthy';
  /** From its creation for `pull` and `start`, else from its start. */
  failsAfter: number;
  lines?: readonly Said[];
  /** What ECS tells of one task that fails, after the service's name. */
  event?: (task: string) => string;
  /** The circuit breaker never counts far enough (facts: with an image that cannot be pulled it may not). */
  neverTrips?: boolean;
  tempo?: Tempo;
}

/** A deployment that nobody ends goes on for so long, then nothing more is simulated. */
const horizon = 4 * 3_600_000;
const longestPause = 1_620_000;
/** After so many failures ECS says that it cannot start tasks, and waits longer and longer. */
const impaired = 3;

/** All tasks fail, round after round with growing pauses, until the circuit breaker trips or nobody looks any more. */
export function failAll(course: Course, how: Failing): void {
  const { rules } = course.scene.service;
  const { threshold } = course.scene.rollout.breaker;
  const mayTrip = rules.breaker.enable && !how.neverTrips;
  let failures = 0;
  let begin = 2000;
  for (let round = 0; begin < horizon; round += 1) {
    const failed = oneRound(course, begin, how);
    for (const { failedAfter } of failed) {
      failures += 1;
      course.deployment(failedAfter, { failedTasks: failures });
      count(course, failedAfter, how.neverTrips ? Math.min(failures, threshold - 1) : failures);
      if (failures === impaired)
        course.event(
          failedAfter + 500,
          'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
        );
      if (mayTrip && failures === threshold) {
        trip(course, failedAfter + 1500, how);
        return;
      }
    }
    const last = failed.at(-1)?.failedAfter ?? begin;
    begin = last + Math.min(longestPause, 10_000 * 2 ** round);
  }
}

/** One task for each that is wanted; in the order in which they fail. */
function oneRound(course: Course, begin: number, how: Failing): { id: string; failedAfter: number }[] {
  const { stop, phase, failsAfter, tempo = usual } = how;
  const indexes = Array.from({ length: course.desired }, (_, i) => i);
  const tasks = indexes.map((index) => {
    if (phase === 'pull' || phase === 'start')
      return failToStart(course, begin, index, stop, { failsAfter, phase, tempo });
    const task = startTask(course, begin, index, tempo);
    const failedAfter = task.runsAfter + failsAfter;
    // The count of failed tasks begins again when one runs: it is no verdict (facts).
    course.deployment(task.runsAfter, { failedTasks: 0 });
    migrate(course, task);
    write(course, task, how.lines ?? [], failedAfter);
    if (phase === 'run') exit(course, task, failedAfter, stop, tempo);
    else {
      if (task.definition.hasHealthCheck)
        course.add(failedAfter - 1000, { kind: 'task', id: task.id, set: { health: 'UNHEALTHY' } });
      takeAway(course, task, failedAfter, stop, tempo);
    }
    return { id: task.id, failedAfter };
  });
  if (tasks.length > 0)
    course.event(begin, `has started ${tasks.length} tasks: ${named(tasks.map(({ id }) => id))}.`);
  for (const { id, failedAfter } of tasks) if (how.event) course.event(failedAfter, how.event(id));
  return tasks;
}

function count(course: Course, after: number, failures: number): void {
  const { breaker } = course.scene.rollout;
  if (breaker.status === 'DISABLED') return;
  course.rollout(after, { breaker: { ...breaker, failures: Math.min(failures, breaker.threshold) } });
}

function trip(course: Course, after: number, { tempo }: Failing): void {
  const { rules } = course.scene.service;
  if (rules.breaker.rollback) {
    rollBack(course, after, { cause: 'breaker', ...(tempo ? { tempo } : {}) });
    return;
  }
  fail(course, after, 'breaker');
  const { breaker } = course.scene.rollout;
  course.rollout(after, {
    status: 'STOPPED',
    statusReason: 'Service deployment stopped because the circuit breaker threshold was exceeded.',
    breaker: { ...breaker, status: 'TRIGGERED', failures: breaker.threshold },
    stoppedAt: course.at(after),
    finishedAt: course.at(after),
  });
}
