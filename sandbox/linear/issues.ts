import { ownId, theIssue, theLabels, theProject, theState, theTeam, theUser } from './lookups.ts';
import { asLinearWrites } from './markdown.ts';
import type { HistoryEntry, Issue, State, User } from './model.ts';
import { badArgument } from './problems.ts';
import type { Workspace } from './workspace.ts';

/** Fields that creating and updating share; null empties what can be empty. */
export interface IssueFields {
  title?: string | null;
  description?: string | null;
  labelIds?: readonly string[] | null;
  assigneeId?: string | null;
  stateId?: string | null;
  priority?: number | null;
  projectId?: string | null;
  parentId?: string | null;
  dueDate?: string | null;
}

export interface IssueCreateInput extends IssueFields {
  id?: string | null;
  teamId: string;
}

export interface IssueUpdateInput extends IssueFields {
  addedLabelIds?: readonly string[] | null;
  removedLabelIds?: readonly string[] | null;
}

const longestTitle = 255;

function checkedTitle(title: string): string {
  if (title.trim() === '') throw badArgument('title should not be empty');
  if (title.length > longestTitle)
    throw badArgument(`title must be shorter than or equal to ${longestTitle} characters`);
  return title;
}

function checkedPriority(priority: number): number {
  if (priority < 0) throw badArgument('priority must not be less than 0');
  if (priority > 4) throw badArgument('priority must not be greater than 4');
  return priority;
}

/** Markdown as it will be read back. */
export function saved(workspace: Workspace, text: string): string {
  return workspace.settings.markdown === 'verbatim' ? text : asLinearWrites(text);
}

/** Makes an issue. Refuses what Linear refuses, and then makes nothing. */
export function createIssue(workspace: Workspace, by: User, input: IssueCreateInput): Issue {
  const id = ownId(input.id, 'Issue', workspace.issues);
  const team = theTeam(workspace, input.teamId);
  const title = checkedTitle(input.title ?? '');
  const number = workspace.issues.filter((issue) => issue.team === team).length + 1;
  const identifier = `${team.key}-${number}`;
  const issue: Issue = {
    ...workspace.fresh(id),
    number,
    identifier,
    team,
    title,
    description: null,
    priority: checkedPriority(input.priority ?? 0),
    labelSet: theLabels(workspace, input.labelIds ?? [], team, 'labelIds'),
    state: workspace.firstState(team),
    assignee: input.assigneeId ? theUser(workspace, input.assigneeId) : null,
    creator: by,
    project: input.projectId ? theProject(workspace, input.projectId) : null,
    parent: input.parentId ? theIssue(workspace, input.parentId) : null,
    dueDate: input.dueDate ?? null,
    startedAt: null,
    completedAt: null,
    canceledAt: null,
    url: `${workspace.base}/${workspace.organization.urlKey}/issue/${identifier}/${slug(title)}`,
  };
  if (input.stateId) enter(issue, theState(workspace, input.stateId, team), issue.createdAt);
  if (typeof input.description === 'string') issue.description = saved(workspace, input.description);
  workspace.issues.push(issue);
  workspace.versions.set(issue, [{ at: issue.createdAt, by, text: issue.description }]);
  workspace.tell({ kind: 'issue', issue, created: true });
  return issue;
}

const slug = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function enter(issue: Issue, state: State, at: Date): void {
  issue.state = state;
  issue.startedAt = state.type === 'started' ? (issue.startedAt ?? at) : issue.startedAt;
  issue.completedAt = state.type === 'completed' ? at : null;
  issue.canceledAt = state.type === 'canceled' || state.type === 'duplicate' ? at : null;
}

type Changes = Partial<Omit<HistoryEntry, 'id' | 'createdAt' | 'updatedAt' | 'issue' | 'actor'>>;

/**
 * Changes an issue: the description is replaced whole, without a look at what stood there; `labelIds` replaces
 * all labels, while added and removed ones leave the others alone. Refuses first, so that it changes all or nothing.
 */
export function updateIssue(workspace: Workspace, by: User, issue: Issue, input: IssueUpdateInput): Issue {
  const next = planned(workspace, issue, input);
  const changes = changesBetween(issue, next);
  if (Object.keys(changes).length === 0) return issue;
  const now = workspace.now();
  const { state, ...fields } = next;
  Object.assign(issue, fields, { updatedAt: now });
  if (changes.toState) enter(issue, state, now);
  if (changes.updatedDescription)
    workspace.versions.get(issue)?.push({ at: now, by, text: issue.description });
  const entry: HistoryEntry = { ...workspace.fresh(), issue, actor: by, ...changes };
  workspace.history.push(entry);
  workspace.tell({ kind: 'issue', issue, created: false });
  return issue;
}

type Next = Pick<
  Issue,
  'title' | 'description' | 'priority' | 'labelSet' | 'state' | 'assignee' | 'project' | 'parent' | 'dueDate'
>;

function planned(workspace: Workspace, issue: Issue, input: IssueUpdateInput): Next {
  const { title, description, priority, stateId, assigneeId, projectId, parentId, dueDate } = input;
  return {
    title: typeof title === 'string' ? checkedTitle(title) : issue.title,
    description: description === undefined ? issue.description : description && saved(workspace, description),
    priority: typeof priority === 'number' ? checkedPriority(priority) : issue.priority,
    labelSet: plannedLabels(workspace, issue, input),
    state: stateId ? theState(workspace, stateId, issue.team) : issue.state,
    assignee: assigneeId === undefined ? issue.assignee : assigneeId && theUser(workspace, assigneeId),
    project: projectId === undefined ? issue.project : projectId && theProject(workspace, projectId),
    parent: parentId === undefined ? issue.parent : parentId && theIssue(workspace, parentId),
    dueDate: dueDate === undefined ? issue.dueDate : dueDate,
  } as Next;
}

function plannedLabels(workspace: Workspace, issue: Issue, input: IssueUpdateInput) {
  const { labelIds, addedLabelIds, removedLabelIds } = input;
  if (labelIds && (addedLabelIds || removedLabelIds))
    throw badArgument('labelIds must not be used together with addedLabelIds or removedLabelIds');
  if (labelIds) return theLabels(workspace, labelIds, issue.team, 'labelIds');
  const added = theLabels(workspace, addedLabelIds ?? [], issue.team, 'addedLabelIds');
  const removed = theLabels(workspace, removedLabelIds ?? [], issue.team, 'removedLabelIds');
  const kept = issue.labelSet.filter((label) => !removed.includes(label));
  return [...kept, ...added.filter((label) => !kept.includes(label))];
}

function changesBetween(issue: Issue, next: Next): Changes {
  const changes: Changes = {};
  if (next.title !== issue.title) Object.assign(changes, { fromTitle: issue.title, toTitle: next.title });
  if (next.description !== issue.description) changes.updatedDescription = true;
  if (next.priority !== issue.priority)
    Object.assign(changes, { fromPriority: issue.priority, toPriority: next.priority });
  if (next.state !== issue.state) Object.assign(changes, { fromState: issue.state, toState: next.state });
  if (next.assignee !== issue.assignee)
    Object.assign(changes, { fromAssignee: issue.assignee, toAssignee: next.assignee });
  if (next.project !== issue.project)
    Object.assign(changes, { fromProject: issue.project, toProject: next.project });
  if (next.parent !== issue.parent)
    Object.assign(changes, { fromParent: issue.parent, toParent: next.parent });
  if (next.dueDate !== issue.dueDate)
    Object.assign(changes, { fromDueDate: issue.dueDate, toDueDate: next.dueDate });
  const addedLabels = next.labelSet.filter((label) => !issue.labelSet.includes(label));
  const removedLabels = issue.labelSet.filter((label) => !next.labelSet.includes(label));
  if (addedLabels.length > 0) changes.addedLabels = addedLabels;
  if (removedLabels.length > 0) changes.removedLabels = removedLabels;
  return changes;
}
