import type { Deployment } from '../core/release/candidate.ts';

/** GitLab links merge requests about a second after a deployment's success (facts); for so long none is no answer. */
const linkedAfterMs = 60_000;

/** Whether GitLab may not have linked the merge requests of a deployment that succeeded yet. */
export function isNotLinkedYet({ at }: Deployment, now: Date): boolean {
  return now.getTime() - Date.parse(at) < linkedAfterMs;
}
