import type { JsonObject } from '../shared/json.ts';
import { ActError, channelOf } from './act.ts';
import { isVisible, type StoredMessage } from './messages.ts';
import type { Block } from './screen.ts';
import type { SlackState } from './state.ts';
import { elementsOf } from './validate.ts';
import { type Values, valuesOf } from './view-state.ts';
import type { StoredView } from './views.ts';
import type { WorldPerson } from './workspace.ts';

/** Where a person points: a message (channel, and ts or the newest that fits) or a view (its id, or the top one). */
export interface Pointer {
  channel: string | null;
  ts: string | null;
  viewId: string | null;
  blockId: string | null;
  actionId: string;
  /** Distinguishes buttons that share an action_id. */
  buttonValue?: string | undefined;
}

/** What the person found there. */
export interface Found {
  place: { kind: 'message'; message: StoredMessage } | { kind: 'view'; view: StoredView };
  block: Block;
  element: JsonObject;
  /** The values of that message or view as this person set them. */
  values: Values;
}

/** Finds an element as the person sees it. Throws ActError when it is not on their screen. */
export function findElement(pointer: Pointer, person: WorldPerson, state: SlackState): Found {
  const where =
    pointer.channel === null ? inView(pointer, person, state) : inMessages(pointer, person, state);
  if (!where) {
    const place = pointer.channel ?? pointer.viewId ?? 'the open view';
    throw new ActError(`${person.name} sees no element ${pointer.actionId} in ${place}`);
  }
  return where;
}

/** The view the person can touch: the top of their stack, or their Home when nothing covers it. */
export function touchableView(viewId: string | null, person: WorldPerson, state: SlackState): StoredView {
  const top = state.views.stack(person.id).at(-1);
  const home = state.views.home(person.id);
  const view = viewId === null ? (top ?? home) : [top, home].find((each) => each?.id === viewId);
  if (!view) throw new ActError(`${person.name} has no such view in front of them`);
  return view;
}

function inView(pointer: Pointer, person: WorldPerson, state: SlackState): Found | undefined {
  const view = touchableView(pointer.viewId, person, state);
  const found = inBlocks(view.source.blocks, pointer);
  return found && { place: { kind: 'view', view }, values: view.values, ...found };
}

function inMessages(pointer: Pointer, person: WorldPerson, state: SlackState): Found | undefined {
  const channel = channelOf(pointer.channel ?? '', person, state);
  const visible = state.messages
    .all(channel.id)
    .filter((message) => isVisible(message, person.id) && (pointer.ts === null || message.ts === pointer.ts));
  for (const message of visible.toReversed()) {
    const found = inBlocks(message.blocks, pointer);
    if (found)
      return { place: { kind: 'message', message }, values: messageValues(message, person, state), ...found };
  }
  return undefined;
}

function inBlocks(blocks: Block[], pointer: Pointer): { block: Block; element: JsonObject } | undefined {
  for (const block of blocks) {
    if (pointer.blockId !== null && block.block_id !== pointer.blockId) continue;
    const element = elementsOf(block).find(
      (each) => each['action_id'] === pointer.actionId && fits(each, pointer),
    );
    if (element) return { block, element };
  }
  return undefined;
}

function fits(element: JsonObject, pointer: Pointer): boolean {
  return (
    element['type'] !== 'button' ||
    pointer.buttonValue === undefined ||
    element['value'] === pointer.buttonValue
  );
}

function messageValues(message: StoredMessage, person: WorldPerson, state: SlackState): Values {
  const key = `${person.id} ${message.channel} ${message.ts}`;
  const values = valuesOf(message.blocks, state.messageValues.get(key));
  state.messageValues.set(key, values);
  return values;
}
