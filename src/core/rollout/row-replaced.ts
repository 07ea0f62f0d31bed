import { bringsBack } from './identify.ts';
import { failed, type Row, unknown } from './said.ts';
import type { Sight } from './sight.ts';
import { meaningOfFailure } from './task-failures.ts';

/** Rows 4 to 6 of the verdict table: the deployment under test was taken back, stopped or replaced. */

/** Row 4: it failed, or ECS brings the one before back. A finished rollback looks healthy and is none (facts). */
export const rolledBack: Row = (sight) => {
  const { identity, failures } = sight;
  const what = whatEnded(sight);
  if (what === null) return null;
  const [first] = failures;
  const about = first ? meaningOfFailure(first) : null;
  const status = identity.rollout?.status;
  const next =
    status === 'ROLLBACK_FAILED'
      ? 'The platform team looks at the service at once: what runs now is neither the release nor what was before.'
      : 'The service owner looks into the first stopped task and the alarms, corrects it and deploys again.';
  return failed(4, first ? `${what} ${first.cause}` : what, about?.remedy || next);
};

function whatEnded(sight: Sight): string | null {
  const { identity } = sight;
  const status = identity.rollout?.status ?? '';
  if (status === 'ROLLBACK_FAILED') return 'The deployment failed, and its rollback failed too.';
  const isBack = identity.stage === 'replaced' && bringsBack(identity.primary);
  if (status.startsWith('ROLLBACK_') || isBack || bringsBack(identity.deployment))
    return 'ECS rolled the deployment back.';
  if (identity.deployment?.rolloutState === 'FAILED') return 'ECS gave the deployment up.';
  return wentBack(sight) ? 'The service went back to what ran before the apply.' : null;
}

/**
 * ECS may not show any more why the service is back: what runs now was PRIMARY before the apply, or has the task
 * definition that ran then.
 */
function wentBack({ identity, expected }: Sight): boolean {
  const { stage, shows, primary, deployment } = identity;
  if (stage !== 'replaced' || shows === 'same' || !primary) return false;
  const before = expected.before?.taskDefinition ?? null;
  const isOfBefore = before !== null && primary.taskDefinition === before;
  return !identity.isNew || (isOfBefore && deployment?.taskDefinition !== before);
}

/** Row 5: somebody stopped it, or it failed without a rollback. */
export const stopped: Row = ({ identity }) => {
  const status = identity.rollout?.status;
  if (status !== 'STOPPED' && status !== 'STOP_REQUESTED') return null;
  return failed(
    5,
    'The deployment was stopped.',
    'The release engineer finds out who stopped it, and deploys again when it may go on.',
  );
};

/** Row 6: another deployment took its place, and this one cannot be judged any more. */
export const superseded: Row = ({ identity }) => {
  if (identity.stage !== 'replaced') return null;
  const by = identity.primary?.id;
  return unknown(
    6,
    by ? `The deployment was superseded by ${by}.` : 'The deployment is gone, and no other is PRIMARY.',
    'The release engineer validates the deployment that runs now, or deploys this one again.',
  );
};
