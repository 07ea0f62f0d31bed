import type { Channel, Message } from '../../slack/screen.ts';
import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { drawMessage } from './message.ts';
import { stickToEnd } from './scroll.ts';

/** Draws the open thread: its parent, the replies, and a box to reply. */
export function drawThread(app: App, channel: Channel, parent: Message): Child {
  const close = () => {
    app.change({ thread: null });
    document.querySelector<HTMLElement>(`[data-thread="${parent.ts}"]`)?.focus();
  };
  const count = parent.replies.length;
  return h(
    'aside',
    {
      key: `thread ${parent.ts}`,
      class: 'thread',
      'aria-label': 'Thread',
      mounted: (thread) => thread.querySelector<HTMLElement>('h2')?.focus(),
      on: {
        keydown: (event) => {
          if (event.key === 'Escape' && !app.state.list) close();
        },
      },
    },
    h(
      'header',
      { class: 'bar' },
      h('h2', { tabindex: -1 }, 'Thread'),
      h('span', { class: 'bar-note' }, `# ${channel.name}`),
      h('span', { class: 'spring' }),
      h(
        'button',
        { type: 'button', class: 'close-button', 'aria-label': 'Close the thread', on: { click: close } },
        '×',
      ),
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Replies', ...stickToEnd },
      h('ol', { class: 'messages' }, drawMessage(app, channel.id, parent, 'thread')),
      h('p', { class: 'reply-count' }, h('span', {}, count === 1 ? '1 reply' : `${count} replies`)),
      h(
        'ol',
        { class: 'messages' },
        parent.replies.map((reply) => drawMessage(app, channel.id, reply, 'thread')),
      ),
    ),
    drawReplyBox(app, channel, parent),
  );
}

function drawReplyBox(app: App, channel: Channel, parent: Message): Child {
  const { state } = app;
  const send = () => {
    const words = state.threadComposer.trim();
    if (words === '') return;
    if (words.startsWith('/')) {
      // As in Slack: commands belong to the channel.
      app.change({ notice: `${words.split(' ')[0]} is not supported in threads. Type it in the channel.` });
      return;
    }
    app.change({ threadComposer: '' });
    void app.actions.say(channel.id, words, parent.ts);
  };
  return h(
    'form',
    {
      class: 'reply-box',
      on: {
        submit: (event) => {
          event.preventDefault();
          send();
        },
      },
    },
    h('input', {
      type: 'text',
      class: 'text-input',
      'aria-label': 'Reply in the thread',
      placeholder: 'Reply…',
      autocomplete: 'off',
      value: state.threadComposer,
      on: {
        input: (event) => app.change({ threadComposer: (event.target as HTMLInputElement).value }),
      },
    }),
  );
}
