import { z } from 'zod';

/**
 * What a release has to pass: groups of gates, as they were in the catalogue when it was opened. The plan is part
 * of the release's own record, so a decision can be computed again after the catalogue has changed (F4).
 */

/** When a conditional gate applies: any of these is touched by the release. */
export const condition = z.strictObject({
  /** Labels of merge requests. */
  labels: z.array(z.string()),
  /** Globs of changed paths. */
  paths: z.array(z.string()),
  /** Names of feature flags, or globs of them, that are on in the environment. */
  flags: z.array(z.string()),
});
export type Condition = z.infer<typeof condition>;

export const gatePlan = z.strictObject({
  id: z.string(),
  /** The question that must be answered yes; what people read. */
  title: z.string(),
  /** Id of the check that answers it, or null: people answer it. */
  check: z.string().nullable(),
  /** The gate's `with:` block, for its check. */
  with: z.record(z.string(), z.unknown()),
  /** Null: mandatory. */
  when: condition.nullable(),
  /** The document's rule for a pass; null where the title says it all. */
  rule: z.string().nullable(),
  /**
   * Globs of the paths that can change a manual answer: untouched by a new deployment it holds on to the next pass.
   * Empty: it is asked again after any change.
   */
  touchedBy: z.array(z.string()),
});
export type GatePlan = z.infer<typeof gatePlan>;

export const groupPlan = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** How answers are worded: pass, fail, not applicable; or completed, blocked, not required (B5). */
  answers: z.enum(['checks', 'add-ons']),
  /** Whether its answers are of a workspace and depot, which must be recorded first (B4). */
  workspace: z.boolean(),
  gates: z.array(gatePlan),
});
export type GroupPlan = z.infer<typeof groupPlan>;

export const plan = z.strictObject({
  phase: z.string(),
  groups: z.array(groupPlan),
  /** Roles whose yes is needed for a GO: id and what people read. Who has the role is asked of the catalogue. */
  approvals: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  /** Whether failures, exceptions and accepted gaps must stand in the Linear issue before a GO (B7). */
  recorded: z.boolean(),
});
export type Plan = z.infer<typeof plan>;

/** Every gate with its group, in the order of the plan. */
export function gatesOf({ groups }: Plan): { group: GroupPlan; gate: GatePlan }[] {
  return groups.flatMap((group) => group.gates.map((gate) => ({ group, gate })));
}

export function findGate(from: Plan, id: string): { group: GroupPlan; gate: GatePlan } | undefined {
  return gatesOf(from).find(({ gate }) => gate.id === id);
}
