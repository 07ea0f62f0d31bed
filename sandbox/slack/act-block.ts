import { isObject, type JsonObject } from '../shared/json.ts';
import { ActError, type ActResult, noteUnusableAnswer, personOf, plainResult, repeated } from './act.ts';
import { type Found, findElement, type Pointer } from './act-find.ts';
import { interactionBase, messageActionFields, messageContext, viewContext } from './payloads.ts';
import type { SlackState } from './state.ts';
import { inSlacksWords } from './validate.ts';
import { suggestionAnswer } from './validate-elements.ts';
import { slackLength } from './validate-text.ts';
import { fieldOf, optionsOf } from './view-state.ts';
import type { WorldPerson } from './workspace.ts';

/** A person presses a button, or picks an entry (by `value`) of an overflow menu. */
export function press(
  input: Pointer & { user: string; value: string | undefined; times: number },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const found = findElement({ ...input, buttonValue: input.value }, person, state);
  const { element } = found;
  const action =
    element['type'] === 'overflow' ? overflowAction(element, input.value) : buttonAction(element);
  return repeated(input.times, () => sendAction(found, action, person, state));
}

function buttonAction(element: JsonObject): JsonObject {
  if (element['type'] !== 'button')
    throw new ActError(`${String(element['type'])} is not something to press`);
  const { text, value, style } = element;
  return { text, ...(value !== undefined && { value }), ...(style !== undefined && { style }) };
}

function overflowAction(element: JsonObject, value: string | undefined): JsonObject {
  const option = optionsOf(element).find((each) => each['value'] === value);
  if (!option) throw new ActError(`the menu has no entry with the value ${value}`);
  return { selected_option: option };
}

/** A person chooses in a select, radio buttons, checkboxes or a date picker. */
export async function choose(
  input: Pointer & { user: string; values: string[] },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const found = findElement(input, person, state);
  const field = fieldOf(found.element);
  if (field === undefined || field === 'value') throw new ActError(`nothing to choose in ${input.actionId}`);
  return setValue(found, { [field]: chosen(found, field, input.values, person, state) }, person, state);
}

function chosen(
  found: Found,
  field: string,
  values: string[],
  person: WorldPerson,
  state: SlackState,
): unknown {
  const most = found.element['max_selected_items'];
  if (typeof most === 'number' && values.length > most)
    throw new ActError(`no more than ${most} may be chosen`);
  const [first] = values;
  if (field === 'selected_user') {
    if (!state.workspace.person(first ?? '')) throw new ActError(`nobody here has the id ${first}`);
    return first;
  }
  if (field === 'selected_date_time') return Number(first);
  if (!field.startsWith('selected_option')) return first ?? null;
  const offered = [
    ...optionsOf(found.element),
    ...(state.suggestions.get(suggestionKey(found, person)) ?? []),
  ];
  const options = values.map((value) => {
    const option = offered.find((each) => each['value'] === value);
    if (!option) throw new ActError(`${String(found.element['action_id'])} does not offer ${value}`);
    return option;
  });
  if (field === 'selected_options') return options;
  return options[0] ?? null;
}

function suggestionKey({ block, element }: Found, person: WorldPerson): string {
  return `${person.id} ${block.block_id} ${String(element['action_id'])}`;
}

/** A person types into a field (and presses Enter, where the app asked to hear of it). */
export async function type(
  input: Pointer & { user: string; value: string },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const found = findElement(input, person, state);
  if (fieldOf(found.element) !== 'value') throw new ActError(`nothing to type in ${input.actionId}`);
  const max = found.element['max_length'] ?? 3000;
  if (typeof max === 'number' && slackLength(input.value, false) > max)
    throw new ActError(`${input.actionId} takes no more than ${max} characters`);
  return setValue(found, { value: input.value === '' ? null : input.value }, person, state);
}

/** Keeps the value, and tells the app unless the element stands in an input block that did not ask for it. */
async function setValue(
  found: Found,
  value: JsonObject,
  person: WorldPerson,
  state: SlackState,
): Promise<ActResult> {
  const { block, element } = found;
  const actions = found.values[block.block_id] ?? {};
  actions[String(element['action_id'])] = { type: element['type'], ...value };
  found.values[block.block_id] = actions;
  if (found.place.kind === 'view') delete found.place.view.errors[block.block_id];
  state.workspace.changed();
  if (block.type === 'input' && block['dispatch_action'] !== true) return { ok: true, acknowledged: true };
  return sendAction(found, value, person, state);
}

async function sendAction(
  found: Found,
  action: JsonObject,
  person: WorldPerson,
  state: SlackState,
): Promise<ActResult> {
  const { place, block, element } = found;
  const modalId = place.kind === 'view' && place.view.type === 'modal' ? place.view.id : null;
  const payload = {
    ...interactionBase('block_actions', person, state),
    ...(place.kind === 'view'
      ? viewContext(place.view, state)
      : messageActionFields(place.message, person.id, found.values, state)),
    trigger_id: state.triggers.issue({ user: person.id, modalId }),
    actions: [
      {
        type: element['type'],
        action_id: element['action_id'],
        block_id: block.block_id,
        ...action,
        action_ts: state.workspace.nextTs(),
      },
    ],
  };
  return plainResult(await state.deliveries.deliver({ kind: 'interaction', payload, answerable: false }));
}

/** A person types into an external select; the app is asked for options. */
export async function suggest(
  input: Pointer & { user: string; query: string },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const found = findElement(input, person, state);
  const { element, block, place } = found;
  if (!String(element['type']).includes('external_select'))
    throw new ActError(`${input.actionId} asks for no options`);
  // Slack asks only from this length on; three unless the app says otherwise.
  if (input.query.length < Number(element['min_query_length'] ?? 3))
    return { ok: true, acknowledged: true, options: [] };
  const payload = {
    ...interactionBase('block_suggestion', person, state),
    ...(place.kind === 'view' ? viewContext(place.view, state) : messageContext(place.message, state)),
    action_id: element['action_id'],
    block_id: block.block_id,
    value: input.query,
  };
  const outcome = await state.deliveries.deliver({ kind: 'interaction', payload, answerable: true });
  if (!outcome.acknowledged) return plainResult(outcome);
  const answer = suggestionAnswer.safeParse(outcome.payload);
  if (!answer.success) {
    noteUnusableAnswer(
      'block_suggestion',
      'invalid_options',
      inSlacksWords(answer.error, outcome.payload, ''),
      state,
    );
    return {
      ok: true,
      acknowledged: false,
      trouble: 'No results (the app’s answer was unusable)',
      response: outcome.payload,
    };
  }
  const options = optionsOf(isObject(outcome.payload) ? outcome.payload : {});
  state.suggestions.set(suggestionKey(found, person), options);
  return { ok: true, acknowledged: true, response: outcome.payload, options };
}
