import { z } from 'zod';
import { rolloutRules } from '../rollout/rules.ts';

/**
 * What a commit of a service has to pass on its way through the regions, as it was in the catalogue when the
 * promotion was opened. It is part of the promotion's own record, so a decision can be computed again later (F4).
 */

export const regionPlan = z.strictObject({
  /** AWS region; unique within the service. */
  region: z.string(),
  /** Id of one of the catalogue's `accounts`; null: the account of the bot's own credentials. */
  account: z.string().nullable(),
  cluster: z.string(),
  /** Name of the service in ECS. */
  service: z.string(),
  /** GitLab environment whose deployments go there. */
  environment: z.string(),
});
export type RegionPlan = z.infer<typeof regionPlan>;

/** A check that runs once the rollout passes, such as the spike check (C4). `with` is its parameters. */
export const afterCheck = z.strictObject({
  id: z.string(),
  title: z.string(),
  check: z.string(),
  with: z.record(z.string(), z.unknown()),
});
export type AfterCheck = z.infer<typeof afterCheck>;

export const promotionPlan = z.strictObject({
  /** Id of the service, as people type it. */
  service: z.string(),
  name: z.string(),
  /** Id of its project in the catalogue, and its full path in GitLab. */
  project: z.string(),
  path: z.string(),
  /** Who takes over an investigation. */
  owner: z.strictObject({ name: z.string(), users: z.array(z.string()), groups: z.array(z.string()) }),
  /** In the order in which they may be deployed (C5). */
  regions: z.array(regionPlan).min(1),
  /** How long a GO of one region opens the next one's gate, in minutes. */
  freshMinutes: z.int(),
  rules: rolloutRules,
  after: z.array(afterCheck),
});
export type PromotionPlan = z.infer<typeof promotionPlan>;

export function findRegion(plan: PromotionPlan, region: string): RegionPlan | undefined {
  return plan.regions.find((one) => one.region === region);
}

/** The regions that come before this one. */
export function regionsBefore(plan: PromotionPlan, region: string): RegionPlan[] {
  const at = plan.regions.findIndex((one) => one.region === region);
  return plan.regions.slice(0, Math.max(0, at));
}
