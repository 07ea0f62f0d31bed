import { collection, flag, matcher, moment, number, related, text } from './filter.ts';
import type { Attachment, Comment, Issue, Label, Project, State, Team, User } from './model.ts';

export const teamMatches = matcher<Team>({
  id: text((team) => team.id),
  key: text((team) => team.key),
  name: text((team) => team.name),
});

/** People; `isMe` is the user whose key is used. */
export function userMatcher(viewer: User) {
  return matcher<User>({
    id: text((user) => user.id),
    name: text((user) => user.name),
    displayName: text((user) => user.displayName),
    email: text((user) => user.email),
    active: flag((user) => user.active),
    isMe: flag((user) => user === viewer),
  });
}

export const stateMatches = matcher<State>({
  id: text((state) => state.id),
  name: text((state) => state.name),
  type: text((state) => state.type),
  team: related((state) => state.team, teamMatches),
});

export const labelMatches = matcher<Label>({
  id: text((label) => label.id),
  name: text((label) => label.name),
  isGroup: flag((label) => label.isGroup),
  team: related((label) => label.team, teamMatches),
});

export const projectMatches = matcher<Project>({
  id: text((project) => project.id),
  name: text((project) => project.name),
  slugId: text((project) => project.slugId),
  state: text((project) => project.state),
});

export const attachmentMatches = matcher<Attachment>({
  id: text((attachment) => attachment.id),
  url: text((attachment) => attachment.url),
  title: text((attachment) => attachment.title),
});

export function commentMatcher(viewer: User) {
  return matcher<Comment>({
    id: text((comment) => comment.id),
    body: text((comment) => comment.body),
    createdAt: moment((comment) => comment.createdAt),
    user: related((comment) => comment.user, userMatcher(viewer)),
  });
}

export function issueMatcher(viewer: User) {
  const userMatches = userMatcher(viewer);
  return matcher<Issue>({
    id: text((issue) => issue.id),
    title: text((issue) => issue.title),
    description: text((issue) => issue.description),
    number: number((issue) => issue.number),
    priority: number((issue) => issue.priority),
    labels: collection((issue) => issue.labelSet, labelMatches),
    state: related((issue) => issue.state, stateMatches),
    team: related((issue) => issue.team, teamMatches),
    assignee: related((issue) => issue.assignee, userMatches),
    creator: related((issue) => issue.creator, userMatches),
    project: related((issue) => issue.project, projectMatches),
    createdAt: moment((issue) => issue.createdAt),
    updatedAt: moment((issue) => issue.updatedAt),
  });
}
