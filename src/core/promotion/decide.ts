import type { Advice, Hold, RegionDecision } from './events.ts';
import { type AfterCheck, regionsBefore } from './plan.ts';
import { type Promotion, type RegionState, type RolloutWaiver, regionState, standing } from './state.ts';

/** Where one region stands at a time: computed from the state alone, never stored as a second truth. */
export interface RegionStanding {
  /** `none`: no rollout yet; `watching`: something that counts is still open. */
  decision: RegionDecision | 'watching' | 'none';
  /** Nothing more is looked at by itself. */
  isFinal: boolean;
  /** What stands against GO, waived ones left out. */
  holds: Hold[];
  waived: { hold: Hold; waiver: RolloutWaiver }[];
  advice: Advice;
  /** From when on its GO counts as fresh, ISO 8601 UTC; null without a GO. */
  freshFrom: string | null;
}

/**
 * GO when the rollout passed, every check after it is green and every region before is GO; a hold that is waived by
 * two people counts no more. Anything unknown is not GO (F6).
 */
export function decideRegion(promotion: Promotion, region: string, now: Date): RegionStanding {
  return decideAfter(promotion, region, now, new Map());
}

/** Decisions of one promotion at one time, by region: each is asked for by every region behind it. */
type Decided = Map<string, RegionStanding['decision']>;

function decideAfter(promotion: Promotion, region: string, now: Date, known: Decided): RegionStanding {
  const state = regionState(promotion, region);
  const all = [
    ...orderHolds(promotion, region, now, known),
    ...rolloutHold(state),
    ...checkHolds(promotion, state),
  ];
  const waived = all.flatMap((hold) => {
    const waiver = waiverFor(promotion, region, hold, now);
    return waiver ? [{ hold, waiver }] : [];
  });
  const holds = all.filter((hold) => !waived.some((one) => one.hold === hold));
  const decision = decisionOf(promotion, state, holds, waived);
  known.set(region, decision);
  return {
    decision,
    isFinal: state.phase === 'ended' && decision !== 'watching',
    holds,
    waived,
    advice: adviceFor(decision, holds, state),
    freshFrom: decision === 'GO' ? freshFrom(state, waived) : null,
  };
}

function decisionOf(
  promotion: Promotion,
  state: RegionState,
  holds: Hold[],
  waived: RegionStanding['waived'],
): RegionStanding['decision'] {
  if (state.run === 0) return 'none';
  if (holds.some(({ kind }) => kind === 'fail')) return 'NO-GO';
  const isWaived = waived.some(({ hold }) => hold.blocker === 'rollout');
  const isOpen = state.verdict === null || state.verdict.outcome === 'waiting';
  if (isOpen && !isWaived) return 'watching';
  if (openChecks(promotion, state).length > 0 && !isWaived) return 'watching';
  return holds.length > 0 ? 'INCONCLUSIVE' : 'GO';
}

function rolloutHold({ verdict }: RegionState): Hold[] {
  if (verdict?.outcome !== 'fail' && verdict?.outcome !== 'inconclusive') return [];
  return [
    {
      blocker: 'rollout',
      title: 'ECS rollout',
      signal: verdict.reason,
      todo: verdict.remedy,
      kind: verdict.outcome,
    },
  ];
}

function checkHolds({ plan }: Promotion, { checks }: RegionState): Hold[] {
  return plan.after.flatMap(({ id, title }): Hold[] => {
    const found = checks[id];
    if (found?.outcome !== 'fail' && found?.outcome !== 'inconclusive') return [];
    const { reason: signal, remedy: todo, outcome: kind } = found;
    return [{ blocker: `check/${id}`, title, signal, todo, kind }];
  });
}

/** Checks that have not said yes or no; they begin once the rollout passes. */
export function openChecks({ plan }: Promotion, { verdict, checks }: RegionState): AfterCheck[] {
  if (verdict?.outcome !== 'pass') return [];
  return plan.after.filter(({ id }) => (checks[id]?.outcome ?? 'waiting') === 'waiting');
}

/** A region that runs although one before it is not GO: a regression there takes this one's GO too (C5). */
function orderHolds(promotion: Promotion, region: string, now: Date, known: Decided): Hold[] {
  if (regionState(promotion, region).run === 0) return [];
  return regionsBefore(promotion.plan, region).flatMap(({ region: before }): Hold[] => {
    const decision = known.get(before) ?? decideAfter(promotion, before, now, known).decision;
    if (decision === 'GO') return [];
    return [
      {
        blocker: `order/${before}`,
        title: `${before} comes first`,
        signal: `${before} is not GO (${decision === 'none' ? 'not validated' : decision}).`,
        todo: `See ${before} through first, then re-check this region.`,
        kind: decision === 'NO-GO' ? 'fail' : 'inconclusive',
      },
    ];
  });
}

/** A waiver counts for the run and the very signal that it was given for, until it ends (F7). */
function waiverFor(promotion: Promotion, region: string, hold: Hold, now: Date): RolloutWaiver | undefined {
  return promotion.waivers.find(
    (waiver) =>
      waiver.region === region &&
      waiver.run === regionState(promotion, region).run &&
      waiver.blocker === hold.blocker &&
      waiver.signal === hold.signal &&
      waiver.confirmed !== null &&
      now.getTime() < Date.parse(waiver.expiresAt),
  );
}

function freshFrom(state: RegionState, waived: RegionStanding['waived']): string | null {
  if (state.confirmedAt) return state.confirmedAt;
  return (
    waived
      .flatMap(({ waiver }) => waiver.confirmed?.at ?? [])
      .sort()
      .at(-1) ?? null
  );
}

/**
 * Alert: nothing serves, or what had passed is taken back. As long as the old tasks serve, and where only a region
 * before it stands in the way, the owner has the time to look.
 */
function adviceFor(
  decision: RegionStanding['decision'],
  holds: readonly Hold[],
  { verdict, passedAt }: RegionState,
): Advice {
  if (decision === 'GO') return 'proceed';
  if (decision !== 'NO-GO' || holds.every(({ blocker }) => blocker.startsWith('order/'))) return 'delegate';
  const serving = verdict?.serving ?? verdict?.tasks?.running;
  return passedAt !== null || serving === 0 ? 'alert' : 'delegate';
}

/** Whether the decision that was told last is another than the one that holds now. */
export function isNews(promotion: Promotion, region: string, now: RegionStanding): boolean {
  const told = standing(promotion, region);
  const is = told?.decision ?? 'none';
  if (now.decision === 'none') return false;
  if (now.decision === 'watching') return is === 'GO';
  if (!told || is !== now.decision) return true;
  // That it is looked at again says nothing yet: a GO told for it would be one that nobody saw.
  if (now.isFinal && !told.isFinal) return true;
  const key = (holds: readonly Hold[]) =>
    JSON.stringify(holds.map(({ blocker, signal }) => [blocker, signal]));
  return key(told.holds) !== key(now.holds);
}
