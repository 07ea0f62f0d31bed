import type { Observation } from './observation.ts';
import { failed, passed, type Row, type Said, unknown, waits, withLogs } from './said.ts';

/** Rows 1 and 2 of the verdict table: whether there is a service to look at, and who moves it. */

type Nothing = Extract<Observation, { kind: 'nothing' }>;

/** Row 1: there is nothing to look at. */
export function notThere({ why }: Nothing): Said {
  const platform = 'The platform team';
  if (why === 'denied')
    return unknown(
      1,
      'AWS does not let the bot look at the service.',
      `${platform} gives the bot's role the read rights of examples/iam; then re-check.`,
    );
  const what = why === 'no-cluster' ? 'cluster' : 'service';
  return unknown(
    1,
    `There is no such ${what} in ECS.`,
    `The release engineer corrects the ${what} in the catalogue, or finds out who removed it; then re-check.`,
  );
}

/** Row 1: the service is being removed, or was. */
export const removed: Row = ({ service: { status } }) => {
  if (status === 'ACTIVE') return null;
  const remedy = 'The service owner finds out who removed the service, and creates it again.';
  if (status === 'INACTIVE') return failed(1, 'The service was removed (INACTIVE).', remedy);
  if (status === 'DRAINING') return failed(1, 'The service is being removed (DRAINING).', remedy);
  return unknown(1, 'ECS does not say whether the service is active.', 'The release engineer re-checks it.');
};

/** Row 2: task sets move the service; what ECS shows of its deployments says nothing about them. */
export const movedByOthers: Row = (sight) => {
  const { service, identity, failures, isOver, rules } = sight;
  if (service.controller === 'ECS') return null;
  const who = service.controller === 'CODE_DEPLOY' ? 'CodeDeploy' : 'its own controller';
  const remedy = `The release engineer looks at the deployment in ${who}, then re-checks.`;
  if (service.desired === 0)
    return rules.emptyPasses && identity.stage === 'primary' && failures.length === 0
      ? withLogs(sight, passed(2, true, 'The new task set is PRIMARY, and no task is wanted.'))
      : unknown(2, 'There is nothing to run: the service wants no task.', remedy);
  const set = service.taskSets.find(({ id }) => id === identity.deployment?.id);
  const isSteady = set?.status === 'PRIMARY' && set.stability === 'STEADY_STATE';
  if (identity.stage === 'primary' && isSteady && failures.length === 0)
    return withLogs(sight, passed(2, true, 'The new task set is PRIMARY and steady.'));
  if (!isOver) return waits(2, `The new task set is not PRIMARY and steady yet; ${who} moves it.`);
  return unknown(2, `The new task set did not become PRIMARY and steady in time; ${who} moves it.`, remedy);
};
