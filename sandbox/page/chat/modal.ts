import type { View } from '../../slack/screen.ts';
import type { App } from '../app.ts';
import { drawBlocks } from '../blocks/blocks.ts';
import { type Child, h } from '../dom.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import { openDialog, returnFocus, trapFocus } from './dialog.ts';
import { backToPlace, forgetPlaces, keepPlace } from './modal-return.ts';

/** Draws the top of the person's stack of modals. The ones below show as edges behind it. */
export function drawModal(app: App, views: View[]): Child {
  const view = views.at(-1);
  if (!view) return null;
  const depth = views.length;
  const close = (all: boolean) => void app.actions.close(view.id, all);
  return h(
    'dialog',
    {
      key: 'modal',
      class: `modal depth-${depth}`,
      role: 'dialog',
      'aria-modal': 'true',
      'aria-labelledby': 'modal-title',
      mounted: (dialog) => {
        openDialog(dialog);
        forgetPlaces();
        focusFirst(dialog);
      },
      removed: returnFocus,
      on: {
        keydown: (event) => {
          if (event.key !== 'Escape') return trapFocus(event);
          event.preventDefault();
          if (!view.busy) close(false);
        },
        cancel: (event) => event.preventDefault(),
      },
    },
    h(
      'form',
      {
        key: view.id,
        class: 'modal-form',
        mounted: (form) => {
          if (!backToPlace(view.id, form)) focusFirst(form);
        },
        removed: (form) => keepPlace(view.id, form),
        drawn: (form) => focusWrong(form, view),
        'aria-busy': view.busy && 'true',
        on: {
          submit: (event) => {
            event.preventDefault();
            if (!view.busy && view.submit !== null) void app.actions.submit(view.id);
          },
          keydown: (event) => {
            const form = event.currentTarget as HTMLFormElement;
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
          },
        },
      },
      drawHead(view, depth, close),
      drawBody(app, view),
      drawFoot(view, close),
    ),
  );
}

function drawHead(view: View, depth: number, close: (all: boolean) => void): Child {
  return h(
    'header',
    { class: 'modal-head' },
    depth > 1 &&
      h(
        'button',
        {
          key: 'back',
          type: 'button',
          class: 'close-button',
          'aria-label': 'Back',
          on: { click: () => close(false) },
        },
        '‹',
      ),
    h('h2', { id: 'modal-title', tabindex: -1 }, drawPlain(view.title)),
    h(
      'button',
      {
        key: 'close',
        type: 'button',
        class: 'close-button',
        'aria-label': 'Close',
        on: { click: () => close(depth > 1) },
      },
      '×',
    ),
  );
}

function drawBody(app: App, view: View): Child {
  const wrong = Object.keys(view.errors).length;
  return h(
    'div',
    { class: 'modal-body' },
    h(
      'div',
      { role: 'alert' },
      view.trouble !== null &&
        h('p', { class: 'trouble' }, h('span', { 'aria-hidden': 'true' }, '⚠ '), view.trouble),
    ),
    h(
      'p',
      { class: 'visually-hidden', role: 'status' },
      wrong > 0 && `${wrong} ${wrong === 1 ? 'answer needs' : 'answers need'} attention`,
    ),
    drawBlocks(app, view.blocks, { place: { viewId: view.id }, values: view.values }),
  );
}

function drawFoot(view: View, close: (all: boolean) => void): Child {
  return h(
    'footer',
    { class: 'modal-foot' },
    h(
      'button',
      { key: 'cancel', type: 'button', class: 'button', on: { click: () => close(false) } },
      drawPlain(view.close),
    ),
    view.submit !== null &&
      h(
        'button',
        { key: 'submit', type: 'submit', class: 'button primary', disabled: view.busy },
        view.busy ? 'Working…' : drawPlain(view.submit),
      ),
  );
}

const errorsSeen = new WeakMap<HTMLElement, View['errors']>();

/** When a submit comes back with errors, the first wrong answer gets the keyboard. */
function focusWrong(form: HTMLElement, view: View): void {
  const before = Object.keys(errorsSeen.get(form) ?? {});
  errorsSeen.set(form, view.errors);
  if (before.length === 0 && Object.keys(view.errors).length > 0) {
    form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }
}

/** The first thing to fill in gets the keyboard; a view with nothing to fill in gets it on its title. */
function focusFirst(form: HTMLElement): void {
  const first = form.querySelector<HTMLElement>(
    '.modal-body input, .modal-body textarea, .modal-body select, .modal-body button, .modal-foot .primary',
  );
  (first ?? form.querySelector<HTMLElement>('h2'))?.focus();
}
