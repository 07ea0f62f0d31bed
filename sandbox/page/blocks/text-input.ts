import type { App } from '../app.ts';
import { type Child, h, type Props } from '../dom.ts';
import { domId, type Element } from './element.ts';
import { text, textOf } from './json.ts';
import { chosenOf, confirmed, textHeld } from './values.ts';

const kinds: Record<string, string> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
};

/** Draws a text input with a counter of what is left where it has a max_length. */
export function drawTextInput(app: App, element: Element): Child {
  const { json, target } = element;
  const value = textHeld(app, element);
  const max = typeof json['max_length'] === 'number' ? json['max_length'] : undefined;
  const multiline = json['multiline'] === true;
  const read = (event: Event) =>
    app.actions.type(target, (event.target as HTMLInputElement | HTMLTextAreaElement).value);
  const counterId = `${domId(target.key)}-counter`;
  const described = [element.describedBy, max === undefined ? undefined : counterId]
    .filter(Boolean)
    .join(' ');
  const props: Props = {
    ...named(element),
    'aria-describedby': described || undefined,
    class: 'text-input',
    value,
    maxlength: max,
    placeholder: textOf(json['placeholder']) || undefined,
    autocomplete: 'off',
    on: { input: read },
  };
  return h(
    'div',
    { key: target.actionId, class: 'text-field' },
    multiline
      ? h('textarea', { ...props, rows: 4 })
      : h('input', { ...props, type: kinds[text(json['type'])] ?? 'text' }),
    max !== undefined &&
      h(
        'span',
        { id: counterId, class: value.length >= max ? 'counter full' : 'counter' },
        `${value.length} / ${max}`,
      ),
  );
}

/** Draws a date picker. */
export function drawDate(app: App, element: Element): Child {
  const { json, target } = element;
  const draft = chosenOf(app, element)[0]?.['value'];
  const held = element.held ? element.held['selected_date'] : json['initial_date'];
  const choose = (event: Event) => {
    const value = (event.target as HTMLInputElement).value;
    confirmed(app, json, () => void app.actions.choose(target, value === '' ? [] : [{ value }]));
  };
  return h('input', {
    ...named(element),
    key: target.actionId,
    type: 'date',
    class: 'text-input date-input',
    value: text(draft ?? held),
    on: { change: choose },
  });
}

/** The attributes that name a control and tie its hint and error to it. */
export function named(element: Element): Props {
  return {
    id: domId(element.target.key),
    'aria-labelledby': element.labelledBy,
    'aria-label': element.labelledBy
      ? undefined
      : element.label || textOf(element.json['placeholder']) || 'Input',
    'aria-describedby': element.describedBy,
    'aria-invalid': element.invalid ? 'true' : undefined,
  };
}
