import type { Json } from './blocks/json.ts';
import { type Acknowledged, control, isRecord, ServiceError } from './services.ts';
import type { Store } from './store.ts';

/** Where an element stands: in a view, or in a message. */
export type Place = { viewId: string } | { channel: string; ts: string };

/** One element of Block Kit in its place. */
export interface Target {
  /** Unique on the page: place, block and action. */
  key: string;
  place: Place;
  blockId: string;
  actionId: string;
}

export function elementKey(place: Place, blockId: string, actionId: string): string {
  const where = 'viewId' in place ? place.viewId : `${place.channel}/${place.ts}`;
  return `${where}/${blockId}/${actionId}`;
}

/** What a person can do, each carried out by the simulated Slack. Problems end as a notice on the page. */
export interface Actions {
  command: (channel: string, command: string, text: string) => Promise<void>;
  say: (channel: string, text: string, threadTs?: string) => Promise<void>;
  press: (target: Target, value: string | undefined) => Promise<void>;
  choose: (target: Target, chosen: Json[]) => Promise<void>;
  type: (target: Target, text: string) => void;
  suggest: (target: Target, query: string) => Promise<Json[]>;
  submit: (viewId: string) => Promise<void>;
  close: (viewId: string, all: boolean) => Promise<void>;
  openHome: () => Promise<void>;
}

const typingPause = 120;

/** Makes the actions; `refresh` fetches what the person sees afterwards. */
export function createActions(store: Store, refresh: () => Promise<void>): Actions {
  const { state } = store;
  const user = () => state.userId ?? '';
  const typing = new Map<string, { timer: number; send: () => void }>();
  /** Edits go out one after the other, so that a submit never overtakes the last key pressed. */
  let edits: Promise<void> = Promise.resolve();

  const act = async (path: string, body: Record<string, unknown>): Promise<Acknowledged | undefined> => {
    store.change({ notice: null });
    try {
      const answer = await control('slack', 'POST', `act/${path}`, { user: user(), ...body });
      const acknowledged = isRecord(answer) ? (answer as Acknowledged) : {};
      // A modal shows its trouble itself, and after a command Slackbot says it in the channel.
      const shownElsewhere = path === 'submit' || path === 'command';
      const problem = acknowledged.trouble;
      if (problem && !shownElsewhere) store.change({ notice: problem });
      return acknowledged;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      store.change({ notice: error.message });
      return undefined;
    } finally {
      await refresh();
    }
  };

  const edit = (path: string, body: Record<string, unknown>) => {
    edits = edits.then(async () => void (await act(path, body)));
    return edits;
  };
  const settled = async () => {
    for (const { timer, send } of [...typing.values()]) {
      window.clearTimeout(timer);
      send();
    }
    await edits;
  };
  const times = () => {
    const twice = state.doubleClick;
    if (twice) store.change({ doubleClick: false });
    return twice ? { times: 2 } : {};
  };
  const at = (target: Target) => ({ ...target.place, blockId: target.blockId, actionId: target.actionId });

  return {
    command: async (channel, command, text) => void (await act('command', { channel, command, text })),
    say: async (channel, text, threadTs) =>
      void (await act('say', { channel, text, ...(threadTs && { threadTs }) })),
    press: async (target, value) => {
      await settled();
      await act('press', { ...at(target), ...(value !== undefined && { value }), ...times() });
    },
    choose: async (target, chosen) => {
      const draft = { chosen };
      store.change((s) => void s.drafts.set(target.key, draft));
      const values = chosen.map((option) => option['value']);
      await edit('choose', { ...at(target), values });
      const inMessage = 'ts' in target.place;
      if (!inMessage && state.drafts.get(target.key) === draft) {
        store.change((s) => void s.drafts.delete(target.key));
      }
    },
    type: (target, text) => {
      store.change((s) => void s.drafts.set(target.key, { text }));
      window.clearTimeout(typing.get(target.key)?.timer);
      const send = () => {
        typing.delete(target.key);
        void edit('type', { ...at(target), value: text });
      };
      typing.set(target.key, { timer: window.setTimeout(send, typingPause), send });
    },
    suggest: async (target, query) => {
      const answer = await control('slack', 'POST', 'act/suggest', { user: user(), ...at(target), query });
      return suggestedOptions(answer);
    },
    submit: async (viewId) => {
      await settled();
      await act('submit', { viewId, ...times() });
    },
    close: async (viewId, all) => void (await act('close', { viewId, ...(all && { all }) })),
    openHome: async () => void (await act('home', {})),
  };
}

/** The options in the answer of `act/suggest`. Throws ServiceError when the app gave none in time. */
function suggestedOptions(answer: unknown): Json[] {
  if (!isRecord(answer)) throw new ServiceError('The app did not answer.', 0);
  const trouble = answer['trouble'];
  const response = isRecord(answer['response']) ? answer['response'] : {};
  const options = response['options'] ?? answer['options'];
  const groups = response['option_groups'];
  if (typeof trouble === 'string' && trouble !== '') throw new ServiceError(trouble, 0);
  if (Array.isArray(groups)) {
    return groups.filter(isRecord).flatMap((group) => {
      const inside = Array.isArray(group['options']) ? group['options'].filter(isRecord) : [];
      return inside.map((option) => ({ ...option, group: group['label'] }));
    });
  }
  if (!Array.isArray(options)) throw new ServiceError('The app did not answer.', 0);
  return options.filter(isRecord);
}
