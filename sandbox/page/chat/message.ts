import type { Message } from '../../slack/screen.ts';
import type { App } from '../app.ts';
import { drawBlocks } from '../blocks/blocks.ts';
import { type Child, h } from '../dom.ts';
import { nameOf } from '../store.ts';
import { drawMrkdwn, spoken } from '../text/mrkdwn-draw.ts';
import { dateOf, fullTime, timeOf } from '../text/time.ts';

const colours = 6;

/** Where a message is shown: in the open thread, or in the channel; there a reply that was sent to both has a parent. */
type Where = 'thread' | { parent: Message | undefined };

/** Draws one message: who, when, its blocks (or its text), and in the channel the way into its thread. */
export function drawMessage(app: App, channel: string, message: Message, where: Where): Child {
  const author = app.state.screen?.people.find((person) => person.id === message.user);
  const isBot = author?.isBot === true;
  const name = nameOf(app.state, message.user);
  return h(
    'li',
    {
      key: `${message.ts}${message.ephemeral ? ' only you' : ''}`,
      class: message.ephemeral ? 'message ephemeral' : 'message',
    },
    message.ephemeral &&
      h('p', { class: 'only-you' }, h('span', { 'aria-hidden': 'true' }, '👁️ '), 'Only visible to you'),
    h(
      'div',
      { class: isBot ? 'avatar bot' : `avatar colour-${colourOf(message.user)}`, 'aria-hidden': 'true' },
      initials(name),
    ),
    h(
      'div',
      { class: 'message-body' },
      h(
        'div',
        { class: 'message-head' },
        h('strong', {}, name),
        isBot && h('span', { class: 'app-tag' }, 'APP'),
        h(
          'time',
          { datetime: dateOf(message.ts).toISOString(), title: fullTime(message.ts) },
          timeOf(message.ts),
        ),
        message.edited !== null &&
          h('span', { class: 'edited', title: fullTime(message.edited) }, '(edited)'),
      ),
      where !== 'thread' && where.parent && drawBroadcast(app, where.parent),
      message.blocks.length > 0
        ? drawBlocks(app, message.blocks, { place: { channel, ts: message.ts }, values: null })
        : h('div', { class: 'message-text' }, drawMrkdwn(app.state, message.text)),
      where === 'thread'
        ? message.broadcast && h('p', { class: 'broadcast' }, 'Also sent to the channel')
        : drawReplies(app, message),
    ),
  );
}

/** Says above a reply in the channel which thread it belongs to, and opens that. */
function drawBroadcast(app: App, parent: Message): Child {
  const words = spoken(app.state, parent.text).replace(/\s+/g, ' ').trim();
  return h(
    'p',
    { class: 'broadcast' },
    'replied to a thread: ',
    h(
      'button',
      { type: 'button', class: 'link-button', on: { click: () => app.change({ thread: parent.ts }) } },
      words === '' ? 'open the thread' : words,
    ),
  );
}

function drawReplies(app: App, message: Message): Child {
  const last = message.replies.at(-1);
  if (!last) return null;
  const count = message.replies.length;
  const open = app.state.thread === message.ts;
  return h(
    'button',
    {
      type: 'button',
      class: 'replies',
      'data-thread': message.ts,
      'aria-expanded': String(open),
      on: { click: () => app.change({ thread: message.ts }) },
    },
    h('strong', {}, count === 1 ? '1 reply' : `${count} replies`),
    h('span', {}, ` Last reply at ${timeOf(last.ts)}`),
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}

function colourOf(id: string): number {
  return [...id].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % colours;
}
