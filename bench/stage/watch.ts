import type { GitLabControl } from '../../sandbox/gitlab/control-client.ts';
import type { LoggedRequest } from '../../sandbox/gitlab/request-log.ts';

/** How long a case may take to reach what it waits for, and the pause between two looks, in ms. */
const patienceMs = 300_000;
const pauseMs = 200;

/** Asks until it gives something; rejects with `what` when it never does. */
export async function until<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resume) => setTimeout(resume, pauseMs));
  }
}

/** Waits until `count` pipelines were created; gives the requests that did it. */
export function allStarted(forge: GitLabControl, count: number): Promise<LoggedRequest[]> {
  return until(`${count} pipelines`, async () => {
    const requests = await forge.requests('POST /pipeline');
    const created = requests.filter(({ status }) => status === 201);
    return created.length >= count ? created : null;
  });
}

/** The requests of these routes since a moment (ms since 1970). */
export async function requestsSince(
  forge: GitLabControl,
  since: number,
  routes: readonly string[],
): Promise<LoggedRequest[]> {
  const requests = await forge.requests();
  return requests.filter(({ route, at }) => routes.includes(route) && Date.parse(at) >= since);
}
