import { GraphQLError } from 'graphql';
import type { z } from 'zod';
import { HttpError } from '../shared/http.ts';
import { createComment } from './additions.ts';
import type { bodies } from './control-schema.ts';
import { createIssue, updateIssue } from './issues.ts';
import { boxesOf, toggled } from './markdown.ts';
import type { Issue, User } from './model.ts';
import type { Workspace } from './workspace.ts';

type Body<K extends keyof typeof bodies> = z.infer<(typeof bodies)[K]>;

/** What people do in Linear's own screen, in names instead of ids. Throws HttpError 404 or 400 for what can't be. */
export class Person {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  create(wish: Body<'createIssue'>): Issue {
    const { title, description, priority, labels = [] } = wish;
    const [first] = this.#workspace.teams;
    const team = found(
      wish.team === undefined ? first : this.#workspace.teams.find((t) => t.key === wish.team),
      `team ${wish.team}`,
    );
    return allowed(() =>
      createIssue(this.#workspace, this.#user(wish.user), {
        teamId: team.id,
        title,
        labelIds: labels.map((name) => this.#label(name)),
        ...(description === undefined ? {} : { description }),
        ...(priority === undefined ? {} : { priority }),
        ...(wish.state === undefined ? {} : { stateId: this.#state(wish.state, team.id) }),
      }),
    );
  }

  edit(wish: Body<'editIssue'>): Issue {
    const { title, description, priority, state, assignee, addLabels = [], removeLabels = [] } = wish;
    const issue = this.issue(wish.issue);
    return allowed(() =>
      updateIssue(this.#workspace, this.#user(wish.user), issue, {
        addedLabelIds: addLabels.map((name) => this.#label(name)),
        removedLabelIds: removeLabels.map((name) => this.#label(name)),
        ...(title === undefined ? {} : { title }),
        ...(description === undefined ? {} : { description }),
        ...(priority === undefined ? {} : { priority }),
        ...(state === undefined ? {} : { stateId: this.#state(state, issue.team.id) }),
        ...(assignee === undefined ? {} : { assigneeId: assignee && this.#user(assignee).id }),
      }),
    );
  }

  toggle({ issue: wanted, box, checked, user }: Body<'toggle'>): Issue {
    const issue = this.issue(wanted);
    const text = issue.description ?? '';
    const { index } = found(
      boxesOf(text).find((one) => one.index === box || one.text === box),
      `box ${box} in ${issue.identifier}`,
    );
    const description = toggled(text, index, checked);
    return allowed(() => updateIssue(this.#workspace, this.#user(user), issue, { description }));
  }

  comment({ issue, body, user }: Body<'comment'>): Issue {
    const on = this.issue(issue);
    allowed(() => createComment(this.#workspace, this.#user(user), { issueId: on.id, body }));
    return on;
  }

  issue(idOrIdentifier: string): Issue {
    return found(this.#workspace.findIssue(idOrIdentifier), `issue ${idOrIdentifier}`);
  }

  #user(nameOrEmail: string | undefined): User {
    const { users, viewer } = this.#workspace;
    if (nameOrEmail === undefined) return users[1] ?? viewer;
    const one = users.find((user) => user.name === nameOrEmail || user.email === nameOrEmail);
    return found(one, `person ${nameOrEmail}`);
  }

  #label(name: string): string {
    return found(
      this.#workspace.labels.find((label) => label.name === name),
      `label ${name}`,
    ).id;
  }

  #state(name: string, teamId: string): string {
    const states = this.#workspace.states;
    return found(
      states.find((state) => state.name === name && state.team.id === teamId),
      `state ${name}`,
    ).id;
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new HttpError(404, `no ${what}`);
  return value;
}

/** What Linear refuses a program it refuses a person too. */
function allowed<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new HttpError(400, String(error.extensions['userPresentableMessage'] ?? error.message));
  }
}
