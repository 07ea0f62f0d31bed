import type { Recorded } from '../event.ts';
import type { PromotionEvent } from './events.ts';
import { type By, freshRegion, type Notice, type Promotion, type RegionState, regionState } from './state.ts';

type Of<T extends PromotionEvent['type']> = Extract<PromotionEvent, { type: T }>['data'];

/** The state of a promotion after one more event. Throws when an event comes before the promotion was opened. */
export function foldPromotion(
  id: string,
  state: Promotion | null,
  event: Recorded<PromotionEvent>,
): Promotion {
  const by: By = { by: event.actor, at: event.at, seq: event.seq };
  if (event.type === 'PromotionOpened') return opened(id, event.data, by);
  if (!state) throw new Error(`Promotion ${id} has ${event.type} before it was opened`);
  return { ...apply(state, event, by), changedAt: event.at };
}

function opened(id: string, { commit, plan, channel }: Of<'PromotionOpened'>, by: By): Promotion {
  return {
    id,
    commit,
    plan,
    channel,
    openedBy: by.by,
    openedAt: by.at,
    regions: {},
    waivers: [],
    notices: [],
    changedAt: by.at,
  };
}

function apply(state: Promotion, event: PromotionEvent, by: By): Promotion {
  switch (event.type) {
    case 'PromotionOpened':
      return state;
    case 'SnapshotTaken':
      return withRegion(state, event.data.region, (region) => ({
        before: event.data.before,
        sources: heard(region, event.data.source),
      }));
    case 'RolloutStarted':
      return withRegion(state, event.data.region, (region) => started(region, event.data, by));
    case 'RolloutJoined':
      return ofRun(state, event.data, (region) => ({ sources: heard(region, event.data.source) }));
    case 'RolloutJudged':
      return ofRun(state, event.data, (region) => judged(region, event.data.verdict, by));
    case 'RolloutConfirmed':
      return ofRun(state, event.data, (region) => ({
        confirmedAt: by.at,
        marks: event.data.mark === null ? region.marks : [...region.marks, event.data.mark],
      }));
    case 'RecheckRequested':
      return ofRun(state, event.data, () => ({ phase: 'watching' }));
    case 'WatchEnded':
      return ofRun(state, event.data, () => ({ phase: 'ended', before: null }));
    case 'RolloutChecked':
      return ofRun(state, event.data, (region) => ({
        checks: { ...region.checks, [event.data.check]: { ...event.data.finding, at: by.at } },
      }));
    case 'HandedOver':
      return told(
        ofRun(state, event.data, () => ({ handedOver: by })),
        { ...by, ...event.data, kind: 'handed-over' },
      );
    case 'RegionDecided':
      return decided(state, event.data, by);
    case 'WaiverProposed':
    case 'WaiverConfirmed':
    case 'WaiverDeclined':
      return waived(state, event, by);
  }
}

function withRegion(
  state: Promotion,
  region: string,
  change: (before: RegionState) => Partial<RegionState>,
): Promotion {
  const before = regionState(state, region);
  return { ...state, regions: { ...state.regions, [region]: { ...before, ...change(before) } } };
}

/** News of a run that is over changes nothing. */
function ofRun(
  state: Promotion,
  { region, run }: { region: string; run: number },
  change: (before: RegionState) => Partial<RegionState>,
): Promotion {
  if (regionState(state, region).run !== run) return state;
  return withRegion(state, region, change);
}

function heard({ sources }: RegionState, source: string): string[] {
  return sources.includes(source) ? sources : [...sources, source];
}

function started(region: RegionState, data: Of<'RolloutStarted'>, by: By): RegionState {
  return {
    ...freshRegion,
    run: data.run,
    phase: 'watching',
    sources: heard(region, data.source),
    expected: data.expected,
    pipeline: data.pipeline,
    startedAt: by.at,
    startedBy: by.by,
  };
}

function judged(region: RegionState, verdict: Of<'RolloutJudged'>['verdict'], by: By): Partial<RegionState> {
  const passes = verdict.outcome === 'pass';
  return {
    verdict: { ...verdict, at: by.at, seq: by.seq },
    passedAt: passes ? (region.passedAt ?? by.at) : region.passedAt,
    confirmedAt: passes ? by.at : null,
  };
}

function decided(state: Promotion, { region, run, ...data }: Of<'RegionDecided'>, by: By): Promotion {
  const after = ofRun(state, { region, run }, (before) => ({
    decisions: [...before.decisions, { ...data, ...by, run }],
  }));
  return told(after, { ...by, region, run, kind: 'decided', number: data.number });
}

function waived(
  state: Promotion,
  event: Extract<PromotionEvent, { type: `Waiver${string}` }>,
  by: By,
): Promotion {
  if (event.type === 'WaiverProposed') {
    const { waiver, ...data } = event.data;
    const proposed = { ...data, ...by, id: waiver, confirmed: null, declined: null };
    const { region, run } = data;
    return told(
      { ...state, waivers: [...state.waivers, proposed] },
      { ...by, region, run, kind: 'waiver', waiver },
    );
  }
  const answer = event.type === 'WaiverConfirmed' ? { confirmed: by } : { declined: by };
  return {
    ...state,
    waivers: state.waivers.map((one) => (one.id === event.data.waiver ? { ...one, ...answer } : one)),
  };
}

function told(state: Promotion, notice: Notice): Promotion {
  return { ...state, notices: [...state.notices, notice] };
}
