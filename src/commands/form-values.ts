import type { ViewOutput } from '@slack/bolt';
import { type Problem, problem } from '../core/problem.ts';
import { type InputPlace, longestLink, longestNote } from '../views/form-inputs.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { withoutSecrets } from './release-acts.ts';

/** What a form holds, each value checked as if it came from anywhere. */

export function chosenIn<T extends string>(
  view: ViewOutput,
  { block, element }: InputPlace,
  known: readonly T[],
): T | null {
  const value = view.state.values[block]?.[element]?.selected_option?.value;
  return known.find((one) => one === value) ?? null;
}

export function dateIn(view: ViewOutput, { block, element }: InputPlace): string | null {
  const date = view.state.values[block]?.[element]?.selected_date ?? '';
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : null;
}

/** Text as it was typed, cut where the form's own limit was got round. */
export function typedIn(view: ViewOutput, { block, element }: InputPlace, most = longestNote): string {
  const typed = view.state.values[block]?.[element]?.value ?? '';
  return typed.replaceAll('\u0000', '').trim().slice(0, most).toWellFormed();
}

/** Text that may be recorded: without secrets. */
export function textIn(
  deps: EdgeDeps,
  view: ViewOutput,
  place: InputPlace,
  most = longestNote,
): Promise<string> {
  return withoutSecrets(deps, typedIn(view, place, most));
}

/** The link, null when there is none; an address with a secret in it is refused, since it would not lead anywhere without. */
export async function linkIn(
  deps: EdgeDeps,
  view: ViewOutput,
  place: InputPlace,
): Promise<{ link: string | null } | { problem: Problem }> {
  const link = typedIn(view, place, longestLink + 1);
  if (link === '') return { link: null };
  if (link.length > longestLink) return { problem: problem('link-long', { most: longestLink }) };
  if ((await withoutSecrets(deps, link)) !== link) return { problem: problem('link-secret') };
  return { link };
}
