import type { Channel, Message } from '../../slack/screen.ts';
import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { dayOf } from '../text/time.ts';
import { drawBar } from './bar.ts';
import { drawHint } from './hint.ts';
import { drawMessage } from './message.ts';
import { stickToEnd } from './scroll.ts';

/** Draws the open channel. */
export function drawChannel(app: App, channel: Channel): Child {
  const parents = new Map(
    channel.messages.flatMap((parent) => parent.replies.map((reply) => [reply, parent] as const)),
  );
  const messages = shown(channel, [...parents.keys()], app.state.loadedAt);
  return h(
    'main',
    { key: `channel ${channel.id}`, class: 'channel', 'aria-label': `Channel ${channel.name}` },
    drawBar(app, `# ${channel.name}`, channel.botIsMember ? '' : 'The bot is not in this channel'),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Messages', ...stickToEnd },
      h('div', { class: 'spring' }),
      drawHint(app),
      h(
        'ol',
        { class: 'messages' },
        messages.map((message, i) => [
          drawDay(message, messages[i - 1]),
          drawMessage(app, channel.id, message, { parent: parents.get(message) }),
        ]),
      ),
    ),
  );
}

/** Top-level messages and the replies that were sent to the channel as well, oldest first. */
function shown(channel: Channel, replies: Message[], loadedAt: number): Message[] {
  const broadcasts = replies.filter((reply) => reply.broadcast);
  const isForgotten = (message: Message) => message.ephemeral && Number(message.ts) < loadedAt;
  return [...channel.messages, ...broadcasts]
    .filter((message) => !isForgotten(message))
    .sort((one, other) => Number(one.ts) - Number(other.ts));
}

function drawDay(message: Message, before: Message | undefined): Child {
  const day = dayOf(message.ts);
  if (before && dayOf(before.ts) === day) return null;
  return h('li', { key: `day ${day}`, class: 'day' }, h('span', {}, day));
}
