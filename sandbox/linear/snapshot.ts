import { type Box, boxesOf } from './markdown.ts';
import type { Attachment, Comment, HistoryEntry, Issue } from './model.ts';
import type { Change, Workspace } from './workspace.ts';

export interface CommentView {
  id: string;
  body: string;
  user: string;
  /** ISO. */
  createdAt: string;
  editedAt: string | null;
}

export interface HistoryView {
  at: string;
  by: string;
  /** What changed, e.g. `description`, `state: Todo → Done`, `label + Bug`. */
  changes: string[];
}

export interface IssueView {
  id: string;
  identifier: string;
  url: string;
  team: string;
  title: string;
  description: string | null;
  boxes: Box[];
  labels: string[];
  state: string;
  stateType: string;
  assignee: string | null;
  creator: string;
  priority: number;
  createdAt: string;
  updatedAt: string;
  /** Every description that was saved, oldest first. */
  versions: { at: string; by: string; text: string | null }[];
  history: HistoryView[];
  comments: CommentView[];
  attachments: { id: string; title: string; subtitle: string | null; url: string }[];
}

function viewComment(comment: Comment): CommentView {
  const { id, body, user, createdAt, editedAt } = comment;
  return {
    id,
    body,
    user: user.name,
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
  };
}

const viewAttachment = ({ id, title, subtitle, url }: Attachment) => ({ id, title, subtitle, url });

function viewHistory(entry: HistoryEntry): HistoryView {
  const moved = (what: string, from: string | undefined | null, to: string | undefined | null) =>
    from === to ? [] : [`${what}: ${from ?? 'none'} → ${to ?? 'none'}`];
  const changes = [
    ...moved('title', entry.fromTitle, entry.toTitle),
    ...(entry.updatedDescription ? ['description'] : []),
    ...moved('state', entry.fromState?.name, entry.toState?.name),
    ...moved('priority', entry.fromPriority?.toString(), entry.toPriority?.toString()),
    ...moved('assignee', entry.fromAssignee?.name, entry.toAssignee?.name),
    ...moved('project', entry.fromProject?.name, entry.toProject?.name),
    ...moved('parent', entry.fromParent?.identifier, entry.toParent?.identifier),
    ...moved('due date', entry.fromDueDate, entry.toDueDate),
    ...(entry.addedLabels ?? []).map((label) => `label + ${label.name}`),
    ...(entry.removedLabels ?? []).map((label) => `label − ${label.name}`),
    ...(entry.attachment ? [`link + ${entry.attachment.url}`] : []),
  ];
  return { at: entry.createdAt.toISOString(), by: entry.actor.name, changes };
}

/** An issue with everything that hangs on it, oldest first. */
export function viewIssue(workspace: Workspace, issue: Issue): IssueView {
  const versions = workspace.versions.get(issue) ?? [];
  return {
    id: issue.id,
    identifier: issue.identifier,
    url: issue.url,
    team: issue.team.key,
    title: issue.title,
    description: issue.description,
    boxes: boxesOf(issue.description ?? ''),
    labels: issue.labelSet.map((label) => label.name),
    state: issue.state.name,
    stateType: issue.state.type,
    assignee: issue.assignee?.name ?? null,
    creator: issue.creator.name,
    priority: issue.priority,
    createdAt: issue.createdAt.toISOString(),
    updatedAt: issue.updatedAt.toISOString(),
    versions: versions.map(({ at, by, text }) => ({ at: at.toISOString(), by: by.name, text })),
    history: workspace.history.filter((entry) => entry.issue === issue).map(viewHistory),
    comments: workspace.comments.filter((comment) => comment.issue === issue).map(viewComment),
    attachments: workspace.attachments.filter((one) => one.issue === issue).map(viewAttachment),
  };
}

/** A change as the event stream tells it. */
export function viewChange(workspace: Workspace, change: Change) {
  if (change.kind === 'issue')
    return { kind: 'issue', created: change.created, issue: viewIssue(workspace, change.issue) };
  if (change.kind === 'comment')
    return {
      kind: 'comment',
      issue: change.comment.issue.identifier,
      comment: viewComment(change.comment),
    };
  if (change.kind === 'attachment')
    return {
      kind: 'attachment',
      issue: change.attachment.issue.identifier,
      attachment: viewAttachment(change.attachment),
    };
  return { kind: 'label', name: change.label.name, team: change.label.team?.key ?? null };
}
