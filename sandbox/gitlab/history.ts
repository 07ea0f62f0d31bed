import { createHash, randomBytes } from 'node:crypto';
import { branchesOf, type Commit, type Project, type User } from './model.ts';

interface Repository {
  commits: Map<string, Commit>;
  /** Head of each branch, by its name. */
  heads: Map<string, string>;
  /** The commits that branches begin with. */
  firsts: Set<string>;
}

/**
 * The commits of every project. All branches of a project begin level, each with a first commit of its own
 * name that counts as known to all others.
 */
export class History {
  readonly #repositories = new Map<Project, Repository>();

  /** The head of a branch; a branch that nobody has pushed to has its first commit, the same in each run. */
  head(project: Project, branch: string): Commit {
    const repository = this.#of(project);
    const known = repository.commits.get(repository.heads.get(branch) ?? '');
    if (known) return known;
    const id = createHash('sha1').update(`${project.spec.path}@${branch}`).digest('hex');
    const title = `Head of ${branch}`;
    const first = { id, title, parentIds: [], author: null, createdAt: project.createdAt };
    repository.commits.set(id, first);
    repository.heads.set(branch, id);
    repository.firsts.add(id);
    return first;
  }

  /** A commit by branch name, or by full or abbreviated hash. */
  find(project: Project, text: string): Commit | undefined {
    // Looked at even if nobody has: a branch's first commit is known by its hash too.
    for (const branch of branchesOf(project)) this.head(project, branch);
    const { commits } = this.#of(project);
    if (branchesOf(project).includes(text)) return this.head(project, text);
    const wanted = text.toLowerCase();
    return commits.get(wanted) ?? [...commits.values()].find((commit) => commit.id.startsWith(wanted));
  }

  /** Puts a commit on a branch. */
  push(project: Project, branch: string, title: string, author: User): Commit {
    const parent = this.head(project, branch);
    const commit = this.#make(project, title, [parent.id], author);
    this.#of(project).heads.set(branch, commit.id);
    return commit;
  }

  /** A commit that is on no branch yet, on top of the head of one. */
  propose(project: Project, onto: string, title: string, author: User): Commit {
    return this.#make(project, title, [this.head(project, onto).id], author);
  }

  /** Merges a commit into a branch with a merge commit, which is the answer. */
  merge(project: Project, sha: string, into: string, title: string, author: User): Commit {
    const commit = this.#make(project, title, [this.head(project, into).id, sha], author);
    this.#of(project).heads.set(into, commit.id);
    return commit;
  }

  /** Brings all of one branch to another: moves it forward where it can, otherwise merges. */
  bring(project: Project, from: string, into: string, author: User): void {
    if (from === into || this.between(project, into, from).length === 0) return;
    const head = this.head(project, from);
    if (this.between(project, from, into).length === 0) this.#of(project).heads.set(into, head.id);
    else this.merge(project, head.id, into, `Merge branch '${from}' into '${into}'`, author);
  }

  /** What `to` has and `from` has not, oldest first; both are branches or hashes. Undefined `from`: all. */
  between(project: Project, from: string | undefined, to: string): Commit[] {
    const known = from === undefined ? new Set<string>() : this.#reachable(project, from);
    const { firsts, commits } = this.#of(project);
    const found = [...this.#reachable(project, to)].filter((id) => !known.has(id) && !firsts.has(id));
    return [...commits.values()].filter((commit) => found.includes(commit.id));
  }

  #reachable(project: Project, tip: string): Set<string> {
    const { commits } = this.#of(project);
    const seen = new Set<string>();
    const open = [this.find(project, tip)?.id];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      open.push(...(commits.get(id)?.parentIds ?? []));
    }
    return seen;
  }

  #make(project: Project, title: string, parentIds: string[], author: User): Commit {
    const id = randomBytes(20).toString('hex');
    const commit = { id, title, parentIds, author, createdAt: new Date() };
    this.#of(project).commits.set(id, commit);
    return commit;
  }

  #of(project: Project): Repository {
    const known = this.#repositories.get(project);
    if (known) return known;
    const made = { commits: new Map(), heads: new Map(), firsts: new Set<string>() };
    this.#repositories.set(project, made);
    return made;
  }
}
