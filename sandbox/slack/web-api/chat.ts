import { isObject, type JsonObject } from '../../shared/json.ts';
import { messageJson } from '../message-json.ts';
import type { StoredMessage } from '../messages.ts';
import { tiers } from '../rate.ts';
import type { Block } from '../screen.ts';
import type { SlackState } from '../state.ts';
import { refuseBlocks } from '../validate.ts';
import { escapedBytes, slackLength } from '../validate-text.ts';
import { fillIds } from '../views.ts';
import type { WorldChannel } from '../workspace.ts';
import { ApiError, type Args, type MethodTable, needs, throwRefusal } from './method.ts';

const maxText = 40_000;
const maxUpdateBytes = 4000;
const maxMetadataBytes = 1024;
const tsPattern = /^\d{10}\.\d{6}$/;

/** The channel of a chat.* call, which the bot must be in. Changing a message takes the id only. */
function postable(args: Args, state: SlackState, byName = true): WorldChannel {
  const channel = state.workspace.channel(args.required('channel'), byName);
  if (!channel || (channel.isPrivate && !channel.botIsMember)) throw new ApiError('channel_not_found');
  if (!channel.botIsMember) throw new ApiError('not_in_channel');
  return channel;
}

/** Validated blocks with ids, or undefined when the call has none. Legacy attachments are not simulated. */
function blocksOf(args: Args): Block[] | undefined {
  if (args.text('attachments') !== undefined) throw new ApiError('invalid_attachments');
  const blocks = args.json('blocks', 'invalid_blocks_format');
  if (blocks === undefined || blocks === null) return undefined;
  throwRefusal(refuseBlocks(blocks));
  return fillIds(blocks as JsonObject[]);
}

function metadataOf(args: Args): JsonObject | null | undefined {
  const metadata = args.json('metadata', 'invalid_metadata_format');
  if (metadata === undefined || metadata === null) return undefined;
  if (!isObject(metadata)) throw new ApiError('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return null;
  const keys = Object.keys(metadata).filter(
    (key) => !['event_type', 'event_payload', 'entities'].includes(key),
  );
  const type = metadata['event_type'];
  if (keys.length > 0 || typeof type !== 'string' || type === '' || !isObject(metadata['event_payload']))
    throw new ApiError('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(metadata)) > maxMetadataBytes)
    throw new ApiError('metadata_too_large');
  return metadata;
}

/** The ts of the thread's parent, or null; a reply's ts leads to its parent, as in Slack. */
function threadOf(args: Args, channel: WorldChannel, state: SlackState): string | null {
  const ts = args.text('thread_ts');
  if (ts === undefined || ts === '') return null;
  if (!tsPattern.test(ts)) throw new ApiError('invalid_thread_ts');
  const parent = state.messages.threadParent(channel.id, ts);
  if (!parent) throw new ApiError('thread_not_found');
  return parent.ts;
}

function content(args: Args): { text: string; blocks: Block[] } {
  const blocks = blocksOf(args) ?? [];
  const text = args.text('text') ?? '';
  if (text === '' && blocks.length === 0) throw new ApiError('no_text');
  if (slackLength(text) > maxText) throw new ApiError('msg_too_long');
  return { text, blocks };
}

function existing(args: Args, channel: WorldChannel, state: SlackState): StoredMessage {
  const message = state.messages.find(channel.id, args.required('ts'));
  if (!message) throw new ApiError('message_not_found');
  return message;
}

function postMessage(args: Args, state: SlackState): JsonObject {
  const channel = postable(args, state);
  const { text, blocks } = content(args);
  const metadata = metadataOf(args) ?? null;
  const threadTs = threadOf(args, channel, state);
  const message = state.messages.add({
    channel: channel.id,
    user: state.workspace.botUserId,
    text,
    blocks,
    metadata,
    threadTs,
    broadcast: threadTs !== null && args.flag('reply_broadcast'),
  });
  const shown = messageJson(message, state.messages, state.workspace, true);
  return { channel: channel.id, ts: message.ts, message: shown };
}

function update(args: Args, state: SlackState): JsonObject {
  const channel = postable(args, state, false);
  const ts = args.required('ts');
  const blocks = blocksOf(args);
  const text = args.text('text');
  if (text === undefined && blocks === undefined) throw new ApiError('no_text');
  if (text !== undefined && escapedBytes(text) > maxUpdateBytes) throw new ApiError('msg_too_long');
  const metadata = metadataOf(args);
  const message = state.messages.find(channel.id, ts);
  if (!message) throw new ApiError('message_not_found');
  if (!message.byBot) throw new ApiError('cant_update_message');
  if ((text ?? message.text) === '' && (blocks ?? message.blocks).length === 0) throw new ApiError('no_text');
  state.messages.update(message, {
    ...(text !== undefined && { text }),
    ...(blocks !== undefined && { blocks }),
    ...(metadata !== undefined && { metadata }),
    ...(args.flag('reply_broadcast') && message.threadTs !== null && { broadcast: true }),
  });
  const shown = messageJson(message, state.messages, state.workspace, true);
  return { channel: channel.id, ts: message.ts, text: message.text, message: shown };
}

function postEphemeral(args: Args, state: SlackState): JsonObject {
  const channel = postable(args, state);
  const user = args.required('user');
  if (!state.workspace.person(user) || !state.workspace.isInChannel(channel, user))
    throw new ApiError('user_not_in_channel');
  const { text, blocks } = content(args);
  const threadTs = threadOf(args, channel, state);
  const message = state.messages.add({
    channel: channel.id,
    user: state.workspace.botUserId,
    text,
    blocks,
    threadTs,
    ephemeralFor: user,
  });
  return { message_ts: message.ts };
}

function remove(args: Args, state: SlackState): JsonObject {
  const channel = postable(args, state, false);
  const message = existing(args, channel, state);
  if (!message.byBot) throw new ApiError('cant_delete_message');
  state.messages.remove(message);
  return { channel: channel.id, ts: message.ts };
}

function getPermalink(args: Args, state: SlackState): JsonObject {
  const channel = state.workspace.channel(args.required('channel'));
  if (!channel) throw new ApiError('channel_not_found');
  const message = state.messages.find(channel.id, args.required('message_ts'));
  if (!message) throw new ApiError('message_not_found');
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  const path = `/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { channel: channel.id, permalink: `https://${state.workspace.teamDomain}.slack.com${path}` };
}

function addReaction(args: Args, state: SlackState): JsonObject {
  const channel = state.workspace.channel(args.required('channel'));
  if (!channel) throw new ApiError('channel_not_found');
  if (!channel.botIsMember) throw new ApiError('not_in_channel');
  const name = args.required('name');
  if (!/^[a-z0-9_+'-]+$/.test(name)) throw new ApiError('invalid_name');
  const message = state.messages.find(channel.id, args.required('timestamp'));
  if (!message) throw new ApiError('message_not_found');
  const users = message.reactions.get(name) ?? [];
  if (users.includes(state.workspace.botUserId)) throw new ApiError('already_reacted');
  message.reactions.set(name, [...users, state.workspace.botUserId]);
  state.workspace.changed();
  return {};
}

const write = { token: 'bot', scopes: needs('chat:write') } as const;

export const chatMethods: MethodTable = {
  // The limit of one a second and channel is counted in dispatch.ts, beside this general one.
  'chat.postMessage': { ...write, limit: tiers.special, run: postMessage },
  'chat.update': { ...write, limit: tiers.tier3, run: update },
  'chat.postEphemeral': { ...write, limit: tiers.tier4, run: postEphemeral },
  'chat.delete': { ...write, limit: tiers.tier3, run: remove },
  'chat.getPermalink': { token: 'bot', scopes: needs(), limit: tiers.special, run: getPermalink },
  'reactions.add': { token: 'bot', scopes: needs('reactions:write'), limit: tiers.tier3, run: addReaction },
};
