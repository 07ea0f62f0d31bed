import type { MessageBody } from '../core/ports.ts';
import { problem } from '../core/problem.ts';
import { releaseId } from '../core/release/acts.ts';
import { decide } from '../core/release/decide.ts';
import type { Release } from '../core/release/state.ts';
import { problemAnswer } from '../views/answers.ts';
import { summaryAnswer } from '../views/release-summary.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { latestReleases, type Outcome, readRelease, unlessUnread } from './release-acts.ts';

/** `/release decide [release]`: the summary of one release, or of the latest, for whoever asks (D7). */
export async function decideAnswer(deps: EdgeDeps, name: string | null): Promise<MessageBody> {
  const found = name === null ? await latest(deps) : await readRelease(deps, releaseId(name));
  if ('problem' in found) return problemAnswer(found.problem);
  return summaryAnswer(found.done, decide(found.done, deps.now(), deps.digest));
}

function latest(deps: EdgeDeps): Promise<Outcome<Release>> {
  return unlessUnread(deps, 'latest', async () => {
    const [release] = await latestReleases(deps, 1);
    return release ? { done: release } : { problem: problem('release-none') };
  });
}
