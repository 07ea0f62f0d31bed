import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Recorded } from '../../../src/core/event.ts';
import type { ReleaseEvent } from '../../../src/core/release/events.ts';
import { type GatePlan, gatesOf } from '../../../src/core/release/plan.ts';
import { replay } from '../../../src/core/release/replay.ts';
import { gateState, type Release, standing, type Waiver } from '../../../src/core/release/state.ts';
import { releaseStream } from '../../../src/core/release/stream.ts';
import { digest, foldAll, type Life } from './life.ts';
import { steps } from './steps.ts';
import { live } from './walk.ts';

const runs = { numRuns: 100, seed: 20261121 };

type Answered = Extract<Recorded<ReleaseEvent>, { type: 'ItemAnswered' }>;
type Identified = Extract<Recorded<ReleaseEvent>, { type: 'CandidateIdentified' }>;

function lastIdentified({ events }: Life): Identified | undefined {
  return events.findLast((event): event is Identified => event.type === 'CandidateIdentified');
}

/** Waivers of this gate that count: two people, this pass, not declined, not past their end. */
function waiversOf({ waivers, pass }: Release, gate: string, now: Date): Waiver[] {
  return waivers.filter(
    (waiver) =>
      waiver.gate === gate &&
      waiver.pass === pass &&
      waiver.declined === null &&
      waiver.confirmed !== null &&
      waiver.confirmed.by !== waiver.by &&
      Date.parse(waiver.expiresAt) > now.getTime(),
  );
}

/** Why this gate must not let a GO through, in the plainest terms and without asking the code under test. */
function objection(life: Life, gate: GatePlan): string | null {
  const { state, now } = life;
  const { applies, answers, finding, handled, kept } = gateState(state, gate.id);
  const waivers = waiversOf(state, gate.id, now);
  const isWaived = (id: string, signal: string) =>
    waivers.some((waiver) => waiver.blocker === id && waiver.signal === signal);
  if (gate.check === null) {
    if (answers.length === 0) return applies?.verdict === 'does-not-apply' && gate.when ? null : 'unanswered';
    if (!answers.every(({ pass }) => pass === state.pass || kept)) return 'answered for another pass';
    const notes = answers.filter(({ outcome }) => outcome === 'fail').map(({ note }) => note);
    if (notes.length > 0) return isWaived('gate', notes.join('; ')) ? null : 'failed';
    const agree = new Set(answers.map(({ outcome }) => outcome)).size === 1;
    return agree || waivers.length > 0 ? null : 'contradicted';
  }
  if (gate.when) {
    if (!applies) return 'nobody knows whether it applies';
    if (applies.verdict === 'does-not-apply') return null;
    if (applies.verdict === 'unknown') return waivers.length > 0 ? null : 'applicability unknown';
  }
  if (!finding) return 'no finding';
  if (finding.seq < (lastIdentified(life)?.seq ?? 0)) return 'found for another pass';
  if (finding.outcome === 'pass' || finding.outcome === 'not-applicable') return null;
  if (finding.outcome === 'waiting') return 'waiting';
  if (finding.outcome === 'inconclusive' || finding.blockers.length === 0)
    return isWaived('gate', finding.reason) ? null : finding.outcome;
  const open = finding.blockers.filter(
    ({ id, signal }) =>
      !isWaived(id, signal) &&
      !handled.some(
        (one) =>
          one.blocker === id && one.signal === signal && (one.as === 'excluded' || one.as === 'accepted'),
      ),
  );
  return open.length > 0 ? `blocked by ${open.map(({ id }) => id).join()}` : null;
}

/** What the record must hold of what counts now. */
function unrecorded({ state, now }: Life): string[] {
  const has = new Set(state.record?.gaps);
  const wanted = gatesOf(state.plan).flatMap(({ gate }) => {
    const { answers, finding, handled } = gateState(state, gate.id);
    const blockers = finding?.outcome === 'fail' ? finding.blockers : [];
    const isOf = (one: { blocker: string; signal: string }) =>
      blockers.some(({ id, signal }) => id === one.blocker && signal === one.signal);
    return [
      ...answers.filter(({ outcome }) => outcome !== 'pass').map(({ seq }) => `${gate.id}/answer/${seq}`),
      ...handled.filter(isOf).map(({ seq }) => `${gate.id}/handled/${seq}`),
      ...waiversOf(state, gate.id, now)
        .filter(isOf)
        .map(({ id }) => `${gate.id}/waived/${id}`),
    ];
  });
  return [`pass/${state.pass}`, ...wanted].filter((gap) => !has.has(gap));
}

test('a GO never stands without each gate green, nothing newer, two people a waiver, the record and the approvals', () => {
  let goes = 0;
  let waived = 0;
  fc.assert(
    fc.property(steps, (all) => {
      live(all, ({ life }) => {
        const { state } = life;
        const decision = standing(state);
        if (decision?.verdict !== 'GO') return;
        goes += 1;
        if (life.standing().statuses.some(({ word }) => word === 'waived')) waived += 1;
        expect(gatesOf(state.plan).map(({ gate }) => [gate.id, objection(life, gate)])).toEqual(
          gatesOf(state.plan).map(({ gate }) => [gate.id, null]),
        );
        expect(state.newer).toEqual([]);
        expect(state.candidate?.pass).toBe(state.pass);
        expect(decision.pass).toBe(state.pass);
        expect(unrecorded(life)).toEqual([]);
        expect(state.approvals.map(({ approval }) => approval).sort()).toEqual(['platform', 'security']);
        expect(new Set(state.approvals.map(({ by }) => by)).size).toBe(2);
        for (const approval of state.approvals) expect(approval.digest).toBe(decision.digest);
      });
    }),
    runs,
  );
  // Otherwise the above says nothing.
  expect(goes).toBeGreaterThan(60);
  expect(waived).toBeGreaterThan(10);
});

/** By the events alone: an answer stands until somebody who saw it, or its own author, answers again, or a pass begins that does not keep it. */
function unreplaced(events: readonly Recorded<ReleaseEvent>[], gate: string): number[] {
  const ends = (event: Recorded<ReleaseEvent>, { seq, actor }: Answered) => {
    if (event.seq <= seq) return false;
    if (event.type === 'CandidateIdentified') return !event.data.kept.includes(gate);
    if (event.type !== 'ItemAnswered' || event.data.gate !== gate) return false;
    return event.actor === actor || event.data.saw.includes(seq);
  };
  return events
    .filter((event): event is Answered => event.type === 'ItemAnswered' && event.data.gate === gate)
    .filter((answer) => !events.some((event) => ends(event, answer)))
    .map(({ seq }) => seq);
}

test('no answer is lost from the events, and every one that nobody replaced is shown', () => {
  let several = 0;
  fc.assert(
    fc.property(steps, (all) => {
      live(all, ({ life, step, recorded }) => {
        if (step.do === 'answer')
          for (const { data } of recorded)
            expect(life.events.findLast(({ type }) => type === 'ItemAnswered')?.data).toEqual(data);
        for (const { gate } of gatesOf(life.state.plan)) {
          const shown = gateState(life.state, gate.id).answers.map(({ seq }) => seq);
          expect(shown).toEqual(unreplaced(life.events, gate.id));
          if (shown.length > 1) several += 1;
        }
      });
    }),
    runs,
  );
  expect(several).toBeGreaterThan(50);
});

test('a replay finds that every decision follows from its events', () => {
  let decisions = 0;
  fc.assert(
    fc.property(steps, (all) => {
      const { id, events } = live(all, () => undefined);
      decisions += events.filter(({ type }) => type === 'DecisionMade').length;
      expect(replay(id, events, digest)).toEqual([]);
    }),
    runs,
  );
  expect(decisions).toBeGreaterThan(200);
});

/** As a store may give it back: other objects, their keys in another order. */
function restored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restored);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, restored(inner)]),
  );
}

test('events that were stored and read again fold to the same state and the same decision', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const life = live(all, () => undefined);
      const read = life.events.map(({ type, data, ...rest }) => ({
        ...releaseStream.parse(type, restored(JSON.parse(JSON.stringify(data)))),
        ...rest,
      }));
      expect(foldAll(life.events)).toEqual(life.state);
      expect(foldAll(read)).toEqual(life.state);
      expect(replay(life.id, read, digest)).toEqual([]);
    }),
    runs,
  );
});

test('what somebody did is not done a second time by a second press', () => {
  let pressed = 0;
  fc.assert(
    fc.property(steps, (all) => {
      live(all, ({ step, recorded, again }) => {
        const isAct = [
          'recheck',
          'answer',
          'place',
          'assign',
          'handle',
          'propose',
          'voice',
          'approve',
          'pass',
        ];
        if (!isAct.includes(step.do) || recorded.length === 0) return;
        pressed += 1;
        const second = again();
        expect('events' in second ? second.events : []).toEqual([]);
      });
    }),
    runs,
  );
  expect(pressed).toBeGreaterThan(500);
});
