import type { Block, MessageBody } from '../core/ports.ts';
import type { NextGate } from '../core/promotion/next-gate.ts';
import type { PromotionPlan } from '../core/promotion/plan.ts';
import type { Promotion } from '../core/promotion/state.ts';
import { strong } from './item-words.ts';
import { promotionMessage } from './promotion-message.ts';
import { titleOf, verdictOf } from './promotion-words.ts';
import { code, context, link, moment, plain, section } from './text.ts';

/** What only the person who asked for a deployment sees. */

export interface PromotionShown {
  promotion: Promotion;
  gate: NextGate | null;
  /** Address of its thread; null when Slack does not say. */
  thread: string | null;
}

/** What its message shows and where that is; the buttons stay with the message. `note`: what was just done. */
export function promotionAnswer(
  { promotion, gate, thread }: PromotionShown,
  now: Date,
  note = '',
): MessageBody {
  const { text, blocks } = promotionMessage(promotion, gate, now);
  const place = thread === null ? `<#${promotion.channel}>` : link(thread, 'its thread');
  return {
    text,
    blocks: [
      ...(note ? [section(note)] : []),
      ...blocks.filter(({ type }) => type !== 'actions'),
      context(`The evidence is in ${place}.`),
    ],
  };
}

/** No deployment of a service is known. */
export function noPromotionAnswer({ service, name, regions }: PromotionPlan): MessageBody {
  const text = `Nothing was validated for ${plain(name, 60)} yet`;
  const first = regions[0]?.region ?? '';
  return {
    text,
    blocks: [
      section(`${text}. A validation starts by itself once GitLab has deployed to a region.`),
      context(`To have GitLab asked now: \`/release validate ${plain(service, 64)} ${plain(first, 40)}\``),
    ],
  };
}

/** GitLab is asked for what it deployed last; what it finds shows in the channel. */
export function askedAnswer({ name }: PromotionPlan, region: string, channel: string): MessageBody {
  const place = plain(region, 40);
  const text = `GitLab is asked what it deployed to ${place} last`;
  return {
    text,
    blocks: [
      section(
        `:mag: ${text} for ${strong(name, 60)}. If it deployed something, its validation appears in <#${channel}>.`,
      ),
    ],
  };
}

/** Deployments, one block each: for the status and the Home. */
export function promotionLines(promotions: readonly Promotion[], now: Date): Block[] {
  if (promotions.length === 0) return [];
  const lines = promotions.map((promotion) => {
    const { emoji, word } = verdictOf(promotion, now);
    const about = `${code(promotion.id)} · ${moment(promotion.openedAt)}`;
    return section(`${emoji} *${word}* · ${titleOf(promotion)}\n${about}`);
  });
  return [section('*Deployments*'), ...lines];
}
