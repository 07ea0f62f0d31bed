import { failed, type Row, waits } from './said.ts';
import { type Sight, secondsSince } from './sight.ts';
import { failedToStart, meaningOfFailure } from './task-failures.ts';

/** Rows 7 to 9 of the verdict table: its tasks do not start, stop again, or find no place. */

/** Row 7: one is enough, for the next task would not start either. */
export const cannotStart: Row = ({ failures }) => {
  const first = failures.find(failedToStart);
  return first ? failed(7, first.cause, meaningOfFailure(first).remedy) : null;
};

/**
 * Row 8: a task may stop once for a reason of its own; the second stop is no chance. One is enough where it is the only
 * task, or a known failure line says why. A stop that is not understood counts too (F6).
 */
export const keepsStopping: Row = ({ failures, service, logs, crashLoop, isWell }) => {
  const [first] = failures;
  const look = 'The service owner looks into the last lines of the tasks, corrects it and deploys again.';
  if (first && logs?.failureLine)
    return failed(8, `${first.cause} ${logs.reason}`, logs.remedy || meaningOfFailure(first).remedy);
  if (first && failures.length > 1)
    return failed(8, `Tasks of the deployment keep stopping. ${first.cause}`, meaningOfFailure(first).remedy);
  if (first && service.desired <= 1)
    return failed(
      8,
      `The only task of the deployment stopped. ${first.cause}`,
      meaningOfFailure(first).remedy,
    );
  // ECS shows stopped tasks for an hour only, its event longer.
  return crashLoop && !isWell ? failed(8, 'Tasks of the deployment keep stopping.', look) : null;
};

/**
 * A failure line without a stop, or a success line that is missing in time (C3). It belongs to row 15, whose log check
 * it fails; it is told as soon as it is known, for no later row could make up for it.
 */
export const linesFail: Row = ({ logs }) =>
  logs?.outcome === 'fail' ? failed(15, logs.reason, logs.remedy) : null;

/** ECS may still find a place, for so long, in seconds (facts). */
const placeSeconds = 60;

/** Row 9: there is no room for a task, and none was started since. */
export const notPlaced: Row = (sight: Sight) => {
  if (!sight.unplaced) return null;
  if (secondsSince(sight.memory.unplacedSince, sight.now) >= placeSeconds)
    return failed(
      9,
      'ECS finds no place for the tasks of the deployment.',
      'The platform team makes room: more or larger machines, or less CPU and memory for the task.',
    );
  return sight.isOver ? null : waits(9, 'ECS has found no place for a task yet.');
};
