import {
  type AttachmentCreateInput,
  type CommentCreateInput,
  createAttachment,
  createComment,
  createLabel,
  type LabelCreateInput,
  theComment,
  updateComment,
} from './additions.ts';
import { createIssue, type IssueCreateInput, type IssueUpdateInput, updateIssue } from './issues.ts';
import type { LimitStatus, Limits } from './limits.ts';
import { theIssue } from './lookups.ts';
import {
  attachmentMatches,
  commentMatcher,
  issueMatcher,
  labelMatches,
  projectMatches,
  stateMatches,
  teamMatches,
  userMatcher,
} from './matchers.ts';
import type { Comment, HistoryEntry, Issue, Team, User } from './model.ts';
import { type PageArgs, page } from './paging.ts';
import { invalidInput, notFound } from './problems.ts';
import type { Workspace } from './workspace.ts';

type Args<T> = (source: never, args: T) => unknown;

function one<T extends { id: string }>(entity: string, all: readonly T[]): Args<{ id: string }> {
  return (_, { id }) => {
    const found = all.find((candidate) => candidate.id === id.toLowerCase());
    if (!found) throw notFound(entity);
    return found;
  };
}

const priorityLabels = ['No priority', 'Urgent', 'High', 'Medium', 'Low'];

/** How each field of the SDL comes about that is not simply a property of its entity. */
export function resolversOf(workspace: Workspace, limits: Limits) {
  const { viewer } = workspace;
  const issueMatches = issueMatcher(viewer);
  const userMatches = userMatcher(viewer);
  const commentMatches = commentMatcher(viewer);
  const attachmentsOf = (issue: Issue) => workspace.attachments.filter((one) => one.issue === issue);
  return {
    Query: {
      viewer: () => viewer,
      organization: () => workspace.organization,
      teams: (_: never, args: PageArgs) => page(workspace.teams, args, teamMatches),
      team: ((_, { id }) => {
        const wanted = id.toLowerCase();
        const found = workspace.teams.find((t) => t.id === wanted || t.key.toLowerCase() === wanted);
        if (!found) throw notFound('Team');
        return found;
      }) satisfies Args<{ id: string }>,
      users: (_: never, args: PageArgs) => page(workspace.users, args, userMatches),
      user: one('User', workspace.users),
      projects: (_: never, args: PageArgs) => page(workspace.projects, args, projectMatches),
      project: one('Project', workspace.projects),
      issueLabels: (_: never, args: PageArgs) => page(workspace.labels, args, labelMatches),
      issueLabel: one('IssueLabel', workspace.labels),
      workflowStates: (_: never, args: PageArgs) => page(workspace.states, args, stateMatches),
      workflowState: one('WorkflowState', workspace.states),
      issues: (_: never, args: PageArgs) => page(workspace.issues, args, issueMatches),
      issue: ((_, { id }) => theIssue(workspace, id)) satisfies Args<{ id: string }>,
      comments: (_: never, args: PageArgs) => page(workspace.comments, args, commentMatches),
      comment: ((_, { id }) => {
        if (!id) throw invalidInput('Argument Validation Error', 'Either id or hash must be given.');
        return theComment(workspace, id);
      }) satisfies Args<{ id?: string | null }>,
      attachment: one('Attachment', workspace.attachments),
      attachmentsForURL: (_: never, { url, ...args }: PageArgs & { url: string }) =>
        page(
          workspace.attachments.filter((attachment) => attachment.url === url),
          args,
        ),
      rateLimitStatus: () => ({
        kind: 'apiKey',
        identifier: viewer.id,
        limits: (['requests', 'complexity'] as const).map((type) => limitView(limits.status(type))),
      }),
    },
    Mutation: {
      issueCreate: (_: never, { input }: { input: IssueCreateInput }) =>
        payload(workspace, { issue: createIssue(workspace, viewer, input) }),
      issueUpdate: (_: never, { id, input }: { id: string; input: IssueUpdateInput }) =>
        payload(workspace, { issue: updateIssue(workspace, viewer, theIssue(workspace, id), input) }),
      commentCreate: (_: never, { input }: { input: CommentCreateInput }) =>
        payload(workspace, { comment: createComment(workspace, viewer, input) }),
      commentUpdate: (_: never, { id, input }: { id: string; input: { body?: string | null } }) =>
        payload(workspace, { comment: updateComment(workspace, viewer, id, input.body) }),
      attachmentCreate: (_: never, { input }: { input: AttachmentCreateInput }) =>
        payload(workspace, { attachment: createAttachment(workspace, viewer, input) }),
      issueLabelCreate: (_: never, { input }: { input: LabelCreateInput }) =>
        payload(workspace, { issueLabel: createLabel(workspace, viewer, input) }),
    },
    Organization: { userCount: () => workspace.users.length },
    User: {
      isMe: (user: User) => user === viewer,
      initials: (user: User) => user.name.replace(/(\w)\w*\s*/g, '$1').toUpperCase(),
    },
    Team: {
      issues: (team: Team, args: PageArgs) =>
        page(
          workspace.issues.filter((issue) => issue.team === team),
          args,
          issueMatches,
        ),
      issueCount: (team: Team) => workspace.issues.filter((issue) => issue.team === team).length,
      labels: (team: Team, args: PageArgs) =>
        page(
          workspace.labels.filter((label) => label.team === team),
          args,
          labelMatches,
        ),
      states: (team: Team, args: PageArgs) => page(workspace.statesOf(team), args, stateMatches),
      members: (_: Team, args: PageArgs) => page(workspace.users, args, userMatches),
      defaultIssueState: (team: Team) => workspace.firstState(team),
    },
    Issue: {
      labelIds: (issue: Issue) => issue.labelSet.map((label) => label.id),
      labels: (issue: Issue, args: PageArgs) => page(issue.labelSet, args, labelMatches),
      priorityLabel: (issue: Issue) => priorityLabels[issue.priority],
      branchName: (issue: Issue) => `${viewer.displayName}/${issue.identifier.toLowerCase()}`,
      comments: (issue: Issue, args: PageArgs) =>
        page(
          workspace.comments.filter((comment) => comment.issue === issue),
          args,
          commentMatches,
        ),
      attachments: (issue: Issue, args: PageArgs) => page(attachmentsOf(issue), args, attachmentMatches),
      history: (issue: Issue, args: PageArgs) =>
        page(
          workspace.history.filter((entry) => entry.issue === issue),
          args,
        ),
      sharedAccess: () => ({}),
    },
    Comment: {
      issueId: (comment: Comment) => comment.issue.id,
      parentId: (comment: Comment) => comment.parent?.id ?? null,
    },
    IssueHistory: {
      actorId: (entry: HistoryEntry) => entry.actor.id,
      attachmentId: (entry: HistoryEntry) => entry.attachment?.id,
      addedLabelIds: (entry: HistoryEntry) => entry.addedLabels?.map((label) => label.id),
      removedLabelIds: (entry: HistoryEntry) => entry.removedLabels?.map((label) => label.id),
      fromStateId: (entry: HistoryEntry) => entry.fromState?.id,
      toStateId: (entry: HistoryEntry) => entry.toState?.id,
      fromAssigneeId: (entry: HistoryEntry) => entry.fromAssignee?.id,
      toAssigneeId: (entry: HistoryEntry) => entry.toAssignee?.id,
      fromProjectId: (entry: HistoryEntry) => entry.fromProject?.id,
      toProjectId: (entry: HistoryEntry) => entry.toProject?.id,
      fromParentId: (entry: HistoryEntry) => entry.fromParent?.id,
      toParentId: (entry: HistoryEntry) => entry.toParent?.id,
      descriptionUpdatedBy: (entry: HistoryEntry) => (entry.updatedDescription ? [entry.actor] : null),
    },
  };
}

function payload(workspace: Workspace, made: Record<string, unknown>) {
  return { ...made, success: true, lastSyncId: workspace.syncId };
}

function limitView({ type, allowed, remaining, reset, periodMs }: LimitStatus) {
  return {
    type,
    allowedAmount: allowed,
    remainingAmount: remaining,
    requestedAmount: 1,
    period: periodMs,
    reset,
  };
}
