import type { Handler, WorkDesk, WorkKind } from '../core/ports.ts';
import { checkRollout } from './check-rollout.ts';
import { checkTargets } from './check-targets.ts';
import { writeCommitStatus } from './commit-status.ts';
import { discover, recognise } from './discover.ts';
import { followPipeline } from './follow-pipeline.ts';
import { identifyCandidate } from './identify-candidate.ts';
import type { InvocationDeps } from './invocation-deps.ts';
import { keepRecord, type RecordDeps } from './keep-record.ts';
import { lapseRolloutWaiver } from './lapse-rollout-waiver.ts';
import { lapseWaiver } from './lapse-waiver.ts';
import type { RolloutDeps } from './promotion-deps.ts';
import { type PublishDeps, publishMessage } from './publish-message.ts';
import { readWebhook } from './read-webhook.ts';
import { rolloutNews } from './rollout-news.ts';
import { runCheck } from './run-check.ts';
import { triggerTarget } from './trigger-target.ts';
import { watchRelease } from './watch-release.ts';
import { watchRollouts } from './watch-rollouts.ts';

/** The handler of each kind of work. A new kind is its file and one line here and in `concurrency`. */
export function handlersOf(
  deps: InvocationDeps & PublishDeps & RecordDeps & RolloutDeps & { desk: WorkDesk },
): Readonly<Record<WorkKind, Handler>> {
  return {
    preflight: checkTargets(deps),
    trigger: triggerTarget(deps),
    follow: followPipeline(deps),
    message: publishMessage(deps),
    webhook: readWebhook(deps),
    discover: discover(deps),
    recognise: recognise(deps),
    identify: identifyCandidate(deps),
    check: runCheck(deps),
    record: keepRecord(deps),
    watch: watchRelease(deps),
    lapse: lapseWaiver(deps),
    rollouts: watchRollouts(deps),
    'rollout-check': checkRollout(deps),
    'rollout-lapse': lapseRolloutWaiver(deps),
    'rollout-news': rolloutNews(deps),
    'commit-status': writeCommitStatus(deps),
  };
}

/** How many pieces of each kind one worker has in hand at once. */
export const concurrency: Readonly<Record<WorkKind, number>> = {
  preflight: 2,
  trigger: 10,
  follow: 10,
  message: 3,
  webhook: 5,
  discover: 1,
  recognise: 5,
  identify: 10,
  check: 60,
  record: 5,
  watch: 3,
  lapse: 1,
  rollouts: 8,
  'rollout-check': 20,
  'rollout-lapse': 1,
  'rollout-news': 5,
  'commit-status': 2,
};
