import { longestRolloutWaiverHours } from '../core/promotion/acts.ts';
import type { Hold } from '../core/promotion/events.ts';
import type { Promotion } from '../core/promotion/state.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { radioInput, textInput } from './form-inputs.ts';
import { type RolloutPlace, rolloutValue } from './promotion-ids.ts';
import { holdLine, titleOf } from './promotion-words.ts';
import { firstOf } from './release-lines.ts';
import { context, plain, plainText, section } from './text.ts';

/** Names of the form and its inputs. */
export const rolloutWaiverIds = {
  callback: 'rollout_waiver',
  blocker: { block: 'rollout_hold', element: 'rollout_hold' },
  reason: { block: 'rollout_reason', element: 'rollout_reason' },
  hours: { block: 'rollout_hours', element: 'rollout_hours' },
} as const;

/** How long a waiver may hold, in hours; a deployment is a matter of a day. */
export const waiverHours = ['1', '4', '8', String(longestRolloutWaiverHours)] as const;

/** Slack's limit for the options of a menu. */
const listedHolds = 100;
const shownHolds = 10;
const holdUnits = 2_600;

/** Asks to let one named hold of one run through (F7). */
export function rolloutWaiverModal(promotion: Promotion, place: RolloutPlace, holds: readonly Hold[]) {
  const options = holds.slice(0, listedHolds).map(({ blocker, title, signal }) => ({
    value: blocker,
    text: plainText(truncate(title.trim() || blocker, 75, 'plain_text')),
    ...(signal.trim() !== '' && { description: plainText(truncate(signal.trim(), 75, 'plain_text')) }),
  }));
  const [first] = options;
  const rest = (count: number) => `…and ${count} more`;
  return {
    type: 'modal' as const,
    callback_id: rolloutWaiverIds.callback,
    private_metadata: rolloutValue(place),
    title: plainText('Ask for a waiver'),
    submit: plainText('Ask'),
    close: plainText('Cancel'),
    blocks: [
      section(`${titleOf(promotion)} in ${plain(place.region, 40)}`),
      section(firstOf(holds, shownHolds, holdUnits, holdLine, rest).join('\n')),
      {
        type: 'input',
        block_id: rolloutWaiverIds.blocker.block,
        label: plainText('What is to be let through?'),
        element: {
          type: 'static_select',
          action_id: rolloutWaiverIds.blocker.element,
          placeholder: plainText('Choose one'),
          options,
          ...(options.length === 1 && { initial_option: first }),
        },
      },
      textInput(rolloutWaiverIds.reason, {
        label: 'Why may the deployment go on all the same?',
        multiline: true,
      }),
      radioInput(
        rolloutWaiverIds.hours,
        'For how long?',
        waiverHours.map((hours) => ({ value: hours, label: hours === '1' ? '1 hour' : `${hours} hours` })),
        null,
      ),
      context(
        'It counts for exactly what was seen in this deployment, once a second person has confirmed it in the thread.',
      ),
    ],
  };
}
