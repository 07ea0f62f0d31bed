import { completionEvent } from './events.ts';
import { failed, passed, type Row, type Said, unknown, waits, withLogs } from './said.ts';
import { type Sight, secondsSince } from './sight.ts';

/** Rows 11 to 16 of the verdict table: how far the deployment came. */

/** Row 11: no task is wanted. Of a DAEMON that follows from the machines, which row 12 tells better. */
export const nothingToRun: Row = (sight) => {
  const { service, rules, failures } = sight;
  if (service.desired !== 0 || isWithoutMachines(sight)) return null;
  if (rules.emptyPasses && failures.length === 0 && sight.identity.stage === 'primary')
    return withLogs(sight, passed(11, true, 'No task is wanted, which the catalogue takes for good.'));
  return unknown(
    11,
    'There is nothing to run: the service wants no task.',
    'The service owner says whether that is meant. Then the catalogue may let it pass (empty-passes: true).',
  );
};

/** Row 12: a DAEMON runs one task a machine. */
export const noMachines: Row = (sight) => {
  if (!isWithoutMachines(sight)) return null;
  return unknown(
    12,
    'The cluster has no machines for a DAEMON service to run on.',
    'The platform team adds machines to the cluster; then re-check.',
  );
};

function isWithoutMachines({ service, observation: { instances } }: Sight): boolean {
  if (service.scheduling !== 'DAEMON') return false;
  return instances === 0 || (instances === null && service.desired === 0);
}

/**
 * Row 13: traffic is shifted step by step, watched for a while, or somebody has to let it go on. All tasks may run by
 * then and serve nothing, so that is no pass yet.
 */
export const shifting: Row = (sight) => {
  const { identity, service, isOver } = sight;
  const { rollout } = identity;
  const stage = stageOf(sight);
  if (stage === null) return null;
  const hooks = rollout?.awaiting ?? [];
  if (!isOver)
    return waits(
      13,
      hooks.length > 0
        ? 'The deployment waits for somebody to let it go on.'
        : `The deployment is under way: ${stage}.`,
    );
  return unknown(
    13,
    `The deployment did not end in time: ${stage}.`,
    hooks.length > 0
      ? 'The service owner lets the deployment go on or rolls it back, then re-checks.'
      : `The service owner looks how far the ${service.strategy} deployment is, then re-checks.`,
  );
};

/** In plain words; null where nothing is shifted or awaited. */
function stageOf({ identity: { rollout, deployment }, service }: Sight): string | null {
  const isOpen = rollout
    ? rollout.status === 'PENDING' || rollout.status === 'IN_PROGRESS'
    : deployment?.rolloutState === 'IN_PROGRESS';
  if (!isOpen) return null;
  const stage = rollout?.stage ?? null;
  if (rollout && rollout.awaiting.length > 0) return `${stage ?? 'a hook'} is AWAITING_ACTION`;
  if (service.strategy !== 'ROLLING') return stage ?? `${service.strategy} at a stage that is not shown`;
  return stage === 'BAKE_TIME' ? stage : null;
}

/**
 * Row 14: ECS itself says that this deployment completed. After a stop, that counts only once the tasks have run for
 * a while: ECS counts a task that starts as one that runs.
 */
export const completed: Row = (sight) => {
  const { identity, service, running, unhealthy, failures } = sight;
  const { deployment, stage } = identity;
  if (stage !== 'primary' || !deployment || !hasCompleted(sight)) return null;
  const { desired } = service;
  if (desired === 0 || deployment.running !== desired || running.length < desired) return null;
  if (unhealthy.length > 0 || (failures.length > 0 && !hasSoaked(sight))) return null;
  return withLogs(sight, passed(14, true, 'ECS completed the deployment, and all its tasks run.'));
};

function hasCompleted({ identity: { rollout, deployment }, service }: Sight): boolean {
  if (rollout) return rollout.status === 'SUCCESSFUL';
  if (!deployment) return false;
  if (deployment.rolloutState !== null) return deployment.rolloutState === 'COMPLETED';
  return completionEvent(service, deployment.id) !== null;
}

/** Row 15: nothing speaks against it, and ECS has not completed it yet. */
export const healthy: Row = (sight) => {
  const { identity, failures, isWell } = sight;
  if (identity.stage !== 'primary' || !isWell || failures.length > 0 || sight.unplaced) return null;
  if (!hasSoaked(sight)) return null;
  return withLogs(
    sight,
    passed(15, false, 'All tasks of the deployment run and are healthy; ECS has not completed it yet.'),
  );
};

function hasSoaked({ isWell, memory, now, rules }: Sight): boolean {
  return isWell && secondsSince(memory.healthySince, now) >= rules.soakSeconds;
}

/** Row 16: what is left is awaited until the deadline. */
export function awaited(sight: Sight): Said {
  const { isWell, isOver, memory, unhealthy } = sight;
  if (!isOver) {
    if (isWell)
      return waits(16, 'All tasks of the deployment run and are healthy; they are watched for a while.');
    return waits(16, 'The tasks of the deployment do not all run healthily yet.');
  }
  const look = 'The service owner looks at the tasks and events of the service in ECS, then re-checks.';
  if (!memory.everRan) return failed(16, 'No task of the deployment ran in time.', look);
  if (unhealthy.length > 0)
    return failed(16, 'Tasks of the deployment were still unhealthy at the end of the time.', look);
  return unknown(
    16,
    isWell
      ? 'Still rolling: the tasks are healthy, and the deployment did not end in time.'
      : 'Still rolling: not all tasks of the deployment ran healthily in time.',
    look,
  );
}
