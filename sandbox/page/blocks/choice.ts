import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { domId, type Element } from './element.ts';
import { type Json, record, text } from './json.ts';
import { drawText } from './text-object.ts';
import { chosenOf, confirmed, isSame, optionsOf } from './values.ts';

/** Draws radio buttons or checkboxes. */
export function drawChoice(app: App, element: Element): Child {
  const { json, target } = element;
  const several = json['type'] === 'checkboxes';
  const chosen = chosenOf(app, element);
  const toggle = (option: Json) => {
    const rest = chosen.filter((one) => !isSame(one, option));
    const next = several ? (rest.length < chosen.length ? rest : [...chosen, option]) : [option];
    confirmed(app, json, () => void app.actions.choose(target, next));
  };
  return h(
    'div',
    {
      key: target.actionId,
      class: 'choices',
      role: several ? 'group' : 'radiogroup',
      'aria-labelledby': element.labelledBy,
      'aria-label': element.labelledBy ? undefined : element.label || 'Options',
      'aria-describedby': element.describedBy,
    },
    optionsOf(json).map((option) => drawOption(app, element, option, chosen, () => toggle(option))),
  );
}

function drawOption(app: App, element: Element, option: Json, chosen: Json[], toggle: () => void): Child {
  const value = text(option['value']);
  const several = element.json['type'] === 'checkboxes';
  return h(
    'label',
    { key: value, class: 'choice' },
    h('input', {
      type: several ? 'checkbox' : 'radio',
      name: domId(element.target.key),
      checked: chosen.some((one) => isSame(one, option)),
      'aria-invalid': element.invalid ? 'true' : undefined,
      on: { change: toggle },
    }),
    h(
      'span',
      {},
      drawText(app, option['text'], 'choice-text'),
      record(option['description']) && drawText(app, option['description'], 'choice-description'),
    ),
  );
}
