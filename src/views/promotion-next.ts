import { decideRegion, type RegionStanding } from '../core/promotion/decide.ts';
import type { GateHold } from '../core/promotion/gate.ts';
import type { NextGate } from '../core/promotion/next-gate.ts';
import { type Promotion, regionState } from '../core/promotion/state.ts';
import { isOrderOnly, ownerOf, todoOf } from './promotion-words.ts';
import { moment, plain } from './text.ts';

/**
 * The one next action of a promotion (C7): proceed, alert or delegate, in words, and which button does it. Nothing
 * here starts a deployment: that is done in the pipeline, which asks the gate itself.
 */
export interface PromotionNext {
  /** mrkdwn, without the "Next:". */
  words: string;
  /** The region that the buttons are about; null when nothing was deployed yet. */
  region: string | null;
  /** The button that does it; null when there is nothing to press. */
  button: RolloutButton | null;
}
export type RolloutButton = 'handOver' | 'lookAgain';

/** What the promotion waits for, the most urgent first. Pure. */
export function nextAction(promotion: Promotion, gate: NextGate | null, now: Date): PromotionNext {
  const decided = promotion.plan.regions.map(({ region }) => ({
    region,
    is: decideRegion(promotion, region, now),
  }));
  const blocked = decided.find(({ is }) => is.decision === 'NO-GO' || is.decision === 'INCONCLUSIVE');
  if (blocked) return ofBlocked(promotion, blocked.region, blocked.is);
  const watched = decided.find(({ is }) => is.decision === 'watching');
  if (watched)
    return {
      words: watchedWords(promotion, watched.region),
      region: watched.region,
      button: null,
    };
  const last = decided.findLast(({ is }) => is.decision === 'GO')?.region ?? null;
  if (gate) return ofGate(promotion, gate, last, now);
  return { words: everywhereGo(decided), region: last, button: null };
}

function watchedWords(promotion: Promotion, region: string): string {
  const isThrough = regionState(promotion, region).verdict?.outcome === 'pass';
  const rest = isThrough
    ? 'passes. Its checks are under way, GO follows'
    : 'is being watched, its verdict comes';
  return `nothing to do. ${plain(region, 40)} ${rest} by itself.`;
}

/** What to do about one region that is NO-GO or INCONCLUSIVE; also the words of its own reply. */
export function ofBlocked(promotion: Promotion, region: string, is: RegionStanding): PromotionNext {
  const { handedOver, phase } = regionState(promotion, region);
  const owner = ownerOf(promotion);
  const todo = todoOf(is.holds);
  const then = todo ? ` ${todo}` : '';
  if (isOrderOnly(is.holds))
    return { words: lowered(todo) || 'see the regions before it.', region, button: null };
  if (handedOver) {
    const isOver = phase === 'ended';
    const again = isOver
      ? ' When that is done, press *Look again*; a new deployment is watched by itself.'
      : '';
    const words = `${owner} ${handedOver ? `has it since ${moment(handedOver.at)}` : ''}.${then}${again}`;
    return { words, region, button: isOver ? 'lookAgain' : null };
  }
  const name = plain(region, 40);
  const words =
    is.advice === 'alert'
      ? `alert. Call ${owner} about ${name} now: press *Hand over to ${owner}*.${then}`
      : `delegate. ${owner} looks into ${name}: press *Hand over to ${owner}*.${then}`;
  return { words, region, button: 'handOver' };
}

function ofGate(promotion: Promotion, gate: NextGate, last: string | null, now: Date): PromotionNext {
  const name = plain(gate.region, 40);
  if (gate.answer.open) {
    const until = gate.until === null ? '' : ` until ${moment(gate.until)}`;
    const words =
      last === null
        ? `deploy ${name} with its pipeline. Its validation starts by itself.`
        : `proceed. The release engineer deploys ${name} with its pipeline${until}; the pipeline asks the gate again.`;
    return { words, region: last, button: null };
  }
  const [hold] = gate.answer.holds;
  const old = gate.answer.holds.find((one) => isStale(promotion, one, now));
  if (old)
    return {
      words: `press *Look again*. The GO of ${plain(old.region, 40)} is too old to open the gate of ${name}.`,
      region: old.region,
      button: 'lookAgain',
    };
  const todo = plain(hold?.todo ?? '', 400);
  return { words: lowered(todo) || `see why ${name} is held.`, region: last, button: null };
}

/** Whether a hold is only that a region's own GO is older than the plan lets it be. */
function isStale(promotion: Promotion, { service, region }: GateHold, now: Date): boolean {
  if (service !== promotion.plan.service) return false;
  const { decision, freshFrom } = decideRegion(promotion, region, now);
  const age = now.getTime() - Date.parse(freshFrom ?? '');
  return decision === 'GO' && age > promotion.plan.freshMinutes * 60_000;
}

function everywhereGo(decided: readonly { is: RegionStanding }[]): string {
  return decided.every(({ is }) => is.isFinal)
    ? 'nothing left to do. It is GO in every region.'
    : 'nothing to do. It is GO in every region, and looked at again for a while.';
}

/** A sentence that goes on behind "Next:"; a command or code keeps its letters. */
function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
