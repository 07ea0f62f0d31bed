import type { App } from '../app.ts';
import type { Element } from './element.ts';
import { type Json, list, record, text, textOf } from './json.ts';

/** All options of an element, groups flattened; each keeps its group's label as `group`. */
export function optionsOf(json: Json): Json[] {
  const groups = list(json['option_groups']).flatMap((group) =>
    list(group['options']).map((option) => ({ ...option, group: group['label'] })),
  );
  return [...list(json['options']), ...groups];
}

/** The options chosen now: what was just clicked, else what the service holds, else the initial ones. */
export function chosenOf(app: App, element: Element): Json[] {
  const draft = app.state.drafts.get(element.target.key);
  if (draft && 'chosen' in draft) return draft.chosen;
  const { held, json } = element;
  const one = held ? held['selected_option'] : json['initial_option'];
  const several = held ? held['selected_options'] : json['initial_options'];
  return [...list(several), ...list([one])];
}

/** The text typed now, likewise. */
export function textHeld(app: App, element: Element): string {
  const draft = app.state.drafts.get(element.target.key);
  if (draft && 'text' in draft) return draft.text;
  return text(element.held ? element.held['value'] : element.json['initial_value']);
}

/** Runs `proceed` at once, or after the element's own confirm dialog was agreed to. */
export function confirmed(app: App, json: Json, proceed: () => void): void {
  const confirm = record(json['confirm']);
  if (!confirm) {
    proceed();
    return;
  }
  app.change({ confirm: { confirm, proceed } });
}

export function labelOf(option: Json): string {
  return textOf(option['text']);
}

export function isSame(one: Json, other: Json): boolean {
  return one['value'] === other['value'];
}
