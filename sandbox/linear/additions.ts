import { saved } from './issues.ts';
import { ownId, theIssue, theTeam } from './lookups.ts';
import type { Attachment, Comment, Label, User } from './model.ts';
import { badArgument, forbidden, invalidInput, notFound } from './problems.ts';
import type { Workspace } from './workspace.ts';

export interface CommentCreateInput {
  id?: string | null;
  issueId?: string | null;
  body?: string | null;
  parentId?: string | null;
}

/** Adds a comment to an issue. */
export function createComment(workspace: Workspace, by: User, input: CommentCreateInput): Comment {
  const id = ownId(input.id, 'Comment', workspace.comments);
  if (!input.issueId) throw badArgument('issueId should not be empty');
  const issue = theIssue(workspace, input.issueId);
  const parent = input.parentId ? theComment(workspace, input.parentId) : null;
  const made = workspace.fresh(id);
  const url = `${issue.url}#comment-${made.id.slice(0, 8)}`;
  const comment: Comment = { ...made, issue, body: '', user: by, parent, editedAt: null, url };
  comment.body = checkedBody(workspace, input.body);
  workspace.comments.push(comment);
  workspace.tell({ kind: 'comment', comment });
  return comment;
}

/** Changes the text of a comment, which only its author may. */
export function updateComment(workspace: Workspace, by: User, id: string, body?: string | null): Comment {
  const comment = theComment(workspace, id);
  if (comment.user !== by) throw forbidden('You can only edit your own comments.');
  if (body === undefined) return comment;
  comment.body = checkedBody(workspace, body);
  comment.updatedAt = workspace.now();
  comment.editedAt = comment.updatedAt;
  workspace.tell({ kind: 'comment', comment });
  return comment;
}

function checkedBody(workspace: Workspace, body: string | null | undefined): string {
  if (!body || body.trim() === '') throw badArgument('body should not be empty');
  return saved(workspace, body);
}

export function theComment(workspace: Workspace, id: string): Comment {
  const found = workspace.comments.find((comment) => comment.id === id.toLowerCase());
  if (!found) throw notFound('Comment');
  return found;
}

export interface AttachmentCreateInput {
  id?: string | null;
  issueId: string;
  title: string;
  subtitle?: string | null;
  url: string;
  iconUrl?: string | null;
  metadata?: Record<string, unknown> | null;
  commentBody?: string | null;
  groupBySource?: boolean | null;
}

/** Links an issue to an address. The same address on the same issue updates what is there, and keeps its id. */
export function createAttachment(workspace: Workspace, by: User, input: AttachmentCreateInput): Attachment {
  const issue = theIssue(workspace, input.issueId);
  for (const name of ['url', 'iconUrl'] as const)
    if (input[name] && !/^https?:$/.test(URL.parse(input[name])?.protocol ?? ''))
      throw badArgument(`${name} must be a URL address`);
  if (input.title.trim() === '') throw badArgument('title should not be empty');
  const known = workspace.attachments.find((one) => one.issue === issue && one.url === input.url);
  const { title, url } = input;
  const fields = {
    title,
    subtitle: input.subtitle ?? null,
    metadata: input.metadata ?? {},
    groupBySource: input.groupBySource ?? false,
  };
  const attachment: Attachment = known
    ? Object.assign(known, fields, { updatedAt: workspace.now() })
    : {
        ...workspace.fresh(ownId(input.id, 'Attachment', workspace.attachments)),
        ...fields,
        issue,
        url,
        creator: by,
      };
  if (!known) {
    workspace.attachments.push(attachment);
    workspace.history.push({ ...workspace.fresh(), issue, actor: by, attachment });
  }
  if (input.commentBody) createComment(workspace, by, { issueId: issue.id, body: input.commentBody });
  workspace.tell({ kind: 'attachment', attachment });
  return attachment;
}

export interface LabelCreateInput {
  id?: string | null;
  name: string;
  color?: string | null;
  description?: string | null;
  teamId?: string | null;
}

/** Makes a label of the workspace, or of a team. A name is taken whatever its case, in the team and above it. */
export function createLabel(workspace: Workspace, by: User, input: LabelCreateInput): Label {
  if (workspace.settings.restrictLabelManagementToAdmins && !by.admin)
    throw forbidden('Only admins can manage labels in this workspace.');
  const id = ownId(input.id, 'IssueLabel', workspace.labels);
  const team = input.teamId ? theTeam(workspace, input.teamId) : null;
  const { name } = input;
  if (name.trim() === '') throw badArgument('name should not be empty');
  if (input.color && !/^#[0-9a-f]{6}$/i.test(input.color)) throw badArgument('color must be a HexColor');
  const taken = workspace.labels.some(
    (label) =>
      label.name.toLowerCase() === name.toLowerCase() && (label.team === team || label.team === null),
  );
  if (taken) throw invalidInput('Duplicate label name', `A label named "${name}" already exists.`);
  const label: Label = {
    ...workspace.fresh(id),
    name,
    color: input.color ?? '#bec2c8',
    description: input.description ?? null,
    team,
    creator: by,
    isGroup: false,
  };
  workspace.labels.push(label);
  workspace.tell({ kind: 'label', label });
  return label;
}
