import type { View } from '../../slack/screen.ts';
import { elementKey, type Place, type Target } from '../actions.ts';
import { type Json, text } from './json.ts';

/** Where a block stands, and what its elements hold. */
export interface Site {
  place: Place;
  blockId: string;
  /** `state.values` of the view; null in a message, where Slack keeps choices in the client. */
  values: View['values'] | null;
}

/** An element with everything needed to draw and use it. */
export interface Element {
  json: Json;
  target: Target;
  /** What the service says it holds, in Slack's own shape. */
  held: Json | undefined;
  /** The accessible name, where no visible label gives it. */
  label: string;
  /** Ids of label, hint and error, in an input block. */
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
}

export function elementAt(json: Json, site: Site, label: string): Element {
  const actionId = text(json['action_id']);
  const key = elementKey(site.place, site.blockId, actionId);
  const held = site.values?.[site.blockId]?.[actionId];
  return {
    json,
    target: { key, place: site.place, blockId: site.blockId, actionId },
    held: held as Json | undefined,
    label,
  };
}

/** An id for the page made of a key. */
export function domId(key: string): string {
  return `e-${key.replace(/[^\w-]/g, (sign) => `_${sign.codePointAt(0)}_`)}`;
}
