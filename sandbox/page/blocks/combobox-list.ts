import type { App } from '../app.ts';
import { ServiceError } from '../services.ts';
import type { Element } from './element.ts';
import { type Json, text } from './json.ts';
import { labelOf, optionsOf } from './values.ts';

/** What an open list offers. */
export interface Offer {
  options: Json[];
  query: string;
  active: number;
  loading: boolean;
  /** Said below the options: that they are on their way, that there are none, or what went wrong. */
  message: string | null;
}

/** How long the fingers must rest before the app is asked. */
const restMs = 150;
/** Slack asks the app from the third letter on unless it says otherwise. */
const defaultMinQuery = 3;

/** What the element's list offers now, or null when it is closed. */
export function offered(app: App, element: Element): Offer | null {
  const list = app.state.list;
  if (list?.key !== element.target.key) return null;
  const base = { query: list.query, loading: false };
  if (!isExternal(element)) {
    const options = matching(optionsOf(element.json), list.query);
    return {
      ...base,
      options,
      active: clamp(list.active, options),
      message: options.length > 0 ? null : nothing(list.query),
    };
  }
  const missing = minQuery(element) - list.query.length;
  if (missing > 0) {
    return {
      ...base,
      options: [],
      active: 0,
      message: `Type ${missing} more ${missing === 1 ? 'letter' : 'letters'}`,
    };
  }
  if (list.problem !== null) return { ...base, options: [], active: 0, message: list.problem };
  if (!list.found) return { ...base, options: [], active: 0, loading: true, message: 'Looking…' };
  const message = list.found.length > 0 ? null : nothing(list.query);
  return { ...base, options: list.found, active: clamp(list.active, list.found), message };
}

function clamp(index: number, options: Json[]): number {
  return Math.max(0, Math.min(index, options.length - 1));
}

function nothing(query: string): string {
  return query === '' ? 'Nothing to choose from' : `Nothing matches “${query}”`;
}

function matching(options: Json[], query: string): Json[] {
  const wanted = query.trim().toLowerCase();
  return wanted === '' ? options : options.filter((option) => labelOf(option).toLowerCase().includes(wanted));
}

function isExternal(element: Element): boolean {
  return text(element.json['type']).endsWith('external_select');
}

function minQuery(element: Element): number {
  const least = element.json['min_query_length'];
  return typeof least === 'number' ? least : defaultMinQuery;
}

/** Opens the list; does nothing when it is open already. */
export function open(app: App, element: Element): void {
  if (app.state.list?.key !== element.target.key) query(app, element, '');
}

/** Takes what was typed, and asks the app where the options are its own. */
export function query(app: App, element: Element, typed: string): void {
  const { key } = element.target;
  app.change({ list: { key, query: typed, active: 0, found: null, problem: null } });
  if (!isExternal(element) || typed.length < minQuery(element)) return;
  window.setTimeout(() => void ask(app, element, typed), typed === '' ? 0 : restMs);
}

async function ask(app: App, element: Element, typed: string): Promise<void> {
  const current = () => app.state.list?.key === element.target.key && app.state.list.query === typed;
  if (!current()) return;
  const answer = await app.actions
    .suggest(element.target, typed)
    .then((found) => ({ found, problem: null }))
    .catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      return { found: null, problem: 'The options could not be loaded. Type again to retry.' };
    });
  app.change((state) => {
    if (state.list && current()) Object.assign(state.list, answer);
  });
}

/** The keyboard in a combobox: arrows, Enter to take, Escape to close (and not the modal around it). */
export function keyInList(
  app: App,
  event: KeyboardEvent,
  offer: Offer | null,
  openNow: () => void,
  pick: (option: Json) => void,
): void {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  if (!offer) {
    if (!['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key)) return;
    event.preventDefault();
    openNow();
    return;
  }
  const active = offer.options[offer.active];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    const count = Math.max(1, offer.options.length);
    app.change(({ list }) => {
      if (list) list.active = (offer.active + step + count) % count;
    });
  } else if (event.key === 'Enter') {
    if (active) pick(active);
  } else if (event.key === 'Escape') {
    app.change({ list: null });
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
