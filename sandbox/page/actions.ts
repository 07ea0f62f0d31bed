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
  choose: (target: Target, chosen: string[], several: boolean) => Promise<void>;
  type: (target: Target, text: string) => void;
  suggest: (target: Target, query: string) => Promise<Record<string, unknown>[]>;
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
    store.change((s) => {
      s.notice = null;
    });
    try {
      const answer = await control('slack', 'POST', `act/${path}`, { user: user(), ...body });
      const acknowledged = isRecord(answer) ? (answer as unknown as Acknowledged) : { ok: false };
      const problem = acknowledged.trouble ?? (acknowledged.ok ? null : (acknowledged.error ?? 'Slack refused that.'));
      if (problem !== null && !('viewId' in body)) store.change((s) => void (s.notice = problem));
      return acknowledged;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      store.change((s) => void (s.notice = error.message));
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
    if (twice) store.change((s) => void (s.doubleClick = false));
    return twice ? { times: 2 } : {};
  };
  const at = (target: Target) => ({ ...target.place, blockId: target.blockId, actionId: target.actionId });

  return {
    command: async (channel, command, text) =>
      void (await act('command', { channel, command, text, ...times() })),
    say: async (channel, text, threadTs) => void (await act('say', { channel, text, ...(threadTs && { threadTs }) })),
    press: async (target, value) => {
      await settled();
      await act('press', { ...at(target), ...(value !== undefined && { value }), ...times() });
    },
    choose: async (target, chosen, several) => {
      const draft = { chosen };
      store.change((s) => void s.drafts.set(target.key, draft));
      await edit('choose', { ...at(target), ...(several ? { values: chosen } : { value: chosen[0] ?? null }) });
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
function suggestedOptions(answer: unknown): Record<string, unknown>[] {
  if (!isRecord(answer)) throw new ServiceError('The app did not answer.', 0);
  const response = isRecord(answer['response']) ? answer['response'] : answer;
  const { options, option_groups: groups } = { ...answer, ...response } as Record<string, unknown>;
  const trouble = answer['trouble'];
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
