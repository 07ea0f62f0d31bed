import fc from 'fast-check';
import { type Outcome, outcomes } from '../../../src/core/finding.ts';
import { answerOutcomes, handlings } from '../../../src/core/release/events.ts';
import { gatesOf } from '../../../src/core/release/plan.ts';
import { guard, owner, planSample, rita, sam, tess } from './samples.ts';

/** What may happen to a release, drawn at random: many steps of everybody who takes part. */

const gates = gatesOf(planSample()).map(({ gate }) => gate);
const idsOf = (which: (gate: (typeof gates)[number]) => boolean) => gates.filter(which).map(({ id }) => id);
const checks = fc.constantFrom(...idsOf(({ check }) => check !== null));
const items = fc.constantFrom(...idsOf(({ check }) => check === null));
const conditional = fc.constantFrom(...idsOf(({ when }) => when !== null));
const user = fc.constantFrom(tess, sam, rita, owner, guard);
const pick = fc.nat(5);

const stepKinds = {
  find: fc.record({
    gate: checks,
    outcome: fc.constantFrom<Outcome>(...outcomes),
    blockers: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }),
    signal: fc.constantFrom('one', 'two'),
    late: fc.constantFrom(0, 0, 0, 1),
  }),
  start: fc.record({ gate: checks }),
  recheck: fc.record({ which: fc.oneof(fc.constantFrom('all' as const, 'failed' as const), checks) }),
  answer: fc.record({
    gate: items,
    user,
    outcome: fc.constantFrom('pass' as const, ...answerOutcomes),
    note: fc.constantFrom('seen', 'broken'),
    saw: fc.constantFrom('all', 'none', 'first'),
  }),
  place: fc.record({ workspace: fc.constantFrom('Smoke', 'Other'), user }),
  assign: fc.record({ gate: items, user }),
  judge: fc.record({
    gate: conditional,
    verdict: fc.constantFrom('applies' as const, 'does-not-apply' as const, 'unknown' as const),
  }),
  handle: fc.record({
    pick,
    as: fc.constantFrom(...handlings),
    may: fc.constantFrom('exclude', 'accept'),
    user,
  }),
  propose: fc.record({ pick, user, minutes: fc.integer({ min: 1, max: 40 }) }),
  voice: fc.record({ pick, user, yes: fc.constantFrom(true, true, true, false) }),
  approve: fc.record({
    approval: fc.constantFrom('platform', 'security'),
    user,
    isStale: fc.constantFrom(false, false, false, true),
  }),
  deploy: fc.record({}),
  pass: fc.record({ user, isKnown: fc.boolean(), touched: fc.constantFrom(null, 'web/a.ts', 'docs/a.md') }),
  write: fc.record({ share: fc.constantFrom(1, 1, 1, 0.5) }),
  unwrite: fc.record({}),
  /** Makes one gate, or all of them, green in the ordinary way. */
  mend: fc.record({ pick, isAll: fc.boolean() }),
  /** Two people let one blocker through, or one tries it alone. */
  waive: fc.record({
    pick,
    second: fc.constantFrom(sam, sam, rita),
    minutes: fc.integer({ min: 1, max: 40 }),
  }),
  /** Writes the record and has both owners approve what they see, or one of them for both. */
  close: fc.record({ second: fc.constantFrom(guard, guard, guard, owner) }),
  wait: fc.record({ minutes: fc.integer({ min: 0, max: 15 }) }),
};
export type Kinds = {
  [K in keyof typeof stepKinds]: (typeof stepKinds)[K] extends fc.Arbitrary<infer T> ? T : never;
};
export type Step = { [K in keyof Kinds]: Kinds[K] & { do: K } }[keyof Kinds];

const weights: Partial<Record<keyof Kinds, number>> = {
  mend: 7,
  close: 6,
  waive: 4,
  write: 2,
  approve: 3,
  answer: 3,
  find: 4,
  handle: 3,
  propose: 2,
  voice: 2,
  unwrite: 0.5,
};
const step = fc.oneof(
  ...Object.entries(stepKinds).map(([kind, arbitrary]) => ({
    weight: Math.round(2 * (weights[kind as keyof Kinds] ?? 1)),
    arbitrary: (arbitrary as fc.Arbitrary<object>).map((details) => ({ ...details, do: kind }) as Step),
  })),
);
export const steps = fc.array(step, { minLength: 20, maxLength: 70, size: 'max' });
