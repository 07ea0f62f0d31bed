import type { Block } from '../core/ports.ts';
import { decideRegion } from '../core/promotion/decide.ts';
import { type Promotion, regionState } from '../core/promotion/state.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { promotionButtons, rolloutValue } from './promotion-ids.ts';
import type { RolloutButton } from './promotion-next.ts';
import { plainText } from './text.ts';

/** The buttons of one region that make sense now, the primary one first. What is pressed is checked on the server. */
export function rolloutActions(
  promotion: Promotion,
  region: string,
  primary: RolloutButton | null,
  now: Date,
): Block[] {
  const { run, phase, handedOver } = regionState(promotion, region);
  const { decision, holds } = decideRegion(promotion, region, now);
  const isBlocked = decision === 'NO-GO' || decision === 'INCONCLUSIVE';
  const value = rolloutValue({ id: promotion.id, region, run });
  const offered: [isOffered: boolean, name: RolloutButton | null, actionId: string, text: string][] = [
    [
      isBlocked && handedOver === null,
      'handOver',
      promotionButtons.handOver,
      `Hand over to ${promotion.plan.owner.name}`,
    ],
    [phase === 'ended', 'lookAgain', promotionButtons.lookAgain, 'Look again'],
    [isBlocked && holds.length > 0, null, promotionButtons.askWaiver, 'Ask for a waiver'],
  ];
  const elements = offered
    .filter(([isOffered]) => isOffered)
    .map(([, name, actionId, text]) => ({
      type: 'button',
      action_id: actionId,
      text: plainText(truncate(text.replace(/\s+/g, ' '), 75, 'plain_text')),
      value,
      // There are buttons for several regions in one thread.
      accessibility_label: `${truncate(text.replace(/\s+/g, ' '), 50, 'plain_text')}: ${region}`.slice(0, 75),
      ...(name !== null && name === primary && { style: 'primary' }),
    }))
    .sort((one, other) => Number('style' in other) - Number('style' in one));
  return elements.length > 0 ? [{ type: 'actions', block_id: 'rollout_actions', elements }] : [];
}
