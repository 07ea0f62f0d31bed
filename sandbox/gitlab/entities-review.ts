import type { Entities } from './entities.ts';
import type { ChangedPath, MergeRequest, Project } from './model.ts';
import type { FeatureFlagSpec } from './world.ts';

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** A number for a label: the same for the same name in the same project. */
export function labelId(project: Project, name: string): number {
  let sum = 0;
  for (const character of name) sum = (Math.imul(sum, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return project.id * 100_000 + (sum % 100_000);
}

/** One changed file as GitLab shows it; the content is made up. */
export function diffOf({ path, kind }: ChangedPath) {
  return {
    old_path: path,
    new_path: path,
    a_mode: kind === 'new' ? '0' : '100644',
    b_mode: kind === 'deleted' ? '0' : '100644',
    diff: kind === 'deleted' ? '@@ -1 +0,0 @@\n-simulated\n' : '@@ -0,0 +1 @@\n+simulated\n',
    new_file: kind === 'new',
    renamed_file: false,
    deleted_file: kind === 'deleted',
    generated_file: false,
  };
}

/** GitLab's JSON for merge requests, labels and feature flags. */
export class ReviewEntities {
  readonly #entities: Entities;

  constructor(entities: Entities) {
    this.#entities = entities;
  }

  /** As lists have it; `labelDetails` is `with_labels_details`. */
  mergeRequestBasic(mergeRequest: MergeRequest, labelDetails = false) {
    const { project, iid } = mergeRequest;
    const user = mergeRequest.mergedBy && this.#entities.user(mergeRequest.mergedBy);
    const reference = `!${iid}`;
    return {
      id: mergeRequest.id,
      iid,
      project_id: project.id,
      title: mergeRequest.title,
      description: mergeRequest.description,
      state: mergeRequest.state,
      created_at: iso(mergeRequest.createdAt),
      updated_at: iso(mergeRequest.updatedAt),
      merged_by: user,
      merge_user: user,
      merged_at: iso(mergeRequest.mergedAt),
      closed_by: null,
      closed_at: iso(mergeRequest.closedAt),
      target_branch: mergeRequest.targetBranch,
      source_branch: mergeRequest.sourceBranch,
      user_notes_count: 0,
      upvotes: 0,
      downvotes: 0,
      author: this.#entities.user(mergeRequest.author),
      assignees: mergeRequest.assignees.map((assignee) => this.#entities.user(assignee)),
      assignee: mergeRequest.assignees[0] ? this.#entities.user(mergeRequest.assignees[0]) : null,
      reviewers: mergeRequest.reviewers.map((reviewer) => this.#entities.user(reviewer)),
      source_project_id: project.id,
      target_project_id: project.id,
      labels: labelDetails
        ? mergeRequest.labels.map((name) => this.labelDetails(project, name))
        : mergeRequest.labels,
      draft: mergeRequest.draft,
      imported: false,
      imported_from: 'none',
      work_in_progress: mergeRequest.draft,
      milestone: null,
      merge_when_pipeline_succeeds: false,
      merge_status: 'can_be_merged',
      detailed_merge_status: mergeRequest.state === 'opened' ? 'mergeable' : 'not_open',
      merge_after: null,
      sha: mergeRequest.sha,
      merge_commit_sha: mergeRequest.mergeCommitSha,
      squash_commit_sha: null,
      discussion_locked: null,
      should_remove_source_branch: null,
      force_remove_source_branch: true,
      prepared_at: iso(mergeRequest.createdAt),
      reference,
      references: { short: reference, relative: reference, full: `${project.spec.path}${reference}` },
      web_url: this.webUrl(mergeRequest),
      time_stats: {
        time_estimate: 0,
        total_time_spent: 0,
        human_time_estimate: null,
        human_total_time_spent: null,
      },
      squash: false,
      squash_on_merge: false,
      task_completion_status: { count: 0, completed_count: 0 },
      has_conflicts: false,
      blocking_discussions_resolved: true,
    };
  }

  /** As a single one has it. */
  mergeRequest(mergeRequest: MergeRequest, mayMerge: boolean) {
    return {
      ...this.mergeRequestBasic(mergeRequest),
      subscribed: false,
      changes_count: String(mergeRequest.changes.length),
      latest_build_started_at: null,
      latest_build_finished_at: null,
      first_deployed_to_production_at: null,
      pipeline: null,
      head_pipeline: null,
      diff_refs: { base_sha: mergeRequest.sha, head_sha: mergeRequest.sha, start_sha: mergeRequest.sha },
      merge_error: null,
      first_contribution: false,
      user: { can_merge: mayMerge },
    };
  }

  /** `view=simple`. */
  mergeRequestSimple(mergeRequest: MergeRequest) {
    return {
      id: mergeRequest.id,
      iid: mergeRequest.iid,
      project_id: mergeRequest.project.id,
      title: mergeRequest.title,
      description: mergeRequest.description,
      state: mergeRequest.state,
      created_at: iso(mergeRequest.createdAt),
      updated_at: iso(mergeRequest.updatedAt),
      web_url: this.webUrl(mergeRequest),
    };
  }

  webUrl(mergeRequest: MergeRequest): string {
    return `${this.#entities.webUrl(mergeRequest.project)}/-/merge_requests/${mergeRequest.iid}`;
  }

  labelDetails(project: Project, name: string) {
    return {
      id: labelId(project, name),
      name,
      description: null,
      description_html: '',
      text_color: '#FFFFFF',
      color: '#428BCA',
      archived: false,
    };
  }

  label(project: Project, name: string) {
    return { ...this.labelDetails(project, name), subscribed: false, priority: null, is_project_label: true };
  }

  featureFlag(project: Project, flag: FeatureFlagSpec) {
    const base = labelId(project, flag.name);
    return {
      name: flag.name,
      description: flag.description ?? null,
      active: flag.active,
      version: 'new_version_flag',
      created_at: iso(project.createdAt),
      updated_at: iso(project.createdAt),
      scopes: [],
      strategies: flag.strategies.map((strategy, i) => ({
        id: base + i,
        name: strategy.name,
        parameters: strategy.parameters ?? {},
        scopes: (strategy.scopes ?? ['*']).map((scope, j) => ({
          id: base + i * 10 + j,
          environment_scope: scope,
        })),
        user_list: strategy.userList
          ? {
              id: base + i,
              iid: i + 1,
              name: strategy.userList.name,
              user_xids: strategy.userList.users.join(','),
            }
          : null,
      })),
    };
  }
}
