import type { GateStatus } from '../core/release/gate-status.ts';
import { signOf } from './release-words.ts';
import { plain } from './text.ts';

/** How the items of a checklist, and gates in lists with buttons, are worded. */

/** ":x: *blocked*": emoji and word as the group words it. */
export function gateSign({ word, group }: Pick<GateStatus, 'word' | 'group'>): string {
  const { emoji, word: shown } = signOf(word, group);
  return `${emoji} *${shown}*`;
}

/** Foreign text in bold; an asterisk in it would end the bold. */
export function strong(text: string, units = 300): string {
  return `*${plain(text.replaceAll('*', '∗'), units) || '…'}*`;
}

/** What people answer, in the order of the document. */
export function itemsOf(statuses: readonly GateStatus[]): GateStatus[] {
  return statuses.filter(({ gate }) => gate.check === null);
}

/** Whether an item needs nobody any more; answers that contradict each other do. */
export function isAnswered({ word }: Pick<GateStatus, 'word'>): boolean {
  return word === 'pass' || word === 'fail' || word === 'not-applicable' || word === 'waived';
}

/** "12 of 26 answered" */
export function progressOf(items: readonly GateStatus[]): string {
  return `${items.filter(isAnswered).length} of ${items.length} answered`;
}
