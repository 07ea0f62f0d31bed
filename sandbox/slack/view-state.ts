import { isObject, type JsonObject } from '../shared/json.ts';
import type { Block } from './screen.ts';
import { elementsOf } from './validate.ts';

export type Values = Record<string, Record<string, JsonObject>>;

/** The field of `state.values` in which each stateful element keeps what was chosen, and its initial one. */
const fields: Record<string, { field: string; initial: string; empty: unknown }> = {
  plain_text_input: { field: 'value', initial: 'initial_value', empty: null },
  number_input: { field: 'value', initial: 'initial_value', empty: null },
  email_text_input: { field: 'value', initial: 'initial_value', empty: null },
  url_text_input: { field: 'value', initial: 'initial_value', empty: null },
  static_select: { field: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { field: 'selected_option', initial: 'initial_option', empty: null },
  radio_buttons: { field: 'selected_option', initial: 'initial_option', empty: null },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { field: 'selected_options', initial: 'initial_options', empty: [] },
  checkboxes: { field: 'selected_options', initial: 'initial_options', empty: [] },
  users_select: { field: 'selected_user', initial: 'initial_user', empty: null },
  datepicker: { field: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { field: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time', empty: null },
};

/** What a stateful element holds in state.values, or undefined for a button and its like. */
export function fieldOf(element: JsonObject): string | undefined {
  return fields[String(element['type'])]?.field;
}

/**
 * The values of freshly shown blocks. Where `before` has the same block_id and action_id with the same kind of
 * element, what the person entered stays, unless the options no longer offer it.
 */
export function valuesOf(blocks: Block[], before: Values = {}): Values {
  const values: Values = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const spec = fields[String(element['type'])];
      if (!spec) continue;
      const actionId = String(element['action_id']);
      const kept = before[block.block_id]?.[actionId];
      const fresh = { type: element['type'], [spec.field]: element[spec.initial] ?? spec.empty };
      values[block.block_id] = {
        ...values[block.block_id],
        [actionId]: kept && kept['type'] === element['type'] && stillOffered(element, kept) ? kept : fresh,
      };
    }
  }
  return values;
}

function stillOffered(element: JsonObject, kept: JsonObject): boolean {
  if (element['options'] === undefined && element['option_groups'] === undefined) return true;
  const offered = new Set(optionsOf(element).map((option) => option['value']));
  const chosen = [kept['selected_option'], kept['selected_options']].flat().filter(isObject);
  return chosen.every((option) => offered.has(option['value']));
}

/** All options of an element, groups flattened. */
export function optionsOf(element: JsonObject): JsonObject[] {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'].filter(isObject) : [];
  return [element['options'], ...groups.map((group) => group['options'])].flat().filter(isObject);
}

/** Whether an element's value counts as filled in. */
export function isFilled(value: JsonObject | undefined): boolean {
  if (!value) return false;
  const { type: _, ...rest } = value;
  return Object.values(rest).some((held) =>
    Array.isArray(held) ? held.length > 0 : held !== null && held !== '',
  );
}
