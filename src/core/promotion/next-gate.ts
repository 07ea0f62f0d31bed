import { decideRegion } from './decide.ts';
import { type GateAnswer, type GateView, regionGate } from './gate.ts';
import { regionsBefore } from './plan.ts';
import { type Promotion, regionState } from './state.ts';

/** The first region of a promotion that has no rollout yet, and what its gate says at a time. */
export interface NextGate {
  region: string;
  answer: GateAnswer;
  /** Until when the GO that it rests on are fresh, ISO 8601 UTC; null while it is held and for a first region. */
  until: string | null;
}

/** Null when every region has its rollout. */
export function nextGate(view: GateView, promotion: Promotion, now: Date): NextGate | null {
  const { plan, commit } = promotion;
  const next = plan.regions.find(({ region }) => regionState(promotion, region).run === 0);
  if (!next) return null;
  const { region } = next;
  const answer = regionGate(view, { service: plan.service, region, commit }, now);
  return { region, answer, until: answer.open ? freshUntil(view, promotion, region, now) : null };
}

/** The gate counts freshness by the catalogue of today, and a GO by waiver ends with its waiver. */
function freshUntil(view: GateView, promotion: Promotion, next: string, now: Date): string | null {
  const { plan } = promotion;
  const today = view.plans.find(({ service }) => service === plan.service) ?? plan;
  const ends = regionsBefore(today, next).flatMap(({ region }) => {
    const { freshFrom, waived } = decideRegion(promotion, region, now);
    const lapses = waived.map(({ waiver }) => Date.parse(waiver.expiresAt));
    return [Date.parse(freshFrom ?? '') + today.freshMinutes * 60_000, ...lapses];
  });
  const first = Math.min(...ends);
  return Number.isFinite(first) ? new Date(first).toISOString() : null;
}
