import type { JsonObject } from '../../shared/json.ts';
import { tiers } from '../rate.ts';
import type { SlackState } from '../state.ts';
import type { WorldGroup } from '../workspace.ts';
import { ApiError, type Args, type MethodTable, needs } from './method.ts';
import { page } from './pages.ts';

interface Member {
  id: string;
  name: string;
  realName: string;
  isBot: boolean;
}

function everybody(state: SlackState): Member[] {
  const { workspace } = state;
  const people = workspace.world.people.map((person) => ({ ...person, isBot: false }));
  return [
    ...people,
    { id: workspace.botUserId, name: workspace.botName, realName: workspace.botName, isBot: true },
  ];
}

function userJson(member: Member, state: SlackState): JsonObject {
  return {
    id: member.id,
    team_id: state.workspace.teamId,
    name: member.name,
    deleted: false,
    real_name: member.realName,
    tz: 'Etc/UTC',
    tz_label: 'Coordinated Universal Time',
    tz_offset: 0,
    is_bot: member.isBot,
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    profile: {
      real_name: member.realName,
      real_name_normalized: member.realName,
      display_name: member.name,
      display_name_normalized: member.name,
      team: state.workspace.teamId,
      ...(member.isBot && { bot_id: state.workspace.botId, api_app_id: state.workspace.appId }),
    },
  };
}

function info(args: Args, state: SlackState): JsonObject {
  const id = args.required('user');
  const member = everybody(state).find((each) => each.id === id);
  if (!member) throw new ApiError('user_not_found');
  return { user: userJson(member, state) };
}

function list(args: Args, state: SlackState): JsonObject {
  const { items, nextCursor } = page(everybody(state), args, 1000);
  return {
    members: items.map((member) => userJson(member, state)),
    cache_ts: Math.floor(Date.now() / 1000),
    response_metadata: { next_cursor: nextCursor },
  };
}

function requirePaidPlan(state: SlackState): void {
  if (!state.workspace.world.paidPlan) throw new ApiError('plan_upgrade_required');
}

function groupJson(group: WorldGroup, args: Args, state: SlackState): JsonObject {
  return {
    id: group.id,
    team_id: state.workspace.teamId,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: '',
    handle: group.handle,
    is_external: false,
    date_create: 1_700_000_000,
    date_update: 1_700_000_000,
    date_delete: 0,
    auto_type: null,
    prefs: { channels: [], groups: [] },
    ...(args.flag('include_users') && { users: group.users }),
    ...(args.flag('include_count') && { user_count: group.users.length }),
  };
}

function groups(args: Args, state: SlackState): JsonObject {
  requirePaidPlan(state);
  return { usergroups: state.workspace.world.userGroups.map((group) => groupJson(group, args, state)) };
}

function groupUsers(args: Args, state: SlackState): JsonObject {
  requirePaidPlan(state);
  const id = args.required('usergroup');
  const group = state.workspace.world.userGroups.find((each) => each.id === id);
  if (!group) throw new ApiError('no_such_subteam');
  return { users: group.users };
}

const readsUsers = { token: 'bot', scopes: needs('users:read') } as const;
const readsGroups = { token: 'bot', scopes: needs('usergroups:read'), limit: tiers.tier2 } as const;

export const peopleMethods: MethodTable = {
  'users.info': { ...readsUsers, limit: tiers.tier4, run: info },
  'users.list': { ...readsUsers, limit: tiers.tier2, run: list },
  'usergroups.list': { ...readsGroups, run: groups },
  'usergroups.users.list': { ...readsGroups, run: groupUsers },
};
