import { longestWaiverDays } from '../core/release/acts.ts';
import type { ReasonAgainst } from '../core/release/events.ts';
import type { GateStatus } from '../core/release/gate-status.ts';
import type { Release } from '../core/release/state.ts';
import { blockerMetadata, blockerWords, pendingWaivers } from './blockers-modal.ts';
import { textInput } from './form-inputs.ts';
import { context, plainText } from './text.ts';

/** Names of the form and its inputs. */
export const waiverIds = {
  callback: 'release_waiver',
  // Not the names of the blocker's form, which it takes the place of: Slack would carry its values over.
  reason: { block: 'waiver_reason', element: 'waiver_reason' },
  until: { block: 'waiver_until', element: 'waiver_until' },
} as const;

const dayMs = 86_400_000;

/** The end of a day in UTC, as ISO 8601: how long a waiver holds that ends "on" that day. */
export function endOfDay(date: string): string {
  return `${date}T23:59:59.999Z`;
}

/** The last day on which a waiver that is asked for now may end, such as 2026-12-19. */
export function lastDay(now: Date): string {
  return new Date(now.getTime() + longestWaiverDays * dayMs - (dayMs - 1)).toISOString().slice(0, 10);
}

/** Asks to let one named blocker through (F7). */
export function waiverModal(release: Release, status: GateStatus, reason: ReasonAgainst, now: Date) {
  const { gate } = status;
  const { blocker } = reason;
  return {
    type: 'modal' as const,
    callback_id: waiverIds.callback,
    private_metadata: blockerMetadata(release.id, gate.id, blocker),
    title: plainText('Ask for a waiver'),
    submit: plainText('Ask'),
    close: plainText('Back'),
    blocks: [
      ...blockerWords(status, reason),
      ...pendingWaivers(release, { gate: gate.id, blocker }).map(context),
      textInput(waiverIds.reason, {
        label: 'Why may the release go on all the same?',
        multiline: true,
      }),
      {
        type: 'input',
        block_id: waiverIds.until.block,
        label: plainText('Last day'),
        hint: plainText(`It ends with this day (UTC); ${lastDay(now)} at the latest.`),
        element: {
          type: 'datepicker',
          action_id: waiverIds.until.element,
          placeholder: plainText('Choose a day'),
        },
      },
      context(
        'It counts for exactly this blocker in this pass, once a second person has confirmed it in the thread.',
      ),
    ],
  };
}
