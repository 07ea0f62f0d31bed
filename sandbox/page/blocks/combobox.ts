import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import { keyInList, type Offer, offered, open, query } from './combobox-list.ts';
import { domId, type Element } from './element.ts';
import { type Json, record, text, textOf } from './json.ts';
import { showBeside } from './popup.ts';
import { named } from './text-input.ts';
import { chosenOf, confirmed, isSame, labelOf } from './values.ts';

/** Draws a select with type-ahead: static or external, for one option or several. */
export function drawCombobox(app: App, element: Element): Child {
  const { json, target } = element;
  const several = text(json['type']).startsWith('multi_');
  const chosen = chosenOf(app, element);
  const pick = (option: Json) => {
    const rest = chosen.filter((one) => !isSame(one, option));
    const next = several ? (rest.length < chosen.length ? rest : [...chosen, option]) : [option];
    app.change((state) => {
      if (state.list?.key === target.key) state.list = several ? { ...state.list, query: '' } : null;
    });
    confirmed(app, json, () => void app.actions.choose(target, next));
  };
  const offer = offered(app, element);
  return h(
    'div',
    { key: target.actionId, class: several ? 'combobox several' : 'combobox' },
    several && chosen.length > 0 && drawChips(chosen, pick),
    h('div', { class: 'combobox-box' }, drawField(app, element, { chosen, several, pick, offer })),
    offer && drawList(element, offer, chosen, pick),
  );
}

interface Field {
  chosen: Json[];
  several: boolean;
  pick: (option: Json) => void;
  offer: Offer | null;
}

function drawField(app: App, element: Element, { chosen, several, pick, offer }: Field): Child {
  const { json, target } = element;
  const id = domId(target.key);
  const shown = chosen[0] && !several ? labelOf(chosen[0]) : '';
  const openNow = () => open(app, element);
  return h('input', {
    ...named(element),
    class: 'text-input',
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-autocomplete': 'list',
    'aria-expanded': String(offer !== null),
    'aria-controls': `${id}-list`,
    'aria-activedescendant': offer && offer.options.length > 0 ? `${id}-${offer.active}` : undefined,
    placeholder: (offer && shown) || textOf(json['placeholder']) || 'Choose an option',
    value: offer ? offer.query : shown,
    on: {
      click: openNow,
      input: (event) => query(app, element, (event.target as HTMLInputElement).value),
      blur: () => {
        if (app.state.list?.key === target.key) app.change({ list: null });
      },
      keydown: (event) => {
        const last = chosen.at(-1);
        if (several && event.key === 'Backspace' && !offer?.query && last) return pick(last);
        keyInList(app, event, offer, openNow, pick);
      },
    },
  });
}

function drawChips(chosen: Json[], remove: (option: Json) => void): Child {
  return h(
    'ul',
    { class: 'chips', 'aria-label': 'Chosen' },
    chosen.map((option) =>
      h(
        'li',
        { key: text(option['value']), class: 'chip' },
        drawPlain(labelOf(option)),
        h(
          'button',
          { type: 'button', 'aria-label': `Remove ${labelOf(option)}`, on: { click: () => remove(option) } },
          '×',
        ),
      ),
    ),
  );
}

function drawList(element: Element, offer: Offer, chosen: Json[], pick: (option: Json) => void): Child {
  const id = domId(element.target.key);
  const isChosen = (option: Json) => chosen.some((one) => isSame(one, option));
  const keepFocus = (event: Event) => event.preventDefault();
  return h(
    'div',
    { class: 'popup', popover: 'manual', drawn: showBeside, on: { mousedown: keepFocus } },
    h(
      'ul',
      {
        id: `${id}-list`,
        role: 'listbox',
        'aria-label': element.label || 'Options',
        'aria-busy': offer.loading && 'true',
      },
      offer.options.map((option, i) => [
        groupHead(option, offer.options[i - 1]),
        h(
          'li',
          {
            key: `option ${text(option['value'])}`,
            id: `${id}-${i}`,
            role: 'option',
            class: 'option',
            'aria-selected': String(isChosen(option)),
            'data-active': i === offer.active,
            on: { click: () => pick(option) },
          },
          h('span', { class: 'option-mark', 'aria-hidden': 'true' }, isChosen(option) ? '✓' : ''),
          h(
            'span',
            {},
            drawPlain(labelOf(option)),
            record(option['description']) &&
              h('span', { class: 'option-description' }, drawPlain(textOf(option['description']))),
          ),
        ),
      ]),
    ),
    offer.message !== null &&
      h('p', { key: 'message', class: 'option-message', role: 'status' }, offer.message),
  );
}

function groupHead(option: Json, before: Json | undefined): Child {
  const group = textOf(option['group']);
  if (group === '' || group === textOf(before?.['group'])) return null;
  return h('li', { key: `group ${group}`, class: 'option-group', role: 'presentation' }, drawPlain(group));
}
