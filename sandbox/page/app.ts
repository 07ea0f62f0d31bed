import type { Actions } from './actions.ts';
import type { State, Store } from './store.ts';

/** What every drawing function gets: the state to draw, and the ways to change it. */
export interface App {
  state: State;
  change: Store['change'];
  actions: Actions;
  /** Reads both services again. */
  refresh: () => Promise<void>;
}
