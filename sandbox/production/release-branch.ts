import type { GitLabControl } from '../gitlab/control-client.ts';
import { isObject } from '../shared/json.ts';

/** The head of a branch. */
export interface Head {
  commit: string;
  title: string;
}

/** The branch of the service's project that is deployed to production. */
export interface ReleaseBranch {
  /** Full path in GitLab. */
  project: string;
  branch: string;
}

const keptMs = 2000;
const author = 'p.novak';

/** What gets mended, in turn. */
const fixes: readonly { title: string; path: string }[] = [
  { title: 'Read the database address when it is needed', path: 'src/settings.py' },
  { title: 'Close idle connections to the database', path: 'src/database.py' },
  { title: 'Load the tariff table page by page', path: 'src/tariffs/load.py' },
  { title: 'Answer health checks while the caches warm up', path: 'src/health.py' },
];

/** Reads and moves the release branch of a simulated GitLab. */
export class ReleaseHead {
  readonly #gitlab: { url: string; token: string; control: GitLabControl };
  readonly #at: ReleaseBranch;
  #known: { head: Head; until: number } | null = null;
  #fixes = 0;

  constructor(gitlab: { url: string; token: string; control: GitLabControl }, at: ReleaseBranch) {
    this.#gitlab = gitlab;
    this.#at = at;
  }

  /** As GitLab's API says it, at most two seconds old: a panel asks often. */
  async read(): Promise<Head> {
    if (this.#known && Date.now() < this.#known.until) return this.#known.head;
    const { project, branch } = this.#at;
    const { url, token } = this.#gitlab;
    const path = `/api/v4/projects/${encodeURIComponent(project)}/repository/branches/${branch}`;
    const response = await fetch(`${url}${path}`, { headers: { 'private-token': token } });
    const body: unknown = await response.json();
    const commit = isObject(body) ? body['commit'] : null;
    if (!response.ok || !isObject(commit))
      throw new Error(`the head of ${branch} in ${project} could not be read: ${response.status}`);
    const head = { commit: String(commit['id']), title: String(commit['title']) };
    this.#known = { head, until: Date.now() + keptMs };
    return head;
  }

  /** Merges a fix and brings it to the branch: another commit is on its way from now on. */
  async bringFix(): Promise<Head> {
    const { control } = this.#gitlab;
    const { project, branch } = this.#at;
    const fix = fixes[this.#fixes % fixes.length];
    if (!fix) throw new Error('there is no fix');
    this.#fixes += 1;
    const { iid } = await control.addMergeRequest({ project, title: fix.title, author, paths: [fix.path] });
    await control.pick({ project, iid, onto: branch });
    this.#known = null;
    return this.read();
  }
}
