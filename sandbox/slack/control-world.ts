import type { z } from 'zod';
import { HttpError } from '../shared/http.ts';
import type { worldInput } from './control-input.ts';
import type { SlackState } from './state.ts';

/** Changes who and what is in the workspace while it runs. Throws HttpError 404 for ids it does not know. */
export function changeWorld(change: z.output<typeof worldInput>, state: SlackState): void {
  const { workspace } = state;
  const { world } = workspace;
  for (const { id, name, realName, groups } of change.addPeople ?? []) {
    world.people.push({ id, name, realName });
    workspace.joinGroups(id, groups ?? []);
  }
  for (const { members, isPrivate, ...channel } of change.addChannels ?? [])
    world.channels.push({
      ...channel,
      ...(members && { members }),
      ...(isPrivate !== undefined && { isPrivate }),
    });
  for (const { handle, add, remove } of change.groups ?? []) {
    for (const id of add) workspace.joinGroups(id, [handle]);
    const group = world.userGroups.find((each) => each.handle === handle);
    if (!group) throw new HttpError(404, `no user group ${handle}`);
    group.users = group.users.filter((id) => !remove.includes(id));
  }
  for (const { id, botIsMember, addMembers, removeMembers } of change.channels ?? []) {
    const channel = workspace.channel(id);
    if (!channel) throw new HttpError(404, `no channel ${id}`);
    if (botIsMember !== undefined) channel.botIsMember = botIsMember;
    if (addMembers.length + removeMembers.length === 0) continue;
    const members = new Set([...(channel.members ?? world.people.map((person) => person.id)), ...addMembers]);
    channel.members = [...members].filter((member) => !removeMembers.includes(member));
  }
  if (change.commands) world.commands = change.commands;
  if (change.scopes) world.scopes = change.scopes;
  if (change.events) world.events = change.events;
  if (change.paidPlan !== undefined) world.paidPlan = change.paidPlan;
  workspace.changed();
}
