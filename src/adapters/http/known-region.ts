import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import { nearest } from '../../core/catalogue/nearest.ts';
import { problem } from '../../core/problem.ts';
import { findRegion, type PromotionPlan, type RegionPlan } from '../../core/promotion/plan.ts';
import { refusal } from './bearer.ts';
import type { Answer } from './server.ts';

/** The service and region that a pipeline means, or the 404 that says which there are. */
export function knownRegion(
  { services }: Catalogue,
  { service, region }: { service: string; region: string },
): { plan: PromotionPlan; place: RegionPlan } | { answer: Answer } {
  const plan = services.find((one) => one.service === service);
  if (!plan) {
    const meant = nearest(
      service,
      services.map((one) => one.service),
    );
    return { answer: refusal(404, problem('service-unknown', { service, nearest: meant ?? null })) };
  }
  const place = findRegion(plan, region);
  if (!place) return { answer: refusal(404, problem('region-unknown', { service, region })) };
  return { plan, place };
}
