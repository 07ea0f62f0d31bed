import { isObject, type JsonObject } from '../shared/json.ts';
import { isVisible, type StoredMessage } from './messages.ts';
import type { Channel, Message, Person, Screen, View } from './screen.ts';
import type { SlackState } from './state.ts';
import type { StoredView } from './views.ts';
import type { WorldChannel } from './workspace.ts';

/** What a person sees now; `fresh` leaves out the ephemeral messages, as a reload does. */
export function screenOf(userId: string, fresh: boolean, state: SlackState): Screen | undefined {
  const people = peopleOf(state);
  const user = people.find((person) => person.id === userId && !person.isBot);
  if (!user) return undefined;
  const { workspace, views } = state;
  const home = views.home(userId);
  return {
    user,
    people,
    userGroups: workspace.world.userGroups.map(({ id, handle }) => ({ id, handle })),
    channels: workspace.world.channels
      .filter((channel) => workspace.isInChannel(channel, userId))
      .map((channel) => channelOf(channel, userId, fresh, state)),
    views: views.stack(userId).map(viewOf),
    home: home ? viewOf(home) : null,
    commands: workspace.world.commands,
    appConnected: state.deliveries.connected,
    revision: workspace.revision,
  };
}

function peopleOf({ workspace }: SlackState): Person[] {
  const bot = {
    id: workspace.botUserId,
    name: workspace.botName,
    realName: workspace.botName,
    isBot: true,
    groups: [],
  };
  const people = workspace.world.people.map((person) => ({
    id: person.id,
    name: person.name,
    realName: person.realName,
    isBot: false,
    groups: workspace.world.userGroups
      .filter((group) => group.users.includes(person.id))
      .map((group) => group.handle),
  }));
  return [...people, bot];
}

function channelOf(channel: WorldChannel, userId: string, fresh: boolean, state: SlackState): Channel {
  const visible = state.messages
    .all(channel.id)
    .filter((message) => isVisible(message, userId) && !(fresh && message.ephemeralFor !== null));
  const repliesOf = Map.groupBy(visible, (message) => message.threadTs);
  return {
    id: channel.id,
    name: channel.name,
    botIsMember: channel.botIsMember,
    messages: (repliesOf.get(null) ?? []).map((message) => ({
      ...messageOf(message),
      replies: (repliesOf.get(message.ts) ?? []).map(messageOf),
    })),
  };
}

function messageOf(message: StoredMessage): Message {
  return {
    ts: message.ts,
    user: message.user,
    text: message.text,
    blocks: message.blocks,
    edited: message.edited,
    ephemeral: message.ephemeralFor !== null,
    replies: [],
    broadcast: message.broadcast,
  };
}

function viewOf(view: StoredView): View {
  const { source } = view;
  return {
    id: view.id,
    type: view.type,
    callbackId: String(source['callback_id'] ?? ''),
    title: textOf(source['title']) ?? '',
    submit: textOf(source['submit']),
    close: textOf(source['close']) ?? 'Close',
    blocks: source.blocks,
    hash: view.hash,
    errors: view.errors,
    values: view.values,
    busy: view.busy,
    trouble: view.trouble,
  };
}

function textOf(text: unknown): string | null {
  return isObject(text) ? String((text satisfies JsonObject)['text']) : null;
}
