import type { Block, MessageBody } from '../core/ports.ts';
import { decideRegion } from '../core/promotion/decide.ts';
import type { NextGate } from '../core/promotion/next-gate.ts';
import type { Promotion, RolloutWaiver } from '../core/promotion/state.ts';
import { rolloutActions } from './promotion-buttons.ts';
import { nextAction } from './promotion-next.ts';
import { regionRows } from './promotion-rows.ts';
import { ownerOf, plainTitleOf, titleOf, verdictOf } from './promotion-words.ts';
import { sections } from './release-lines.ts';
import { who } from './release-words.ts';
import { code, context, firstLines, moment, plain, section } from './text.ts';

/** Of Slack's 10,000 for one message; what they leave is for the rest of it. */
const rowUnits = 5_400;
const waiverUnits = 1_400;
const listedWaivers = 4;

/**
 * The one message of a promotion (C7): verdict, a row a region, what is waived, the one next action and its button.
 * Made from the state, the gate of the next region and the time alone.
 */
export function promotionMessage(promotion: Promotion, gate: NextGate | null, now: Date): MessageBody {
  const { emoji, word } = verdictOf(promotion, now);
  const next = nextAction(promotion, gate, now);
  const rows = regionRows(promotion, gate, now);
  const rest = (count: number) => `…and ${count} more regions in the thread`;
  return {
    text: `${word}: ${plainTitleOf(promotion)}`,
    blocks: [
      section(`${emoji} *${word}* · ${titleOf(promotion)}`),
      ...sections(firstLines(rows, rows.length, rowUnits, rest)),
      ...waivedBlock(promotion, now),
      section(`*Next:* ${next.words}`),
      ...(next.region === null ? [] : rolloutActions(promotion, next.region, next.button, now)),
      context(aboutOf(promotion)),
    ],
  };
}

/** Waivers that count now stay visible beside the verdict (F7). */
function waivedBlock(promotion: Promotion, now: Date): Block[] {
  const waived = promotion.plan.regions.flatMap(({ region }) => decideRegion(promotion, region, now).waived);
  const lines = waived.map(({ waiver }) => `• ${waiverLine(waiver)}`);
  if (lines.length === 0) return [];
  const rest = (count: number) => `…and ${count} more in the thread`;
  return [section(['*Waived*', ...firstLines(lines, listedWaivers, waiverUnits, rest)].join('\n'))];
}

/** A waiver on one line: where, what, who, until when, why. */
function waiverLine({ region, title, by, confirmed, expiresAt, reason }: RolloutWaiver): string {
  const people = [by, ...(confirmed ? [confirmed.by] : [])].map(who).join(' and ');
  return `${plain(region, 40)}, ${plain(title, 120)}, by ${people} until ${moment(expiresAt)}: ${plain(reason, 200)}`;
}

function aboutOf(promotion: Promotion): string {
  const { openedBy, openedAt, id, plan } = promotion;
  const owner = `owner: ${ownerOf(promotion)}`;
  return `${plain(plan.service, 64)} · ${owner} · opened by ${who(openedBy)} ${moment(openedAt)} · ${code(id)}`;
}
