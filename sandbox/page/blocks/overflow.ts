import type { App } from '../app.ts';
import { type Child, h } from '../dom.ts';
import { isSafeUrl } from '../text/mrkdwn.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import { domId, type Element } from './element.ts';
import { type Json, text } from './json.ts';
import { showBeside } from './popup.ts';
import { confirmed, labelOf, optionsOf } from './values.ts';

/** Draws the "⋯" button and, when open, its menu. */
export function drawOverflow(app: App, element: Element): Child {
  const { key, actionId } = element.target;
  const open = app.state.menu?.key === key;
  const id = domId(key);
  const toggle = () => app.change({ menu: open ? null : { key, active: 0 } });
  return h(
    'div',
    { key: actionId, class: 'overflow' },
    h(
      'button',
      {
        id,
        type: 'button',
        class: 'button icon-button',
        'aria-haspopup': 'menu',
        'aria-expanded': String(open),
        'aria-label': 'More actions',
        on: { click: toggle },
      },
      '⋯',
    ),
    open && drawMenu(app, element, id),
  );
}

function drawMenu(app: App, element: Element, buttonId: string): Child {
  const options = optionsOf(element.json);
  const close = (focus: boolean) => {
    app.change({ menu: null });
    if (focus) document.getElementById(buttonId)?.focus();
  };
  const pick = (option: Json) => {
    close(true);
    confirmed(app, element.json, () => {
      const url = text(option['url']);
      if (isSafeUrl(url)) window.open(url, '_blank', 'noopener');
      void app.actions.press(element.target, text(option['value']));
    });
  };
  return h(
    'div',
    {
      class: 'popup menu',
      role: 'menu',
      popover: 'manual',
      'aria-label': 'More actions',
      drawn: showBeside,
      mounted: (menu) => menu.querySelector('button')?.focus(),
      on: {
        keydown: (event) => moveInMenu(event, close),
        focusout: (event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node && (event.currentTarget as Node).contains(to))) close(false);
        },
      },
    },
    options.map((option) =>
      h(
        'button',
        {
          key: text(option['value']),
          type: 'button',
          role: 'menuitem',
          class: 'option',
          on: { click: () => pick(option) },
        },
        drawPlain(labelOf(option)),
      ),
    ),
  );
}

function moveInMenu(event: KeyboardEvent, close: (focus: boolean) => void): void {
  const items = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const now = items.indexOf(document.activeElement as HTMLButtonElement);
  const goTo: Record<string, number> = {
    ArrowDown: now + 1,
    ArrowUp: now - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = goTo[event.key];
  if (next !== undefined) items.at(next % items.length)?.focus();
  else if (event.key === 'Escape') close(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
