import type { Issue, Label, Project, State, Team, User } from './model.ts';
import { alreadyExists, badArgument, notFound } from './problems.ts';
import type { Workspace } from './workspace.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Refuses an id of the client's own that is no UUID v4 or is taken; gives it in lower case. */
export function ownId(
  id: string | null | undefined,
  entity: string,
  taken: readonly { id: string }[],
): string | undefined {
  if (id === null || id === undefined) return undefined;
  if (!uuidV4.test(id)) throw badArgument('id must be a UUID');
  const lower = id.toLowerCase();
  if (taken.some((one) => one.id === lower)) throw alreadyExists(entity, lower);
  return lower;
}

function byId<T extends { id: string }>(all: readonly T[], id: string, field: string, entity: string): T {
  if (!uuid.test(id)) throw badArgument(`${field} must be a UUID`);
  const found = all.find((one) => one.id === id.toLowerCase());
  if (!found) throw notFound(entity);
  return found;
}

export const theTeam = (workspace: Workspace, id: string): Team =>
  byId(workspace.teams, id, 'teamId', 'Team');

export const theUser = (workspace: Workspace, id: string, field = 'assigneeId'): User =>
  byId(workspace.users, id, field, 'User');

export const theProject = (workspace: Workspace, id: string): Project =>
  byId(workspace.projects, id, 'projectId', 'Project');

/** An issue by id or identifier. */
export function theIssue(workspace: Workspace, idOrIdentifier: string): Issue {
  const found = workspace.findIssue(idOrIdentifier);
  if (!found) throw notFound('Issue');
  return found;
}

/** A state, which must be one of the team's. */
export function theState(workspace: Workspace, id: string, team: Team): State {
  const state = byId(workspace.states, id, 'stateId', 'WorkflowState');
  if (state.team !== team) throw badArgument('stateId must be a state of the team of the issue');
  return state;
}

/** Labels that an issue of the team can have: the workspace's and the team's, no groups. */
export function theLabels(workspace: Workspace, ids: readonly string[], team: Team, field: string): Label[] {
  return [...new Set(ids)].map((id) => {
    const label = byId(workspace.labels, id, `each value in ${field}`, 'IssueLabel');
    if (label.team !== null && label.team !== team)
      throw badArgument(`The label '${label.name}' is not of the team of the issue`);
    if (label.isGroup)
      throw badArgument(`The label '${label.name}' is a group and cannot be assigned to issues directly`);
    return label;
  });
}
