import { decideRegion, openChecks, type RegionStanding } from '../core/promotion/decide.ts';
import type { GateHold } from '../core/promotion/gate.ts';
import type { NextGate } from '../core/promotion/next-gate.ts';
import type { AfterCheck } from '../core/promotion/plan.ts';
import { type Promotion, regionState, standing } from '../core/promotion/state.ts';
import { strong } from './item-words.ts';
import { ownerOf, signOf, tasksOf, verdictWord } from './promotion-words.ts';
import { link, moment, plain } from './text.ts';

/** One line a region: where it stands, since when, and its pipeline. */

/** With more regions than this only those that need attention are told at length. */
const shortFrom = 13;

/** The rows of a promotion, in the order of its regions. `gate`: of the first region without a rollout. */
export function regionRows(promotion: Promotion, gate: NextGate | null, now: Date): string[] {
  const { regions } = promotion.plan;
  return regions.map(({ region }) => {
    const is = decideRegion(promotion, region, now);
    const needsLittle = is.decision === 'GO' || (is.decision === 'none' && region !== gate?.region);
    const isShort = regions.length >= shortFrom && needsLittle;
    return regionRow(promotion, region, { is, gate, isShort, now });
  });
}

function regionRow(
  promotion: Promotion,
  region: string,
  { is, gate, isShort, now }: { is: RegionStanding; gate: NextGate | null; isShort: boolean; now: Date },
): string {
  const { emoji, word } = signOf(is.decision);
  const name = strong(region, 40);
  if (is.decision === 'none')
    return isShort ? `${emoji} ${name} ${word}` : heldRow(promotion, region, gate, now);
  if (isShort) return `${emoji} ${name} *${word}*`;
  const parts = [stateWords(promotion, region, is), ...aboutWords(promotion, region)];
  return `${emoji} ${name} ${parts.join(' · ')}`;
}

/** A region without a rollout: only the first of them has a gate of its own to tell, the others wait for it. */
function heldRow(promotion: Promotion, region: string, gate: NextGate | null, now: Date): string {
  const name = strong(region, 40);
  if (gate?.region !== region) {
    const waitsFor = gate ? `: ${plain(gate.region, 40)} comes first` : '';
    return `:lock: ${name} held${waitsFor}`;
  }
  const { answer, until } = gate;
  const [first, ...more] = answer.holds;
  if (!answer.open) {
    const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
    return `:lock: ${name} is held: ${first ? waitedFor(promotion, first, now) : 'it is not known why'}${rest}`;
  }
  return until === null ? `:unlock: ${name} may start` : `:unlock: ${name} may start until ${moment(until)}`;
}

/** A region whose own row stands above needs no second telling of what is wrong there. */
function waitedFor(promotion: Promotion, { service, region, why }: GateHold, now: Date): string {
  const isAbove = service === promotion.plan.service;
  const { decision } = decideRegion(promotion, region, now);
  const name = plain(region, 40);
  if (isAbove && decision === 'watching') return `${name} is being watched`;
  if (isAbove && (decision === 'NO-GO' || decision === 'INCONCLUSIVE')) return `${name} is ${decision}`;
  return plain(why, 250);
}

function titlesOf(checks: readonly AfterCheck[]): string {
  const [first, ...more] = checks;
  return `${plain(first?.title ?? '', 100)}${more.length > 0 ? ` and ${more.length} more` : ''}`;
}

function stateWords(promotion: Promotion, region: string, is: RegionStanding): string {
  if (is.decision === 'GO') return goWords(promotion, region, is);
  if (is.decision === 'watching') return watchingWords(promotion, region);
  const [first, ...more] = is.holds;
  const why = first ? `: ${plain(first.signal, 200)}` : '';
  return `*${signOf(is.decision).word}*${why}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}

function goWords(promotion: Promotion, region: string, { waived }: RegionStanding): string {
  const { verdict, phase } = regionState(promotion, region);
  const ends = waived.map(({ waiver }) => waiver.expiresAt).sort();
  const by = ends[0] ? ` by waiver until ${moment(ends[0])}` : '';
  const seen = verdict?.outcome === 'pass' ? verdictWord(verdict) : '';
  const tasks = verdict ? tasksOf(verdict) : '';
  const still = phase === 'watching' ? 'looked at again' : '';
  return [`*GO*${by}`, seen, tasks, still].filter(Boolean).join(' · ');
}

function watchingWords(promotion: Promotion, region: string): string {
  const state = regionState(promotion, region);
  const { verdict } = state;
  if (!verdict) return 'watching: the first look is under way';
  const open = openChecks(promotion, state);
  if (verdict.outcome === 'pass' && open.length > 0)
    return `${verdictWord(verdict)} · still open: ${titlesOf(open)}`;
  const tasks = tasksOf(verdict);
  return `watching: ${plain(verdict.reason, 200)}${tasks ? ` ${tasks}` : ''}`;
}

/** Since when, in whose hands, and where it was deployed from. */
function aboutWords(promotion: Promotion, region: string): string[] {
  const { startedAt, pipeline, handedOver } = regionState(promotion, region);
  const since = standing(promotion, region)?.at ?? startedAt;
  return [
    ...(handedOver ? [`with ${ownerOf(promotion)}`] : []),
    ...(since === null ? [] : [`since ${moment(since)}`]),
    ...(pipeline ? [link(pipeline.url, `pipeline ${pipeline.id}`)] : []),
  ];
}
