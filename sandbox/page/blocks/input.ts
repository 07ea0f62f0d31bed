import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { topView } from '../store.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import { domId, elementAt, type Site } from './element.ts';
import { drawControl } from './elements.ts';
import { type Json, record, textOf } from './json.ts';

/** Draws an input block: label, element, and the app's error or the hint below. */
export function drawInput(app: App, block: Json, site: Site): Child {
  const element = elementAt(record(block['element']) ?? {}, site, textOf(block['label']));
  const id = domId(element.target.key);
  const error = errorOf(app, site);
  const hint = textOf(block['hint']);
  const described = [error && `${id}-error`, hint !== '' && `${id}-hint`].filter(Boolean).join(' ');
  const optional = block['optional'] === true;
  return h(
    'div',
    { class: error ? 'input input-wrong' : 'input' },
    h(
      'label',
      { id: `${id}-label`, for: id, class: 'input-label' },
      drawPlain(textOf(block['label'])),
      optional && h('span', { class: 'optional' }, ' (optional)'),
    ),
    drawControl(app, {
      ...element,
      labelledBy: `${id}-label`,
      invalid: error !== undefined,
      ...(described && { describedBy: described }),
    }),
    error &&
      h('p', { key: 'error', id: `${id}-error`, class: 'input-error', role: 'alert' }, drawPlain(error)),
    hint !== '' && h('p', { key: 'hint', id: `${id}-hint`, class: 'hint' }, drawPlain(hint)),
  );
}

function errorOf(app: App, site: Site): string | undefined {
  const view = topView(app.state);
  const inView = 'viewId' in site.place && view?.id === site.place.viewId;
  return inView ? view.errors[site.blockId] : undefined;
}
