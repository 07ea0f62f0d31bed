import type { ProductionState } from '../production/state.ts';
import type { Screen, View } from '../slack/screen.ts';
import type { Json } from './blocks/json.ts';
import type { ActiveFault } from './panel/fault-list.ts';
import type { Connection, GitLabState, GuideStep, Service } from './services.ts';
import type { AwsState, EcsScript, LinearState, SentryState, WebsiteState } from './worlds.ts';

export type PanelTab = 'guide' | 'faults' | 'gitlab' | 'staging' | 'production' | 'linear';

/** A choice not yet confirmed by the service, drawn at once so that the page never lags behind the hand. */
export type Draft = { text: string } | { chosen: Json[] };

/** An open list of options. Only one is open at a time. */
export interface OpenList {
  /** The element it belongs to, see `elementKey`. */
  key: string;
  query: string;
  /** Index of the option the arrows have reached. */
  active: number;
  /** Options the app answered (external select), or null while they are on their way. */
  found: Json[] | null;
  /** Why the app's options could not be had. */
  problem: string | null;
}

export interface OpenConfirm {
  /** Slack's confirm object, as the app sent it. */
  confirm: Json;
  proceed: () => void;
}

/** Everything the page shows. Drawn by pure functions of this. */
export interface State {
  userId: string | null;
  screen: Screen | null;
  gitlab: GitLabState | null;
  linear: LinearState | null;
  sentry: SentryState | null;
  website: WebsiteState | null;
  aws: AwsState | null;
  production: ProductionState | null;
  /** What the simulated ECS can play. */
  ecsScripts: EcsScript[];
  /** The services that this sandbox has. */
  services: Service[];
  /** Absent: connecting. */
  connections: Partial<Record<Service, Connection>>;
  /** A channel's id, or `home` for the app's Home. */
  place: string | null;
  /** The `ts` of the thread's parent, or null when no thread is open. */
  thread: string | null;
  composer: string;
  /** The completion the arrows have reached; -1 when the list was dismissed. */
  completion: number;
  threadComposer: string;
  /** What went wrong with the person's last action, in plain words. */
  notice: string | null;
  busy: boolean;
  drafts: Map<string, Draft>;
  list: OpenList | null;
  menu: { key: string; active: number } | null;
  confirm: OpenConfirm | null;
  hintDismissed: boolean;
  panelOpen: boolean;
  panelTab: PanelTab;
  faults: ActiveFault[];
  /** The project that a fault about one project strikes. */
  faultProject: string | null;
  /** Identifier of the Linear issue that is shown; null: the newest. */
  linearIssue: string | null;
  /** What shall happen at the next deployment, by region; absent: it goes well. */
  happenings: Record<string, string>;
  /** The next press or submit is delivered twice. */
  doubleClick: boolean;
  steps: GuideStep[];
  stepsDone: Set<number>;
  /** When this page was loaded, in seconds: Slack forgets earlier ephemeral messages on reload. */
  loadedAt: number;
}

export interface Store {
  readonly state: State;
  /** Changes the state and has the page drawn soon after; several changes are drawn once. */
  change: (change: Partial<State> | ((state: State) => void)) => void;
}

/** Makes the store; `redraw` runs in a microtask after each batch of changes. */
export function createStore(redraw: (state: State) => void): Store {
  const state = firstState();
  let waiting = false;
  const change: Store['change'] = (wanted) => {
    if (typeof wanted === 'function') wanted(state);
    else Object.assign(state, wanted);
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      redraw(state);
    });
  };
  return { state, change };
}

function firstState(): State {
  return {
    userId: null,
    screen: null,
    gitlab: null,
    linear: null,
    sentry: null,
    website: null,
    aws: null,
    production: null,
    ecsScripts: [],
    services: [],
    connections: {},
    place: null,
    thread: null,
    composer: '',
    completion: 0,
    threadComposer: '',
    notice: null,
    busy: false,
    drafts: new Map(),
    list: null,
    menu: null,
    confirm: null,
    hintDismissed: false,
    panelOpen: window.matchMedia('(min-width: 1101px)').matches,
    panelTab: 'guide',
    faults: [],
    faultProject: null,
    linearIssue: null,
    happenings: {},
    doubleClick: false,
    steps: [],
    stepsDone: new Set(),
    loadedAt: performance.timeOrigin / 1000,
  };
}

/** The modal that can be used now: the top of the stack. */
export function topView(state: State): View | undefined {
  return state.screen?.views.at(-1);
}

/** The name of a person, the bot, a channel or a user group; the id itself for anything unknown. */
export function nameOf(state: State, id: string): string {
  const person = state.screen?.people.find((one) => one.id === id);
  if (person) return person.realName || person.name;
  if (id === 'USLACKBOT') return 'Slackbot';
  const { channels = [], userGroups = [] } = state.screen ?? {};
  return channels.find((one) => one.id === id)?.name ?? userGroups.find((one) => one.id === id)?.handle ?? id;
}
