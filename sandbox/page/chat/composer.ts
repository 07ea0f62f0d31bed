import type { Channel, Screen } from '../../slack/screen.ts';
import type { App } from '../app.ts';
import { showBeside } from '../blocks/popup.ts';
import { type Child, h } from '../dom.ts';
import type { State } from '../store.ts';

type Command = Screen['commands'][number];

/** Draws the command box with its completion, and above it what went wrong with the last action. */
export function drawComposer(app: App, channel: Channel): Child {
  const { state } = app;
  const offers = completions(state);
  const usage = usageFor(state);
  return h(
    'form',
    {
      key: 'composer',
      class: 'composer',
      'aria-label': 'Write',
      on: {
        submit: (event) => {
          event.preventDefault();
          send(app, channel);
        },
      },
    },
    drawNotice(app),
    h('div', { class: 'composer-box' }, drawBox(app, channel, offers), drawSend(state)),
    offers.length > 0 && drawCompletions(app, offers),
    h(
      'p',
      { class: 'composer-help' },
      usage ? [h('code', {}, usage.command), ` ${usage.usageHint}`] : 'Type / for commands. Enter sends.',
    ),
  );
}

function drawNotice(app: App): Child {
  const notice = app.state.notice;
  return h(
    'div',
    { role: 'alert', class: 'notice-place' },
    notice !== null &&
      h(
        'div',
        { class: 'notice' },
        h('span', {}, h('span', { 'aria-hidden': 'true' }, '⚠ '), notice),
        h(
          'button',
          {
            type: 'button',
            class: 'close-button',
            'aria-label': 'Dismiss',
            on: { click: () => app.change({ notice: null }) },
          },
          '×',
        ),
      ),
  );
}

function drawBox(app: App, channel: Channel, offers: Command[]): Child {
  const { state } = app;
  return h('input', {
    id: 'composer',
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': `Message or command in #${channel.name}`,
    'aria-autocomplete': 'list',
    'aria-expanded': String(offers.length > 0),
    'aria-controls': 'completions',
    'aria-activedescendant': offers.length > 0 ? `completion-${state.completion}` : undefined,
    placeholder: `Message #${channel.name}, or type / for commands`,
    value: state.composer,
    on: {
      input: (event) =>
        app.change((s) => {
          s.composer = (event.target as HTMLInputElement).value;
          s.completion = 0;
        }),
      keydown: (event) => keyInComposer(app, event, offers),
    },
  });
}

function drawSend(state: State): Child {
  return h(
    'button',
    { type: 'submit', class: 'button primary small', disabled: state.busy || state.composer.trim() === '' },
    state.busy ? 'Sending…' : 'Send',
  );
}

function drawCompletions(app: App, offers: Command[]): Child {
  return h(
    'div',
    {
      class: 'popup',
      popover: 'manual',
      drawn: (popup) => showAbove(popup),
      on: { mousedown: (event) => event.preventDefault() },
    },
    h(
      'ul',
      { id: 'completions', role: 'listbox', 'aria-label': 'Commands' },
      offers.map((offer, i) =>
        h(
          'li',
          {
            key: offer.command,
            id: `completion-${i}`,
            role: 'option',
            class: 'option command-option',
            'aria-selected': String(i === app.state.completion),
            'data-active': i === app.state.completion,
            on: { click: () => complete(app, offer) },
          },
          h('span', {}, h('strong', {}, offer.command), ` ${offer.usageHint}`),
          h('span', { class: 'option-description' }, offer.description),
        ),
      ),
    ),
  );
}

/** The completion list hangs on the box, which is its neighbour. */
function showAbove(popup: HTMLElement): void {
  showBeside(popup);
}

function keyInComposer(app: App, event: KeyboardEvent, offers: Command[]): void {
  if (event.isComposing || offers.length === 0) return;
  const active = offers[app.state.completion];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    app.change({ completion: (app.state.completion + step + offers.length) % offers.length });
  } else if (event.key === 'Escape') app.change({ completion: -1 });
  else if ((event.key === 'Tab' && !event.shiftKey) || event.key === 'Enter') {
    // A command typed in full is sent by Enter at once.
    if (!active || (event.key === 'Enter' && app.state.composer === active.command)) return;
    complete(app, active);
  } else return;
  event.preventDefault();
}

function complete(app: App, offer: Command): void {
  app.change({ composer: `${offer.command} ` });
}

/** Commands that begin with what was typed, while the command itself is being typed. */
function completions(state: State): Command[] {
  const typed = state.composer;
  if (!typed.startsWith('/') || typed.includes(' ') || state.completion < 0) return [];
  return (state.screen?.commands ?? []).filter((offer) => offer.command.startsWith(typed.toLowerCase()));
}

function usageFor(state: State): Command | undefined {
  const [word] = state.composer.split(' ');
  return state.screen?.commands.find((offer) => offer.command === word);
}

function send(app: App, channel: Channel): void {
  const line = app.state.composer.trim();
  if (line === '' || app.state.busy) return;
  app.change((state) => {
    state.composer = '';
    state.busy = true;
  });
  void carryOut(app, channel, line).finally(() => app.change({ busy: false }));
}

async function carryOut(app: App, channel: Channel, line: string): Promise<void> {
  if (!line.startsWith('/')) return app.actions.say(channel.id, line);
  const [, command = line, words = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  if (app.state.screen?.commands.some((offer) => offer.command === command)) {
    return app.actions.command(channel.id, command, words);
  }
  app.change((state) => {
    state.composer = line;
    state.notice = `${command} is not a valid command. Type / to see the commands there are.`;
  });
}
