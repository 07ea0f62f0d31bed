import type { Entities } from './entities.ts';
import { labelId } from './entities-review.ts';
import type { MergeRequestAction } from './forge.ts';
import type { MergeRequest, Project } from './model.ts';

/** `2016-08-12 15:23:28 UTC`: pipeline and job hooks do not use ISO times (facts: Webhooks). */
export function hookTime(date: Date | null): string | null {
  if (!date) return null;
  const [day, time] = date.toISOString().split('T');
  return `${day} ${(time ?? '').slice(0, 8)} UTC`;
}

function labelHooks(project: Project, labels: string[]) {
  return labels.map((title) => ({
    id: labelId(project, title),
    title,
    color: '#428BCA',
    project_id: project.id,
    template: false,
    description: null,
    type: 'ProjectLabel',
    group_id: null,
  }));
}

/** What a Merge Request Hook says: labels come whole, and with what they were before when they changed. */
export function mergeRequestFields(
  entities: Entities,
  mergeRequest: MergeRequest,
  action: MergeRequestAction,
  before: string[],
) {
  const { project } = mergeRequest;
  const now = labelHooks(project, mergeRequest.labels);
  const changed = before.join(',') !== mergeRequest.labels.join(',');
  const commit = entities.commit(project, mergeRequest.sha);
  return {
    object_attributes: {
      id: mergeRequest.id,
      iid: mergeRequest.iid,
      target_branch: mergeRequest.targetBranch,
      source_branch: mergeRequest.sourceBranch,
      source_project_id: project.id,
      target_project_id: project.id,
      author_id: mergeRequest.author.id,
      assignee_ids: mergeRequest.assignees.map((user) => user.id),
      title: mergeRequest.title,
      description: mergeRequest.description,
      draft: mergeRequest.draft,
      created_at: hookTime(mergeRequest.createdAt),
      updated_at: hookTime(mergeRequest.updatedAt),
      state: mergeRequest.state,
      merge_commit_sha: mergeRequest.mergeCommitSha,
      last_commit: { id: commit.id, message: commit.message, title: commit.title, url: commit.web_url },
      labels: now,
      action,
      url: `${entities.webUrl(project)}/-/merge_requests/${mergeRequest.iid}`,
    },
    labels: now,
    changes: changed ? { labels: { previous: labelHooks(project, before), current: now } } : {},
  };
}
