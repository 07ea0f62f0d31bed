import type { Block, MessageBody } from '../core/ports.ts';
import { type Notice, type Promotion, type RolloutWaiver, regionState } from '../core/promotion/state.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { strong } from './item-words.ts';
import { promotionButtons } from './promotion-ids.ts';
import { plainTitleOf, titleOf } from './promotion-words.ts';
import { capital, who } from './release-words.ts';
import { context, moment, plain, plainText, section } from './text.ts';

/** A waiver asked for, with the buttons of the second person until somebody answers or it is over (F7). */
export function waiverReply(
  promotion: Promotion,
  notice: Extract<Notice, { kind: 'waiver' }>,
  now: Date,
): MessageBody | null {
  const found = promotion.waivers.find(({ id }) => id === notice.waiver);
  if (!found) return null;
  const { emoji, head, note, isOpen } = stateOf(promotion, found, now);
  const { region, title, signal, reason, expiresAt } = found;
  const lines = [
    `${emoji} *${head}* · ${titleOf(promotion)}`,
    `${plain(region, 40)}, ${strong(title, 120)}: ${plain(signal, 500)}`,
    `Why: ${plain(reason, 1_000)}`,
    `Until ${moment(expiresAt)}`,
    note,
  ];
  return {
    text: `${head}: ${plainTitleOf(promotion)}`,
    blocks: [
      section(lines.join('\n')),
      ...(isOpen ? [buttons(promotion, found)] : []),
      context(`${who(notice.by)} · ${moment(notice.at)}`),
    ],
  };
}

function stateOf(promotion: Promotion, waiver: RolloutWaiver, now: Date) {
  const { confirmed, declined, by, region, run, expiresAt } = waiver;
  const isOver = regionState(promotion, region).run !== run || now.getTime() >= Date.parse(expiresAt);
  if (declined) {
    const back = declined.by === by ? 'taken back' : 'declined';
    const note = `${capital(back)} by ${who(declined.by)} ${moment(declined.at)}. It still counts against a GO.`;
    return { emoji: ':no_entry_sign:', head: `Waiver ${back}`, note, isOpen: false };
  }
  if (confirmed) {
    const note = `Asked for by ${who(by)}, confirmed by ${who(confirmed.by)} ${moment(confirmed.at)}.`;
    return { emoji: ':warning:', head: `Waived${isOver ? ', ended' : ''}`, note, isOpen: false };
  }
  if (isOver)
    return { emoji: ':hourglass:', head: 'Waiver not answered', note: 'It ended unanswered.', isOpen: false };
  const note = `*Next:* a second release engineer confirms or declines. ${who(by)} cannot confirm it alone.`;
  return { emoji: ':raised_hand:', head: 'Waiver asked for', note, isOpen: true };
}

function buttons({ id }: Promotion, { id: waiver, title, region }: RolloutWaiver): Block {
  const value = `${id}/${waiver}`;
  return {
    type: 'actions',
    block_id: 'rollout_waiver',
    elements: [
      {
        type: 'button',
        action_id: promotionButtons.confirmWaiver,
        text: plainText('Confirm'),
        style: 'primary',
        value,
        confirm: {
          title: plainText('Let it through?'),
          text: plainText(
            `With your yes this counts no more in ${region}: ${truncate(title.replace(/\s+/g, ' '), 120, 'plain_text')}`,
          ),
          confirm: plainText('Confirm'),
          deny: plainText('Not now'),
        },
      },
      { type: 'button', action_id: promotionButtons.declineWaiver, text: plainText('Decline'), value },
    ],
  };
}
