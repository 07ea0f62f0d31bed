import type { Forge } from './forge.ts';
import type { ChangedPath, MergeRequest, Project, User } from './model.ts';
import { branchesOf } from './model.ts';

export interface MergeRequestWish {
  project: Project;
  title: string;
  author: User;
  description?: string;
  labels?: string[];
  changes?: ChangedPath[];
  sourceBranch?: string;
  /** Default: the project's default branch. */
  targetBranch?: string;
  draft?: boolean;
}

/** What happens to merge requests: opened, merged, closed, labelled. Each is told as GitLab's webhook tells it. */
export class MergeRequests {
  readonly #forge: Forge;

  constructor(forge: Forge) {
    this.#forge = forge;
  }

  of(project: Project): MergeRequest[] {
    return this.#forge.mergeRequests.filter((mergeRequest) => mergeRequest.project === project);
  }

  find(project: Project, iid: number): MergeRequest | undefined {
    return this.of(project).find((mergeRequest) => mergeRequest.iid === iid);
  }

  open(wish: MergeRequestWish): MergeRequest {
    const { project, author } = wish;
    const iid = this.of(project).length + 1;
    const now = new Date();
    const targetBranch = wish.targetBranch ?? branchesOf(project)[0] ?? 'main';
    const mergeRequest: MergeRequest = {
      id: 40_001 + this.#forge.mergeRequests.length,
      iid,
      project,
      title: wish.title,
      description: wish.description ?? '',
      state: 'opened',
      draft: wish.draft === true,
      author,
      assignees: [author],
      reviewers: [],
      labels: sorted(wish.labels ?? []),
      sourceBranch: wish.sourceBranch ?? `change-${iid}`,
      targetBranch,
      sha: this.#forge.history.propose(project, targetBranch, wish.title, author).id,
      mergeCommitSha: null,
      pickedAs: [],
      changes: wish.changes ?? [],
      createdAt: now,
      updatedAt: now,
      mergedAt: null,
      mergedBy: null,
      closedAt: null,
    };
    this.#forge.addMergeRequest(mergeRequest);
    return mergeRequest;
  }

  /** Merges with a merge commit on the target branch. */
  merge(mergeRequest: MergeRequest, by: User): void {
    const { project, sha, sourceBranch, targetBranch } = mergeRequest;
    const title = `Merge branch '${sourceBranch}' into '${targetBranch}'`;
    mergeRequest.mergeCommitSha = this.#forge.history.merge(project, sha, targetBranch, title, by).id;
    mergeRequest.state = 'merged';
    mergeRequest.mergedAt = new Date();
    mergeRequest.mergedBy = by;
    this.#touched(mergeRequest, 'merge', by);
  }

  /** Cherry-picks a merged one to another branch, unless that has it. */
  pick(mergeRequest: MergeRequest, onto: string, by: User): void {
    const { project, mergeCommitSha, pickedAs, iid } = mergeRequest;
    const there = new Set(this.#forge.history.between(project, undefined, onto).map((commit) => commit.id));
    if ([mergeCommitSha ?? '', ...pickedAs].some((sha) => there.has(sha))) return;
    pickedAs.push(this.#forge.history.push(project, onto, `${mergeRequest.title} (picked !${iid})`, by).id);
  }

  close(mergeRequest: MergeRequest, by: User): void {
    mergeRequest.state = 'closed';
    mergeRequest.closedAt = new Date();
    this.#touched(mergeRequest, 'close', by);
  }

  reopen(mergeRequest: MergeRequest, by: User): void {
    mergeRequest.state = 'opened';
    mergeRequest.closedAt = null;
    this.#touched(mergeRequest, 'reopen', by);
  }

  /** Sets the title, description or labels; nothing is told when nothing changes. */
  edit(
    mergeRequest: MergeRequest,
    change: Partial<Pick<MergeRequest, 'title' | 'description' | 'labels'>>,
    by: User,
  ): void {
    const before = mergeRequest.labels;
    const next = {
      title: change.title ?? mergeRequest.title,
      description: change.description ?? mergeRequest.description,
      labels: sorted(change.labels ?? before),
    };
    const same =
      next.title === mergeRequest.title &&
      next.description === mergeRequest.description &&
      next.labels.join(',') === before.join(',');
    if (same) return;
    Object.assign(mergeRequest, next);
    mergeRequest.updatedAt = new Date();
    this.#forge.tellOf(mergeRequest, 'update', by, before);
  }

  #touched(mergeRequest: MergeRequest, action: 'merge' | 'close' | 'reopen', by: User): void {
    mergeRequest.updatedAt = new Date();
    this.#forge.tellOf(mergeRequest, action, by, mergeRequest.labels);
  }
}

/** GitLab lists labels by name, each once. */
function sorted(labels: string[]): string[] {
  return [...new Set(labels)].sort((a, b) => a.localeCompare(b));
}
