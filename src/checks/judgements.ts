import type { Blocker, Evidence } from '../core/finding.ts';
import type { Judgement } from './define-check.ts';

/** How checks word what they found: the endings of a finding, and several of them taken together. */

/** At most this many blockers are named; more cannot be handled one by one, so the gate is inconclusive. */
const mostBlockers = 200;

/** Far more than is kept of a text. It is cut to that only after secrets are removed, which a cut would hide. */
const mostCharacters = 10_000;

/** Foreign text on one line. */
export function oneLine(text: string): string {
  return text.slice(0, mostCharacters).toWellFormed().replace(/\s+/g, ' ').trim();
}

/** One piece of evidence, seen at `at`. */
export function seen(label: string, value: string, url: string | null, at: Date): Evidence {
  return { label: oneLine(label), value: oneLine(value), url, at: at.toISOString() };
}

export function pass(reason: string, evidence: Evidence[]): Judgement {
  return { outcome: 'pass', reason, remedy: '', evidence, blockers: [] };
}

/** No. `blockers` are what is named one by one; none: the gate as a whole. Their texts are put on one line here. */
export function fail(
  reason: string,
  remedy: string,
  evidence: Evidence[],
  blockers: readonly Blocker[] = [],
): Judgement {
  if (blockers.length > mostBlockers) return tooMany(evidence);
  const named = blockers.map((blocker) => ({
    ...blocker,
    title: oneLine(blocker.title),
    signal: oneLine(blocker.signal),
  }));
  return { outcome: 'fail', reason, remedy, evidence, blockers: named };
}

/** It could not be found out, which is never a yes (F6). */
export function inconclusive(reason: string, remedy: string, evidence: Evidence[] = []): Judgement {
  return { outcome: 'inconclusive', reason, remedy, evidence, blockers: [] };
}

/** Not yet: it is looked at again by itself after `checkAgainInMs`. */
export function waiting(reason: string, checkAgainInMs: number, evidence: Evidence[] = []): Judgement {
  const remedy =
    'It is looked at again by itself; if it stays so, the release engineer finds out what it waits for.';
  return { outcome: 'waiting', reason, remedy, evidence, blockers: [], checkAgainInMs };
}

/** A no beats what is still to come, which beats what cannot be known, which beats a yes. */
const worstFirst = ['fail', 'waiting', 'inconclusive', 'pass', 'not-applicable'] as const;

/**
 * Several judgements as one: the worst outcome, with the reasons and remedies of those that have it and the evidence
 * of all. None at all is inconclusive: nothing was looked at.
 */
export function together(judgements: readonly Judgement[]): Judgement {
  const worst = worstFirst.find((outcome) => judgements.some((one) => one.outcome === outcome));
  if (worst === undefined)
    return inconclusive(
      'There was nothing to look at.',
      'Ask an admin to look at the gate in the catalogue.',
    );
  const decisive = judgements.filter((one) => one.outcome === worst);
  // What decided comes first: a blocker without an address of its own is linked to the first piece of evidence.
  const evidence = [...decisive, ...judgements.filter((one) => one.outcome !== worst)].flatMap(
    (one) => one.evidence,
  );
  const named = decisive.flatMap((one) => one.blockers.map((blocker) => [blocker.id, blocker] as const));
  const blockers = [...new Map(named).values(), ...unnamed(worst, judgements)];
  if (blockers.length > mostBlockers) return tooMany(evidence);
  const again = decisive.flatMap(({ checkAgainInMs }) => checkAgainInMs ?? []);
  return {
    outcome: worst,
    reason: unique(decisive.map(({ reason }) => reason)),
    remedy: unique(decisive.map(({ remedy }) => remedy)),
    evidence,
    blockers,
    ...(again.length > 0 && { checkAgainInMs: Math.min(...again) }),
  };
}

/**
 * Beside blockers that people handle one by one: what failed without naming any, and what is not known yet. It stays
 * when all the named ones are excluded or accepted, so that the gate does not become green by them.
 */
function unnamed(worst: Judgement['outcome'], judgements: readonly Judgement[]): Blocker[] {
  if (worst !== 'fail' || judgements.every(({ blockers }) => blockers.length === 0)) return [];
  const left = judgements.filter(
    ({ outcome, blockers }) =>
      blockers.length === 0 && (outcome === 'fail' || outcome === 'waiting' || outcome === 'inconclusive'),
  );
  if (left.length === 0) return [];
  const reason = unique(left.map((one) => one.reason));
  return [{ id: 'gate', title: oneLine(reason), url: null, signal: oneLine(reason) }];
}

function unique(sentences: string[]): string {
  return [...new Set(sentences.filter((sentence) => sentence !== ''))].join(' ');
}

function tooMany(evidence: Evidence[]): Judgement {
  return inconclusive(
    `More than ${mostBlockers} things stand in the way, too many to name one by one.`,
    'The release engineer narrows the release or the gate down, then checks again.',
    evidence,
  );
}
