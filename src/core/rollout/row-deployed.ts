import { failed, type Row, type Said, unknown, waits } from './said.ts';
import { familyOf } from './shows-release.ts';
import { type Sight, secondsSince } from './sight.ts';

/** Row 3 of the verdict table: the release was not deployed, or nobody can tell. */

/** ECS is given so long to show the new deployment, in seconds (facts). */
const graceSeconds = 30;

/**
 * Row 3: nothing of the release was seen. What runs may be the one from before, or a new one of another build; neither
 * is ever taken for it.
 */
export const notDeployed: Row = (sight) => {
  const { identity } = sight;
  if (identity.stage !== 'missing') return null;
  if (isAwaited(sight)) return waits(3, 'ECS has not begun with the new deployment yet.');
  const runs = identity.primary ? familyOf(identity.primary.taskDefinition) : 'nothing';
  if (identity.primary === null || identity.shows === 'different')
    return failed(
      3,
      identity.isNew
        ? `Not deployed: another build was deployed instead, and the service runs ${runs}.`
        : `Not deployed: nothing changed since the apply, and the service still runs ${runs}.`,
      'The release engineer looks into the apply: which image and task definition it set, and for which service.',
    );
  if (identity.shows === 'same')
    return unknown(
      3,
      `There is no new deployment: the service ran ${runs} before, and that is the release already.`,
      'Nothing was deployed, so there is nothing to validate. The release engineer deploys again if it should have been.',
    );
  return cannotTell(`There is no new deployment, and nothing tells whether ${runs} is the release.`);
};

/** Row 3: something new runs, and neither its task definition nor its image says that it is the release. */
export const unproven: Row = (sight) => {
  const { identity, expected } = sight;
  if (identity.stage !== 'unproven') return null;
  // The digest is known once a task has pulled the image.
  const mayStillShow = expected.digest !== null && sight.running.length === 0 && !sight.isOver;
  if (mayStillShow || isAwaited(sight)) return waits(3, 'It is not certain yet which build was deployed.');
  return cannotTell('There is a new deployment, and nothing tells whether it is the release.');
};

function isAwaited({ memory, now, isOver }: Sight): boolean {
  return secondsSince(memory.unchangedSince, now) < graceSeconds && !isOver;
}

function cannotTell(reason: string): Said {
  return unknown(
    3,
    reason,
    'The service owner lets the image show the commit (image-tag in the catalogue), or the pipeline names the task definition or the digest.',
  );
}
