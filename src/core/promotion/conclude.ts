import { decideRegion, isNews } from './decide.ts';
import type { Hold, PromotionEvent } from './events.ts';
import { type Promotion, regionState } from './state.ts';

/** What follows by itself from where a promotion stands: each region's decision, once it is another. Pure. */
export function conclusions(promotion: Promotion, now: Date): PromotionEvent[] {
  const told = Object.values(promotion.regions).reduce((sum, { decisions }) => sum + decisions.length, 0);
  const events: PromotionEvent[] = [];
  for (const { region } of promotion.plan.regions) {
    const is = decideRegion(promotion, region, now);
    if (!isNews(promotion, region, is)) continue;
    const { run, verdict } = regionState(promotion, region);
    // A GO that does not hold any more is taken back at once, also while it is not known yet what comes of it.
    const decision = is.decision === 'watching' || is.decision === 'none' ? 'INCONCLUSIVE' : is.decision;
    const isOpen = decision !== is.decision;
    const holds = isOpen ? [...is.holds, unsettled(verdict?.reason ?? 'It is looked at again.')] : is.holds;
    const number = told + events.length + 1;
    const { isFinal, advice } = is;
    events.push({
      type: 'RegionDecided',
      data: { region, run, number, decision, isFinal, holds, advice },
    });
  }
  return events;
}

function unsettled(signal: string): Hold {
  return {
    blocker: 'rollout',
    title: 'ECS rollout',
    signal,
    todo: 'Wait for the next look.',
    kind: 'inconclusive',
  };
}
