import type { App } from '../app.ts';
import { text, textOf } from '../blocks/json.ts';
import { drawText } from '../blocks/text-object.ts';
import { type Child, h } from '../dom.ts';
import { drawPlain } from '../text/mrkdwn-draw.ts';
import { openDialog, returnFocus, trapFocus } from './dialog.ts';

/** Draws the confirm dialog of a button or menu, with the keyboard on the way out for what can't be undone. */
export function drawConfirm(app: App): Child {
  const open = app.state.confirm;
  if (!open) return null;
  const { confirm, proceed } = open;
  const danger = confirm['style'] === 'danger';
  const leave = () => app.change({ confirm: null });
  const agree = () => {
    leave();
    proceed();
  };
  return h(
    'dialog',
    {
      key: 'confirm',
      class: 'modal confirm',
      role: 'alertdialog',
      'aria-modal': 'true',
      'aria-labelledby': 'confirm-title',
      'aria-describedby': 'confirm-text',
      mounted: (dialog) => {
        openDialog(dialog);
        dialog.querySelector<HTMLElement>(danger ? '.button' : '.button.primary')?.focus();
      },
      removed: returnFocus,
      on: {
        keydown: (event) => {
          if (event.key !== 'Escape') return trapFocus(event);
          event.preventDefault();
          leave();
        },
        cancel: (event) => event.preventDefault(),
      },
    },
    h(
      'header',
      { class: 'modal-head' },
      h('h2', { id: 'confirm-title' }, drawPlain(textOf(confirm['title']))),
    ),
    h('div', { id: 'confirm-text', class: 'modal-body' }, drawText(app, confirm['text'], 'section-text')),
    h(
      'footer',
      { class: 'modal-foot' },
      h(
        'button',
        { type: 'button', class: 'button', on: { click: leave } },
        drawPlain(textOf(confirm['deny']) || 'Cancel'),
      ),
      h(
        'button',
        { type: 'button', class: `button ${text(confirm['style']) || 'primary'}`, on: { click: agree } },
        drawPlain(textOf(confirm['confirm']) || 'OK'),
      ),
    ),
  );
}
