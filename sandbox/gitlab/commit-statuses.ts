import type { Commit, Project } from './model.ts';

/** The states that a commit status may be set to from outside. */
export const statusStates = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;
export type StatusState = (typeof statusStates)[number];

/** One record of a status; of one name the newest counts, the older ones are kept. */
export interface CommitStatus {
  id: number;
  project: Project;
  sha: string;
  name: string;
  ref: string;
  state: StatusState;
  description: string | null;
  targetUrl: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** GitLab's name for the way to each state, as it stands in its refusals. */
const ways: Record<StatusState, string> = {
  pending: 'enqueue',
  running: 'run',
  success: 'success',
  failed: 'drop',
  canceled: 'cancel',
  skipped: 'skip',
};

/**
 * What is said beside commits. A status that is still open moves on, and not to where it is; one that has ended stays,
 * and the next of its name is a record of its own.
 */
export class CommitStatuses {
  readonly #all: CommitStatus[] = [];

  /** Sets a status, or says in GitLab's words why not. */
  set(
    project: Project,
    commit: Commit,
    wish: Pick<CommitStatus, 'name' | 'ref' | 'state' | 'description' | 'targetUrl'>,
  ): CommitStatus | { refused: string } {
    const now = new Date();
    const open = this.of(project, commit.id).find(
      ({ name, ref, state }) =>
        name === wish.name && ref === wish.ref && (state === 'pending' || state === 'running'),
    );
    const before = open?.state ?? null;
    if (before === wish.state || (before === 'running' && wish.state === 'pending'))
      return { refused: refusal(wish.state, before) };
    const status: CommitStatus = open ?? this.#made(project, commit, wish, now);
    status.state = wish.state;
    status.description = wish.description ?? status.description;
    status.targetUrl = wish.targetUrl ?? status.targetUrl;
    if (wish.state !== 'pending') status.startedAt ??= now;
    if (wish.state !== 'pending' && wish.state !== 'running') status.finishedAt = now;
    return status;
  }

  #made(
    project: Project,
    { id: sha }: Commit,
    { name, ref, state }: Pick<CommitStatus, 'name' | 'ref' | 'state'>,
    createdAt: Date,
  ): CommitStatus {
    const id = 7_000_001 + this.#all.length;
    const texts = { description: null, targetUrl: null };
    const made = {
      id,
      project,
      sha,
      name,
      ref,
      state,
      ...texts,
      createdAt,
      startedAt: null,
      finishedAt: null,
    };
    this.#all.push(made);
    return made;
  }

  /** All of a commit, or of all commits, the newest first. */
  of(project: Project, sha?: string): CommitStatus[] {
    return this.#all
      .filter((status) => status.project === project && (sha === undefined || status.sha === sha))
      .reverse();
  }

  /** Those that count: the newest of each name. */
  latest(project: Project, sha?: string): CommitStatus[] {
    const seen = new Set<string>();
    return this.of(project, sha).filter(({ sha: of, name, ref }) => {
      const key = JSON.stringify([of, name, ref]);
      return seen.size < seen.add(key).size;
    });
  }
}

function refusal(to: StatusState, from: StatusState | null): string {
  const way = ways[to];
  return `Cannot transition status via :${way} from :${from} (Reason(s): Status cannot transition via "${way}")`;
}
