import type { JsonObject } from '../shared/json.ts';
import type { Messages, StoredMessage } from './messages.ts';
import type { Workspace } from './workspace.ts';

/** A message as the Web API and interaction payloads show it. Metadata is left out unless asked for. */
export function messageJson(
  message: StoredMessage,
  messages: Messages,
  workspace: Workspace,
  withMetadata: boolean,
): JsonObject {
  const replies = message.threadTs === null ? messages.replies(message.channel, message.ts) : [];
  return {
    type: 'message',
    ...(message.broadcast && { subtype: 'thread_broadcast' }),
    user: message.user,
    ts: message.ts,
    ...(message.byBot && botFields(workspace)),
    team: workspace.teamId,
    text: message.text,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.edited && { edited: { user: message.user, ts: message.edited } }),
    ...(message.threadTs && { thread_ts: message.threadTs }),
    ...(replies.length > 0 && threadFields(message, replies)),
    ...(message.reactions.size > 0 && {
      reactions: [...message.reactions].map(([name, users]) => ({ name, users, count: users.length })),
    }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
  };
}

function botFields(workspace: Workspace): JsonObject {
  return {
    bot_id: workspace.botId,
    app_id: workspace.appId,
    bot_profile: {
      id: workspace.botId,
      app_id: workspace.appId,
      name: workspace.botName,
      team_id: workspace.teamId,
      deleted: false,
    },
  };
}

function threadFields(message: StoredMessage, replies: StoredMessage[]): JsonObject {
  const users = [...new Set(replies.map((reply) => reply.user))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: replies.at(-1)?.ts,
    is_locked: false,
    subscribed: false,
  };
}
