import type { JsonObject } from '../shared/json.ts';
import type { Acknowledgement } from './delivery.ts';
import type { SlackState } from './state.ts';
import type { WorldChannel, WorldPerson } from './workspace.ts';

/** What came of something a person did. */
export interface ActResult {
  ok: true;
  /** Whether the app acknowledged within 3 s with something Slack can use. */
  acknowledged: boolean;
  /** What the person reads when it did not. */
  trouble?: string;
  /** The app's answer. */
  response?: unknown;
  /** By block_id: inputs that Slack's own client refused to send (required, too short). */
  blocked?: Record<string, string>;
  /** What a suggestion request found. */
  options?: JsonObject[];
  /** With `times`: the outcome of each. */
  each?: ActResult[];
}

/** The person cannot do that: it is not on the screen, or Slack's client would not let them. */
export class ActError extends Error {}

export const modalTrouble = 'We had some trouble connecting. Try again?';
const actionTrouble: Record<'operation_timeout' | 'dispatch_failed', string> = {
  operation_timeout: 'Operation timed out. Apps need to respond within 3 seconds.',
  dispatch_failed: 'This app responded with an error or could not be reached.',
};

export function personOf(id: string, state: SlackState): WorldPerson {
  const person = state.workspace.person(id);
  if (!person) throw new ActError(`nobody here has the id ${id}`);
  return person;
}

export function channelOf(id: string, person: WorldPerson, state: SlackState): WorldChannel {
  const channel = state.workspace.channel(id, true);
  if (!channel || !state.workspace.isInChannel(channel, person.id))
    throw new ActError(`${person.name} is in no channel ${id}`);
  return channel;
}

/** The result for a delivery whose answer carries no meaning. */
export function plainResult(outcome: Acknowledgement): ActResult {
  return {
    ok: true,
    acknowledged: outcome.acknowledged,
    ...(outcome.error !== null && { trouble: actionTrouble[outcome.error] }),
    ...(outcome.payload !== undefined && { response: outcome.payload }),
  };
}

/** Does something `times` times at once, as a double click does; the first outcome speaks for all. */
export async function repeated(times: number, act: () => Promise<ActResult>): Promise<ActResult> {
  const each = await Promise.all(Array.from({ length: Math.max(1, times) }, act));
  const [first] = each;
  if (first === undefined) throw new ActError('nothing was done');
  return each.length > 1 ? { ...first, each } : first;
}

/** Records that the app's answer was one that Slack cannot use: a refusal, though no API call. */
export function noteUnusableAnswer(what: string, error: string, messages: string[], state: SlackState): void {
  state.log.add({
    method: 'ack',
    arguments: { to: what },
    ok: false,
    error,
    messages,
    injected: false,
    tookMs: 0,
  });
}
