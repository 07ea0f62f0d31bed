import type { Finding } from '../finding.ts';
import type { Expectation, RolloutVerdict, Snapshot } from '../rollout/verdict.ts';
import type { Advice, Hold, RegionDecision } from './events.ts';
import type { PromotionPlan } from './plan.ts';

/** Who did something, and when (ISO 8601 UTC). `seq` is the number of the event, by which it is referred to. */
export interface By {
  by: string;
  at: string;
  seq: number;
}

export interface Decided extends By {
  run: number;
  number: number;
  decision: RegionDecision;
  isFinal: boolean;
  holds: Hold[];
  advice: Advice;
}

export interface RolloutWaiver extends By {
  id: string;
  region: string;
  run: number;
  blocker: string;
  signal: string;
  title: string;
  reason: string;
  expiresAt: string;
  /** The second person; null until somebody confirmed. */
  confirmed: By | null;
  declined: By | null;
}

/** One region of a promotion. */
export interface RegionState {
  /** 0 before the first rollout; a new apply of the same commit is the next run. */
  run: number;
  /** `watching`: looks go on by themselves. */
  phase: 'idle' | 'watching' | 'ended';
  /** What ran before the apply that is under way; used by the next run. */
  before: Snapshot | null;
  /** News that were heard, of all runs. */
  sources: string[];
  expected: Expectation | null;
  pipeline: { id: number; url: string } | null;
  startedAt: string | null;
  startedBy: string | null;
  /** The last verdict of the present run; null before the first look. */
  verdict: (RolloutVerdict & { at: string; seq: number }) | null;
  /** The first pass of the present run, from which the re-checks count; null while there was none. */
  passedAt: string | null;
  /** When a look last confirmed a pass: a GO is fresh from here. */
  confirmedAt: string | null;
  /** Re-checks (in minutes after the first pass) that are done. */
  marks: number[];
  /** Findings of the checks after the rollout, by their id, of the present run. */
  checks: Readonly<Record<string, Finding & { at: string }>>;
  /** The present run's decisions, the last one standing. */
  decisions: Decided[];
  handedOver: By | null;
}

/** What the thread tells besides the regions' rows, each in a reply of its own. */
export type Notice = By & { region: string; run: number } & (
    | { kind: 'decided'; number: number }
    | { kind: 'waiver'; waiver: string }
    | { kind: 'handed-over' }
  );

/** One commit of one service on its way through its regions: a pure fold of its events. */
export interface Promotion {
  id: string;
  commit: string;
  plan: PromotionPlan;
  channel: string;
  openedBy: string;
  openedAt: string;
  regions: Readonly<Record<string, RegionState>>;
  waivers: RolloutWaiver[];
  notices: Notice[];
  changedAt: string;
}

export const freshRegion: RegionState = {
  run: 0,
  phase: 'idle',
  before: null,
  sources: [],
  expected: null,
  pipeline: null,
  startedAt: null,
  startedBy: null,
  verdict: null,
  passedAt: null,
  confirmedAt: null,
  marks: [],
  checks: {},
  decisions: [],
  handedOver: null,
};

export function regionState(promotion: Promotion, region: string): RegionState {
  return promotion.regions[region] ?? freshRegion;
}

/** The decision that stands for the present run; null before the first. */
export function standing(promotion: Promotion, region: string): Decided | null {
  return regionState(promotion, region).decisions.at(-1) ?? null;
}
