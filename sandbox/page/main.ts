import { createActions } from './actions.ts';
import { announceNew } from './announce.ts';
import type { App } from './app.ts';
import { drawChannel } from './chat/channel.ts';
import { drawComposer } from './chat/composer.ts';
import { drawConfirm } from './chat/confirm.ts';
import { drawHome } from './chat/home.ts';
import { drawModal } from './chat/modal.ts';
import { drawSidebar } from './chat/sidebar.ts';
import { drawThread } from './chat/thread.ts';
import { type Child, draw, h } from './dom.ts';
import { readGitLab } from './gitlab-state.ts';
import { coalesced, follow } from './live.ts';
import { readFaults, resumeEndings } from './panel/fault-switch.ts';
import { drawPanel } from './panel/panel.ts';
import { productionServices } from './panel/production.ts';
import { fetchScreen, type GuideStep, type Service, ServiceError, type ServiceEvent } from './services.ts';
import { createStore, type State } from './store.ts';
import { readAws, readEcsScripts, readLinear, readProduction, readSentry, readWebsite } from './worlds.ts';

const page = byId('page');
const announcements = byId('announcements');
const store = createStore(() => draw(page, drawPage(app)));
const app: App = {
  state: store.state,
  change: store.change,
  refresh: async () => {
    await Promise.all(store.state.services.map((service) => refreshers[service]()));
    await refreshFaults();
  },
  actions: createActions(store, () => refreshers.slack()),
};

const reading = (read: () => Promise<void>) => coalesced(() => tolerant(read));
const refreshers: Record<Service, () => Promise<void>> = {
  slack: reading(readSlack),
  gitlab: reading(readProjects),
  linear: reading(async () => app.change({ linear: await readLinear() })),
  sentry: reading(async () => app.change({ sentry: await readSentry() })),
  website: reading(async () => app.change({ website: await readWebsite() })),
  aws: reading(async () => app.change({ aws: await readAws() })),
  production: reading(async () => app.change({ production: await readProduction() })),
};
const refreshFaults = coalesced(() => readFaults(app));

async function readProjects(): Promise<void> {
  const gitlab = await readGitLab();
  app.change((state) => {
    state.gitlab = gitlab;
    state.faultProject ??=
      (gitlab.projects.find(({ branches }) => branches.includes('release')) ?? gitlab.projects[0])?.path ??
      null;
  });
}

async function readSlack(): Promise<void> {
  const asked = app.state.userId ?? '';
  const screen = await fetchScreen(app.state.userId);
  // Somebody else was chosen in the meantime: the next read is theirs.
  if (asked !== (app.state.userId ?? '')) return;
  const before = app.state.screen;
  app.change((state) => {
    state.screen = screen;
    state.userId = screen.user.id;
    const known = state.place === 'home' || screen.channels.some((channel) => channel.id === state.place);
    if (!known) state.place = screen.channels[0]?.id ?? null;
    forgetDrafts(state);
  });
  announceNew(app.state, before, announcements);
}

/** What was typed into a view that is gone is gone, too. */
function forgetDrafts(state: State): void {
  const open = [...(state.screen?.views ?? []), state.screen?.home].map((view) => view?.id);
  for (const key of state.drafts.keys()) {
    const [place = ''] = key.split('/');
    const inView = !state.screen?.channels.some((channel) => channel.id === place);
    if (inView && !open.includes(place)) state.drafts.delete(key);
  }
}

/** A service that is away shows as "connecting…"; the stream of changes brings it back. */
async function tolerant(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
}

function drawPage(a: App): Child[] {
  const { state } = a;
  const { screen } = state;
  if (!screen) return [h('p', { class: 'starting', role: 'status' }, 'Connecting to the simulated Slack…')];
  const channel = screen.channels.find(({ id }) => id === state.place);
  const parent = channel?.messages.find(({ ts }) => ts === state.thread);
  return [
    h(
      'div',
      {
        class: ['layout', parent && 'with-thread', state.panelOpen && 'with-panel'].filter(Boolean).join(' '),
      },
      drawSidebar(a),
      channel ? drawChannel(a, channel) : drawHome(a),
      channel && parent && drawThread(a, channel, parent),
      channel && drawComposer(a, channel),
      drawPanel(a),
    ),
    drawModal(a, screen.views),
    drawConfirm(a),
  ];
}

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

/** Whatever hangs beside its anchor follows it when something scrolls or the window changes. */
function followAnchors(): void {
  const redraw = () => {
    if (app.state.list || app.state.menu || app.state.composer.startsWith('/')) app.change(() => undefined);
  };
  window.addEventListener('resize', redraw);
  const scrolled = (event: Event) => {
    if (!(event.target instanceof Element && event.target.matches('.popup'))) redraw();
  };
  document.addEventListener('scroll', scrolled, true);
}

/** While the tab is open, what it shows is read every second: nothing tells when a task stops or a gate opens. */
function keepProductionFresh(): void {
  window.setInterval(() => {
    const { panelOpen, panelTab } = app.state;
    if (document.hidden || !panelOpen || panelTab !== 'production') return;
    for (const service of productionServices) void refreshers[service]();
  }, 1000);
}

async function readScripts(): Promise<void> {
  if (!app.state.services.includes('production')) return;
  app.change({ ecsScripts: await readEcsScripts() });
}

async function start(): Promise<void> {
  const settings = (await (await fetch('/_page/settings.json')).json()) as {
    steps: GuideStep[];
    services: Service[];
  };
  app.change((state) => {
    state.steps = settings.steps;
    state.services = settings.services;
    state.hintDismissed = window.localStorage.getItem('hint-dismissed') === 'yes';
  });
  followAnchors();
  resumeEndings(app);
  keepProductionFresh();
  void tolerant(readScripts);
  follow('/_page/changes', changed, () => app.change({ connections: {} }));
}

/** Faults that strike a given number of times end by themselves: they are read again with every change. */
function changed({ service, connection }: ServiceEvent): void {
  app.change((state) => {
    state.connections = { ...state.connections, [service]: connection };
  });
  if (connection === 'live') void refreshers[service]().then(refreshFaults);
}

await start();
