/** Puts the keyboard into the command box. */
export function focusComposer(): void {
  document.getElementById('composer')?.focus();
}
