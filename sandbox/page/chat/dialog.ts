import { focusComposer } from './focus.ts';

const openers = new WeakMap<HTMLElement, Element | null>();

/** Opens a dialog above the page, remembering what had the keyboard. */
export function openDialog(dialog: HTMLElement): void {
  openers.set(dialog, document.activeElement);
  if (dialog instanceof HTMLDialogElement) dialog.showModal();
}

/** Gives the keyboard back to what opened the dialog, or to the command box when that is gone. */
export function returnFocus(dialog: HTMLElement): void {
  const opener = openers.get(dialog);
  if (dialog instanceof HTMLDialogElement) dialog.close();
  // After the redraw in progress, which may take the opener away or enable it again.
  queueMicrotask(() => {
    if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus();
    if (document.activeElement === document.body || document.activeElement === null) focusComposer();
  });
}

const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/** Everything inside that Tab reaches, in order. */
export function focusableIn(element: HTMLElement): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(focusable)];
}

/** Keeps Tab inside the dialog: after the last comes the first. */
export function trapFocus(event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const stops = focusableIn(event.currentTarget as HTMLElement);
  const first = stops[0];
  const last = stops.at(-1);
  const [from, to] = event.shiftKey ? [first, last] : [last, first];
  if (document.activeElement !== from && stops.includes(document.activeElement as HTMLElement)) return;
  event.preventDefault();
  to?.focus();
}
