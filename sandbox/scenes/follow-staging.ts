import type { SimulatedGitLab } from '../gitlab/server.ts';
import { siteProject } from './staging-release.ts';
import { runBuild, type StagingSite } from './staging-site.ts';

/**
 * From now on the web site, and the service behind it, run what GitLab deploys to staging, a moment after each
 * deployment has succeeded, as real ones are still starting then. The answer ends it.
 */
export function followStaging(gitlab: SimulatedGitLab, site: StagingSite, afterMs = 1500): () => void {
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;
  gitlab.onDeployment(({ project, environment, status, sha, ref }) => {
    if (isOver || project !== siteProject || environment !== 'staging' || status !== 'success') return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      runBuild(site, { commit: sha, branch: ref, builtAt: new Date() }).catch((error: unknown) => {
        // At the end of the sandbox the services may be gone already.
        if (!isOver) console.error('sandbox: staging could not follow a deployment', error);
      });
    }, afterMs);
    timers.add(timer);
  });
  return () => {
    isOver = true;
    for (const timer of timers) clearTimeout(timer);
  };
}
