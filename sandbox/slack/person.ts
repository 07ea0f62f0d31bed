import { isObject } from '../shared/json.ts';
import type { ActResult } from './act.ts';
import type { WorldChange } from './control-input.ts';
import type { Acknowledgement } from './delivery.ts';
import type { Fault, FaultRequest } from './faults.ts';
import type { LogEntry } from './log.ts';
import type { Screen } from './screen.ts';

export type { ActResult, Fault, FaultRequest, LogEntry, WorldChange };

/** Points at an element: in a channel (`ts`, or the newest message that has it) or in a view (`viewId`, or the top one). */
export interface At {
  user: string;
  channel?: string;
  ts?: string;
  viewId?: string;
  blockId?: string;
  actionId: string;
}

/** The control endpoint refused: the person cannot do that, or the request was wrong. */
export class ControlError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type SlackControl = ReturnType<typeof slackControl>;

/** Eyes and hands in the simulated Slack at `url` (SimulatedSlack.url), over its `/_control` endpoints. */
export function slackControl(url: string) {
  const base = `${url.replace(/\/$/, '')}/_control/`;
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(base + path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer as T;
    throw new ControlError(response.status, isObject(answer) ? String(answer['error']) : response.statusText);
  }
  const act = (name: string, body: object) => call<ActResult>('POST', `act/${name}`, body);
  const screen = (user: string, fresh = false) =>
    call<Screen>('GET', `screen?user=${encodeURIComponent(user)}${fresh ? '&fresh=1' : ''}`);

  return {
    screen,
    command: (input: { user: string; channel: string; command: string; text?: string; times?: number }) =>
      act('command', input),
    press: (input: At & { value?: string; times?: number }) => act('press', input),
    choose: (input: At & { value?: string; values?: string[] }) => act('choose', input),
    type: (input: At & { value: string }) => act('type', input),
    suggest: (input: At & { query: string }) => act('suggest', input),
    submit: (input: { user: string; viewId?: string; times?: number }) => act('submit', input),
    close: (input: { user: string; viewId?: string; all?: boolean }) => act('close', input),
    home: (input: { user: string }) => act('home', input),
    say: (input: { user: string; channel: string; text: string; threadTs?: string }) =>
      act('say', input) as Promise<ActResult & { ts: string }>,
    addFault: (fault: FaultRequest) => call<{ id: string }>('POST', 'faults', fault),
    faults: () => call<Fault[]>('GET', 'faults'),
    clearFaults: () => call<unknown>('DELETE', 'faults'),
    removeFault: (id: string) => call<unknown>('DELETE', `faults/${id}`),
    requests: (method?: string) =>
      call<LogEntry[]>('GET', method === undefined ? 'requests' : `requests?method=${method}`),
    refusals: () => call<LogEntry[]>('GET', 'refusals'),
    clearRequests: () => call<unknown>('DELETE', 'requests'),
    changeWorld: (change: WorldChange) => call<unknown>('POST', 'world', change),
    setRequestUrl: (requestUrl: string | null) => call<unknown>('POST', 'request-url', { url: requestUrl }),
    redeliver: (kind: 'command' | 'event' | 'interaction', n = 1) =>
      call<{ outcomes: Acknowledgement[] }>('POST', 'redeliver', { kind, n }),

    /**
     * Looks at a person's screen after every change until `find` gives something other than undefined.
     * Rejects after `timeoutMs` (10,000) with the last screen in the message.
     */
    async until<T>(
      user: string,
      find: (screen: Screen) => T | undefined,
      { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
    ): Promise<T> {
      let last: Screen | undefined;
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        for await (const _ of revisions(`${base}changes`, signal)) {
          last = await screen(user);
          const found = find(last);
          if (found !== undefined) return found;
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      throw new Error(`not seen within ${timeoutMs} ms; the screen was ${JSON.stringify(last)}`);
    },
  };
}

/** The event stream of changes, one item for whatever arrived since the last was taken. */
async function* revisions(url: string, signal: AbortSignal): AsyncGenerator<void> {
  const response = await fetch(url, { signal });
  if (!response.body) throw new Error('the change stream has no body');
  for await (const _ of response.body) yield;
}
