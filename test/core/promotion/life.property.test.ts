import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideRegion } from '../../../src/core/promotion/decide.ts';
import { type GateView, regionGate } from '../../../src/core/promotion/gate.ts';
import { regionsBefore } from '../../../src/core/promotion/plan.ts';
import { type Promotion, regionState } from '../../../src/core/promotion/state.ts';
import { commit, failed, finding, Life, minutes, planWith, verdict } from './samples.ts';

const regions = planWith().regions.map(({ region }) => region);
const said = [
  verdict(),
  verdict({ isFinal: true, row: 14 }),
  failed,
  verdict({ outcome: 'inconclusive', reason: 'Not known.' }),
  verdict({ outcome: 'waiting', reason: 'Tasks start.' }),
];
const found = (['pass', 'fail', 'inconclusive', 'waiting', 'not-applicable'] as const).map((outcome) =>
  finding({ outcome }),
);

/** One thing that happens after some minutes; runs and waivers that are over happen too. */
const step = fc.record({
  after: fc.integer({ min: 0, max: 40 }),
  region: fc.constantFrom('eu-west-1', 'eu-west-1', ...regions),
  kind: fc.constantFrom(
    ...(['start', 'judge', 'judge', 'judge', 'check', 'check', 'check', 'waive', 'second'] as const),
    ...(['confirm', 'end', 'recheck'] as const),
  ),
  which: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
  late: fc.constantFrom(false, false, false, true),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function play(life: Life, { region, kind, which, late }: Step, at: Date): void {
  const run = Math.max(1, regionState(life.now(), region).run - (late ? 1 : 0));
  if (kind === 'start') life.started(region, at, regionState(life.now(), region).run + 1);
  if (kind === 'judge') life.judged(region, at, said[which], run);
  if (kind === 'check') life.checked(region, at, found[which], run);
  if (kind === 'confirm') life.do(at, [{ type: 'RolloutConfirmed', data: { region, run, mark: null } }]);
  if (kind === 'end') life.do(at, [{ type: 'WatchEnded', data: { region, run } }]);
  if (kind === 'recheck') life.do(at, [{ type: 'RecheckRequested', data: { region, run } }]);
  const [hold] = decideRegion(life.now(), region, at).holds;
  if (kind === 'waive' && hold) {
    const { blocker, signal, title } = hold;
    const expiresAt = new Date(at.getTime() + 30 * 60_000).toISOString();
    const waiver = `w${life.seq}`;
    const data = { waiver, region, run, blocker, signal, title, reason: 'Known.', expiresAt };
    life.do(at, [{ type: 'WaiverProposed', data }], 'U1');
  }
  const open = life.now().waivers.find(({ confirmed, declined }) => !confirmed && !declined);
  if (kind === 'second' && open)
    life.do(at, [{ type: late ? 'WaiverDeclined' : 'WaiverConfirmed', data: { waiver: open.id } }], 'U2');
}

/** Whether two people let one hold of a region through, now. */
function isWaived(promotion: Promotion, region: string, blocker: string, now: Date): boolean {
  const { run } = regionState(promotion, region);
  return promotion.waivers.some(
    (waiver) =>
      waiver.region === region &&
      waiver.run === run &&
      waiver.blocker === blocker &&
      waiver.confirmed !== null &&
      waiver.confirmed.by !== waiver.by &&
      now.getTime() < Date.parse(waiver.expiresAt),
  );
}

/** What must hold for a GO, written apart from the rules: the rollout, the check, the regions before. */
function mayBeGo(promotion: Promotion, region: string, now: Date): boolean {
  const { run, verdict: last, checks } = regionState(promotion, region);
  if (run === 0 || !last) return false;
  const rollout = last.outcome === 'pass' || isWaived(promotion, region, 'rollout', now);
  const outcome = checks['spike']?.outcome;
  const isLet = (blocker: string) => isWaived(promotion, region, blocker, now);
  const check =
    outcome === 'pass' ||
    outcome === 'not-applicable' ||
    isLet('check/spike') ||
    // A rollout that two people let through has no check after it.
    (isLet('rollout') && outcome !== 'fail' && outcome !== 'inconclusive');
  const before = regionsBefore(promotion.plan, region).every(
    (one) => mayBeGo(promotion, one.region, now) || isLet(`order/${one.region}`),
  );
  return rollout && check && before;
}

test('no order of looks, checks, waivers and runs gives GO, or opens a gate, without what it rests on', () => {
  let gos = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
      const life = new Life().opened();
      let at = 1;
      for (const one of steps) {
        at += one.after;
        play(life, one, minutes(at));
        // The job that comes when a waiver ends.
        life.do(minutes(at), []);
        const now = life.now();
        const view: GateView = { plans: [now.plan], waves: [], promotions: () => [now] };
        for (const region of regions) {
          const { decision, freshFrom } = decideRegion(now, region, minutes(at));
          if (decision === 'GO') {
            gos += 1;
            expect(mayBeGo(now, region, minutes(at))).toBe(true);
            expect(freshFrom).not.toBeNull();
          }
          const asked = { service: 'core', region, commit };
          if (!regionGate(view, asked, minutes(at)).open) continue;
          for (const before of regionsBefore(now.plan, region)) {
            expect(mayBeGo(now, before.region, minutes(at))).toBe(true);
            const from = decideRegion(now, before.region, minutes(at)).freshFrom ?? '';
            expect(minutes(at).getTime() - Date.parse(from)).toBeLessThanOrEqual(60 * 60_000);
          }
        }
        // What was told last is what holds: a GO that does not hold is never the last word.
        for (const region of regions) {
          const told = regionState(now, region).decisions.at(-1)?.decision;
          if (told === 'GO') expect(decideRegion(now, region, minutes(at)).decision).toBe('GO');
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(gos).toBeGreaterThan(100);
});
