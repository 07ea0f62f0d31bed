import { focusableIn } from './dialog.ts';

/** Where a person was in a view that another was pushed on top of, by the view's id. */
const left = new Map<string, { scroll: number; focused: number }>();

const bodyOf = (form: HTMLElement) => form.querySelector<HTMLElement>('.modal-body');

/** Keeps the place in a view that leaves the screen. */
export function keepPlace(viewId: string, form: HTMLElement): void {
  const active = document.activeElement;
  const focused = active instanceof HTMLElement ? focusableIn(form).indexOf(active) : -1;
  left.set(viewId, { scroll: bodyOf(form)?.scrollTop ?? 0, focused });
}

/** Goes back to the place that was left; false when the view was not there before. */
export function backToPlace(viewId: string, form: HTMLElement): boolean {
  const place = left.get(viewId);
  left.delete(viewId);
  const control = focusableIn(form)[place?.focused ?? -1];
  if (!place || !control) return false;
  const body = bodyOf(form);
  if (body) body.scrollTop = place.scroll;
  control.focus({ preventScroll: true });
  control.scrollIntoView({ block: 'nearest' });
  return true;
}

/** A new stack of views begins. */
export function forgetPlaces(): void {
  left.clear();
}
