import type { Block, MessageBody } from '../core/ports.ts';
import type { Advice } from '../core/promotion/events.ts';
import { type Decided, type Notice, type Promotion, regionState } from '../core/promotion/state.ts';
import { waiverReply } from './promotion-waiver-reply.ts';
import { holdLine, isOrderOnly, ownerOf, plainTitleOf, signOf, titleOf, todoOf } from './promotion-words.ts';
import { firstOf, unitsOf } from './release-lines.ts';
import { who } from './release-words.ts';
import { failureText } from './rollout-failures.ts';
import { excerptText } from './rollout-log.ts';
import { context, moment, plain, section } from './text.ts';

/** Of Slack's 3,000 for one text. */
const listUnits = 2_400;
const listedHolds = 8;
/** What an owner reads first; the rest stands in the rollout's own reply. */
const shortExcerptUnits = 1_400;
const listedFailures = 3;
const failureUnits = 1_600;

type Kind<K extends Notice['kind']> = Extract<Notice, { kind: K }>;

/**
 * What the thread tells of one step, in a reply of its own. Null when a newer run has begun since: the state of the
 * old one is gone, and what was told stays as it is.
 */
export function promotionNotice(promotion: Promotion, notice: Notice, now: Date): MessageBody | null {
  switch (notice.kind) {
    case 'decided':
      return decided(promotion, notice);
    case 'waiver':
      return waiverReply(promotion, notice, now);
    case 'handed-over':
      return handedOver(promotion, notice);
  }
}

/**
 * Whether a decision is shown in the channel too: a NO-GO, a GO that is taken back, and the GO of the last region,
 * where it says something else than the decision before. What an earlier region does to a later one is told there.
 */
export function isBroadcast(promotion: Promotion, notice: Notice): boolean {
  if (notice.kind !== 'decided') return false;
  const found = findDecision(promotion, notice);
  if (!found || found.is.decision === found.before?.decision) return false;
  const { decision, holds } = found.is;
  if (isOrderOnly(holds)) return false;
  const isLast = promotion.plan.regions.at(-1)?.region === notice.region;
  if (decision === 'GO') return isLast;
  return decision === 'NO-GO' || found.before?.decision === 'GO';
}

function findDecision(
  promotion: Promotion,
  { region, run, number }: Kind<'decided'>,
): { is: Decided; before: Decided | undefined } | null {
  const { decisions } = regionState(promotion, region);
  const index = decisions.findIndex((one) => one.number === number && one.run === run);
  const is = decisions[index];
  return is ? { is, before: decisions[index - 1] } : null;
}

function decided(promotion: Promotion, notice: Kind<'decided'>): MessageBody | null {
  const found = findDecision(promotion, notice);
  if (!found) return null;
  const { is, before } = found;
  const { region } = notice;
  const name = plain(region, 40);
  const { emoji, word } = signOf(is.decision);
  const wasTaken = before?.decision === 'GO' && is.decision !== 'GO';
  const shown = wasTaken ? `GO in ${name} taken back: ${word}` : `${word} in ${name}`;
  const kind = is.decision !== 'GO' ? '' : is.isFinal ? ', final' : ', provisional';
  const holds = firstOf(is.holds, listedHolds, listUnits, holdLine, (count) => `…and ${count} more`);
  return {
    text: `${shown}${kind}: ${plainTitleOf(promotion)}`,
    blocks: [
      section(`${wasTaken ? ':warning:' : emoji} *${shown}*${kind} · ${titleOf(promotion)}`),
      ...(holds.length > 0 ? [section(holds.join('\n'))] : []),
      section(`*Next:* ${nextWords(promotion, region, is)}`),
      context(`Decision ${is.number} · ${moment(is.at)}`),
    ],
  };
}

/** Said once and for all: what holds at the moment stands in the message above. */
function nextWords(
  promotion: Promotion,
  region: string,
  { decision, advice, holds, isFinal }: Decided,
): string {
  if (decision === 'GO') return goWords(promotion, region, isFinal);
  const todo = todoOf(holds);
  if (isOrderOnly(holds)) return todo || 'see the regions before it.';
  const owner = ownerOf(promotion);
  const doing: Record<Advice, string> = {
    proceed: 'proceed.',
    alert: `alert. Call ${owner} now`,
    delegate: `delegate. ${owner} looks into it`,
  };
  return `${doing[advice]}: press *Hand over to ${owner}*.${todo ? ` ${todo}` : ''}`;
}

function goWords({ plan }: Promotion, region: string, isFinal: boolean): string {
  const next = plan.regions[plan.regions.findIndex((one) => one.region === region) + 1];
  const again = isFinal ? '' : ' It is looked at again for a while; a regression takes the GO back.';
  if (!next) return `nothing left to deploy.${again}`;
  return `proceed. ${plain(next.region, 40)} comes next; its pipeline asks the gate.${again}`;
}

/** Mentions whoever takes over, with the evidence in short and where the rest is (C7). */
function handedOver(promotion: Promotion, notice: Kind<'handed-over'>): MessageBody | null {
  const { region, run } = notice;
  const { verdict, run: present } = regionState(promotion, region);
  if (present !== run) return null;
  const { users, groups } = promotion.plan.owner;
  const people = [...groups, ...users].slice(0, 20).map(who).join(' ');
  const name = plain(region, 40);
  const text = `${ownerOf(promotion)} takes over ${name}`;
  const reason = plain(verdict?.reason ?? '', 500);
  const todo = plain(verdict?.remedy ?? '', 400);
  return {
    text: `${text}: ${plainTitleOf(promotion)}`,
    blocks: [
      section(
        `:handshake: *${text}* · ${titleOf(promotion)}\n${people || 'The catalogue names nobody to call.'}`,
      ),
      ...(reason ? [section(reason)] : []),
      ...shortEvidence(promotion, region),
      section(`*Next:* ${todo ? `${todo} ` : ''}The reply of ${name} above has the rest of the evidence.`),
      context(`Handed over by ${who(notice.by)} · ${moment(notice.at)}`),
    ],
  };
}

function shortEvidence(promotion: Promotion, region: string): Block[] {
  const { verdict } = regionState(promotion, region);
  if (!verdict) return [];
  const rest = (count: number) => `…and ${count} more stopped tasks`;
  const lines = firstOf(verdict.failures, listedFailures, failureUnits, failureText, rest);
  const excerpt = verdict.excerpts.find((one) => one.lines.some(({ hit }) => hit)) ?? verdict.excerpts[0];
  const shown = excerpt ? excerptText(excerpt, shortExcerptUnits) : '';
  return [...(unitsOf(lines) > 0 ? [section(lines.join('\n'))] : []), ...(shown ? [section(shown)] : [])];
}
