import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { drawButton } from './button.ts';
import { drawChoice } from './choice.ts';
import { drawCombobox } from './combobox.ts';
import { type Element, elementAt, type Site } from './element.ts';
import { type Json, text } from './json.ts';
import { drawOverflow } from './overflow.ts';
import { drawDate, drawTextInput } from './text-input.ts';

/** Draws one interactive element that stands outside an input block. */
export function drawElement(app: App, json: Json, site: Site, label = ''): Child {
  return drawControl(app, elementAt(json, site, label));
}

export function drawControl(app: App, element: Element): Child {
  switch (element.json['type']) {
    case 'button':
      return drawButton(app, element);
    case 'overflow':
      return drawOverflow(app, element);
    case 'static_select':
    case 'external_select':
    case 'multi_static_select':
    case 'multi_external_select':
      return drawCombobox(app, element);
    case 'radio_buttons':
    case 'checkboxes':
      return drawChoice(app, element);
    case 'datepicker':
      return drawDate(app, element);
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return drawTextInput(app, element);
    default:
      return h('span', { class: 'unknown' }, `(an element of type “${text(element.json['type'])}”)`);
  }
}
