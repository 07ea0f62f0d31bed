import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';

/** Draws the bar on top of a channel or Home, with the switch of the sandbox panel. */
export function drawBar(app: App, title: string, note: string): Child {
  const open = app.state.panelOpen;
  return h(
    'header',
    { class: 'bar' },
    h('h1', {}, title),
    note !== '' && h('span', { class: 'bar-note' }, note),
    h('span', { class: 'spring' }),
    h(
      'button',
      {
        type: 'button',
        class: 'button small',
        'aria-expanded': String(open),
        'aria-controls': 'panel',
        on: { click: () => app.change({ panelOpen: !open }) },
      },
      open ? 'Hide sandbox panel' : 'Show sandbox panel',
    ),
  );
}
