const gap = 4;
const margin = 8;

/**
 * Shows an element above everything else, beside its anchor (the element before it): below when there is
 * room, else above. Called after every redraw, so that it follows its anchor. The popover API puts it on
 * top of a dialog and out of any scrolling box.
 */
export function showBeside(popup: HTMLElement): void {
  const anchor = popup.previousElementSibling;
  if (!anchor) return;
  if (!popup.matches(':popover-open')) popup.showPopover();
  const box = anchor.getBoundingClientRect();
  popup.style.minWidth = `${box.width}px`;
  const below = window.innerHeight - box.bottom - gap - margin;
  const above = box.top - gap - margin;
  const upwards = popup.scrollHeight > below && above > below;
  popup.style.maxHeight = `${Math.max(120, Math.min(320, upwards ? above : below))}px`;
  const height = popup.offsetHeight;
  popup.style.top = `${upwards ? box.top - gap - height : box.bottom + gap}px`;
  popup.style.left = `${Math.max(margin, Math.min(box.left, window.innerWidth - popup.offsetWidth - margin))}px`;
  popup.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' });
}
