import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import type { State } from '../store.ts';

/** Draws the sidebar: channels, the app's Home, and who the person at the keyboard is. */
export function drawSidebar(app: App): Child {
  const { state } = app;
  const bot = state.screen?.people.find((person) => person.isBot);
  return h(
    'nav',
    { class: 'sidebar', 'aria-label': 'Workspace' },
    h(
      'div',
      { class: 'brand' },
      h('strong', {}, 'gonogo sandbox'),
      h('span', { class: 'label-simulated' }, 'Simulated workspace'),
    ),
    h('h2', {}, 'Channels'),
    h(
      'ul',
      { class: 'places' },
      (state.screen?.channels ?? []).map((channel) => drawPlace(app, channel.id, '#', channel.name)),
    ),
    bot && [
      h('h2', {}, 'App'),
      h('ul', { class: 'places' }, drawPlace(app, 'home', '⌂', `${bot.realName || bot.name} Home`)),
    ],
    h('div', { class: 'spring' }),
    drawConnection(state),
    drawWho(app),
  );
}

function drawPlace(app: App, id: string, sign: string, name: string): Child {
  const here = app.state.place === id;
  const go = () => {
    app.change((state) => {
      state.place = id;
      state.thread = null;
    });
    if (id === 'home') void app.actions.openHome();
  };
  return h(
    'li',
    { key: id },
    h(
      'button',
      { type: 'button', class: 'place', 'aria-current': here && 'page', on: { click: go } },
      h('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      h('span', { class: 'place-name' }, name),
    ),
  );
}

function drawConnection(state: State): Child {
  const connected = state.connections.slack === 'live';
  const [kind, words] = !connected
    ? ['wait', 'Connecting to the simulated Slack…']
    : state.screen?.appConnected
      ? ['on', 'Bot connected']
      : ['wait', 'Bot not connected yet…'];
  return h('p', { class: `connection ${kind}`, role: 'status' }, words);
}

function drawWho(app: App): Child {
  const { state } = app;
  const people = (state.screen?.people ?? []).filter((person) => !person.isBot);
  const me = people.find((person) => person.id === state.userId);
  const become = (event: Event) => {
    const id = (event.target as HTMLSelectElement).value;
    app.change((changed) => {
      changed.userId = id;
      changed.drafts.clear();
      changed.list = null;
      changed.thread = null;
      changed.notice = null;
    });
    void app.refresh();
    if (state.place === 'home') void app.actions.openHome();
  };
  const groups = me?.groups ?? [];
  return h(
    'div',
    { class: 'who' },
    h('label', { for: 'who' }, 'You are'),
    h(
      'select',
      { id: 'who', value: state.userId ?? '', on: { change: become }, 'aria-describedby': 'who-groups' },
      people.map((person) =>
        h('option', { key: person.id, value: person.id }, person.realName || person.name),
      ),
    ),
    h(
      'p',
      { id: 'who-groups' },
      groups.length > 0 ? groups.map((group) => `@${group}`).join(', ') : 'in no user group',
    ),
  );
}
