import type { JsonObject } from '../shared/json.ts';
import { messageJson } from './message-json.ts';
import type { StoredMessage } from './messages.ts';
import type { SlackState } from './state.ts';
import type { Values } from './view-state.ts';
import type { StoredView } from './views.ts';
import { newId, type WorldChannel, type WorldPerson } from './workspace.ts';

/** The fields that every interaction payload carries. */
export function interactionBase(type: string, person: WorldPerson, state: SlackState): JsonObject {
  const { workspace } = state;
  return {
    type,
    user: { id: person.id, username: person.name, name: person.name, team_id: workspace.teamId },
    api_app_id: workspace.appId,
    token: workspace.verificationToken,
    team: { id: workspace.teamId, domain: workspace.teamDomain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** A slash command, every field a string as in Slack's form. */
export function commandPayload(
  command: string,
  text: string,
  person: WorldPerson,
  channel: WorldChannel,
  state: SlackState,
): JsonObject {
  const { workspace } = state;
  const target = { user: person.id, channel: channel.id, messageTs: null, threadTs: null };
  return {
    token: workspace.verificationToken,
    team_id: workspace.teamId,
    team_domain: workspace.teamDomain,
    channel_id: channel.id,
    channel_name: channel.isPrivate ? 'privategroup' : channel.name,
    user_id: person.id,
    user_name: person.name,
    command,
    text: escapeCommandText(text, state),
    api_app_id: workspace.appId,
    is_enterprise_install: 'false',
    response_url: state.url + state.responseUrls.issue(target),
    trigger_id: state.triggers.issue({ user: person.id, modalId: null }),
  };
}

/** What `should_escape: true` does to a command's text: entities, and known names as `<@U…|name>`. */
function escapeCommandText(text: string, { workspace }: SlackState): string {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return escaped.replace(/(^|\s)([@#])([\w.-]+)/g, (whole, before: string, sign: string, name: string) => {
    if (sign === '#') {
      const channel = workspace.world.channels.find((each) => each.name === name);
      return channel ? `${before}<#${channel.id}|${channel.name}>` : whole;
    }
    const person = workspace.world.people.find((each) => each.name === name);
    if (person) return `${before}<@${person.id}|${person.name}>`;
    const group = workspace.world.userGroups.find((each) => each.handle === name);
    return group ? `${before}<!subteam^${group.id}|@${group.handle}>` : whole;
  });
}

/** Where a block element was touched, with the payload fields that tell the app so. */
export function viewContext(view: StoredView, state: SlackState): JsonObject {
  return { container: { type: 'view', view_id: view.id }, view: state.views.json(view, true) };
}

export function messageContext(message: StoredMessage, state: SlackState): JsonObject {
  const channel = state.workspace.channel(message.channel);
  const isEphemeral = message.ephemeralFor !== null;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: isEphemeral,
      ...(message.threadTs && { thread_ts: message.threadTs }),
    },
    channel: { id: message.channel, name: channel?.name ?? 'directmessage' },
    // An ephemeral message is not kept, so Slack cannot send it along.
    ...(!isEphemeral && { message: messageJson(message, state.messages, state.workspace, false) }),
  };
}

/** block_actions from a message: with its state and a response_url. */
export function messageActionFields(
  message: StoredMessage,
  user: string,
  values: Values,
  state: SlackState,
): JsonObject {
  const target = { user, channel: message.channel, messageTs: message.ts, threadTs: message.threadTs };
  return {
    ...messageContext(message, state),
    state: { values },
    response_url: state.url + state.responseUrls.issue(target),
  };
}

/** The wrapper of an Events API event. */
export function eventPayload(event: JsonObject, state: SlackState): JsonObject {
  const { workspace } = state;
  return {
    token: workspace.verificationToken,
    team_id: workspace.teamId,
    context_team_id: workspace.teamId,
    context_enterprise_id: null,
    api_app_id: workspace.appId,
    event,
    type: 'event_callback',
    event_id: newId('Ev'),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.teamId,
        user_id: workspace.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: newId('4-'),
  };
}
