import { createHash } from 'node:crypto';
import type { RolloutVerdict } from '../../core/rollout/verdict.ts';

/**
 * What makes a verdict news, as a digest: the same for verdicts that tell people the same. How many tasks run is told
 * only while a rollout is awaited; evidence alone is no news. What others wrote goes into it and does not come out, so
 * it may be kept of a verdict that was not looked through for secrets yet.
 */
export function gistOf(verdict: RolloutVerdict): string {
  const { outcome, row, reason, isFinal, failures, tasks } = verdict;
  const news = [outcome, row, reason, isFinal, failures, outcome === 'waiting' ? tasks : null];
  return createHash('sha256').update(JSON.stringify(news)).digest('base64');
}
