import type { JsonObject } from '../../shared/json.ts';
import { messageJson } from '../message-json.ts';
import type { StoredMessage } from '../messages.ts';
import { tiers } from '../rate.ts';
import type { SlackState } from '../state.ts';
import type { WorldChannel } from '../workspace.ts';
import { ApiError, type Args, channelScope, type MethodTable, needs } from './method.ts';
import { page } from './pages.ts';

function known(args: Args, state: SlackState): WorldChannel {
  const channel = state.workspace.channel(args.required('channel'));
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new ApiError('channel_not_found');
  return channel;
}

function readable(args: Args, state: SlackState): WorldChannel {
  const channel = known(args, state);
  if (!channel.botIsMember) throw new ApiError('not_in_channel');
  return channel;
}

function membersOf(channel: WorldChannel, state: SlackState): string[] {
  const people = channel.members ?? state.workspace.world.people.map((person) => person.id);
  return channel.botIsMember ? [...people, state.workspace.botUserId] : people;
}

function channelJson(channel: WorldChannel, state: SlackState): JsonObject {
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate ?? false,
    is_archived: false,
    is_general: channel.name === 'general',
    is_member: channel.botIsMember,
    is_shared: false,
    is_ext_shared: false,
    context_team_id: state.workspace.teamId,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: membersOf(channel, state).length,
  };
}

/** Keeps messages between `oldest` and `latest`, both exclusive unless `inclusive`. */
function within(messages: StoredMessage[], args: Args): StoredMessage[] {
  const inclusive = args.flag('inclusive');
  const oldest = timestamp(args, 'oldest', 0, 'invalid_ts_oldest');
  const latest = timestamp(args, 'latest', Number.POSITIVE_INFINITY, 'invalid_ts_latest');
  return messages.filter((message) => {
    const ts = Number(message.ts);
    return inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
  });
}

function timestamp(args: Args, name: string, fallback: number, error: string): number {
  const text = args.text(name);
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new ApiError(error);
  return value;
}

function pageOfMessages(messages: StoredMessage[], args: Args, state: SlackState): JsonObject {
  const { items, nextCursor } = page(messages, args, 100);
  const withMetadata = args.flag('include_all_metadata');
  return {
    messages: items.map((message) => messageJson(message, state.messages, state.workspace, withMetadata)),
    has_more: nextCursor !== '',
    ...(nextCursor !== '' && { response_metadata: { next_cursor: nextCursor } }),
  };
}

function history(args: Args, state: SlackState): JsonObject {
  const channel = readable(args, state);
  const newestFirst = within(state.messages.topLevel(channel.id), args).toReversed();
  return { ...pageOfMessages(newestFirst, args, state), pin_count: 0 };
}

function replies(args: Args, state: SlackState): JsonObject {
  const channel = readable(args, state);
  const asked = state.messages.find(channel.id, args.required('ts'));
  if (!asked) throw new ApiError('thread_not_found');
  // Asked with a reply's ts, Slack gives that one message alone.
  if (asked.threadTs !== null) return pageOfMessages([asked], args, state);
  const thread = [asked, ...within(state.messages.replies(channel.id, asked.ts), args)];
  return pageOfMessages(thread, args, state);
}

function list(args: Args, state: SlackState): JsonObject {
  const types = (args.text('types') || 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => !['public_channel', 'private_channel', 'im', 'mpim'].includes(type)))
    throw new ApiError('invalid_types');
  const visible = state.workspace.world.channels.filter((channel) =>
    channel.isPrivate
      ? types.includes('private_channel') && channel.botIsMember
      : types.includes('public_channel'),
  );
  const { items, nextCursor } = page(visible, args, 100);
  return {
    channels: items.map((channel) => channelJson(channel, state)),
    response_metadata: { next_cursor: nextCursor },
  };
}

function listScopes(args: Args): string[] {
  return (args.text('types') ?? '').includes('private_channel') ? ['groups:read'] : ['channels:read'];
}

function join(args: Args, state: SlackState): JsonObject {
  const channel = known(args, state);
  if (channel.isPrivate) throw new ApiError('method_not_supported_for_channel_type');
  if (channel.botIsMember)
    return {
      channel: channelJson(channel, state),
      warning: 'already_in_channel',
      response_metadata: { warnings: ['already_in_channel'] },
    };
  channel.botIsMember = true;
  state.workspace.changed();
  return { channel: channelJson(channel, state) };
}

function members(args: Args, state: SlackState): JsonObject {
  const { items, nextCursor } = page(membersOf(known(args, state), state), args, 100);
  return { members: items, response_metadata: { next_cursor: nextCursor } };
}

const reads = { token: 'bot', scopes: channelScope('read') } as const;
const readsMessages = { token: 'bot', scopes: channelScope('history'), limit: tiers.tier3 } as const;

export const conversationMethods: MethodTable = {
  'conversations.history': { ...readsMessages, run: history },
  'conversations.replies': { ...readsMessages, run: replies },
  'conversations.info': {
    ...reads,
    limit: tiers.tier3,
    run: (args, state) => ({ channel: channelJson(known(args, state), state) }),
  },
  'conversations.list': { token: 'bot', scopes: listScopes, limit: tiers.tier2, run: list },
  'conversations.join': { token: 'bot', scopes: needs('channels:join'), limit: tiers.tier3, run: join },
  'conversations.members': { ...reads, limit: tiers.tier4, run: members },
};
