import type { Digest } from '../ids.ts';
import type { ReasonAgainst } from './events.ts';
import { type GateStatus, gateStatuses, hasEnded, isGreen, wholeGate } from './gate-status.ts';
import { type Release, standing } from './state.ts';

/** What the events say at one moment. */
export interface Standing {
  /** Undecided: something is still to be done, by people or by the machine. Never a GO. */
  verdict: 'GO' | 'NO-GO' | 'undecided';
  statuses: GateStatus[];
  /** What stands against a GO and has ended: a gate that failed, is inconclusive; a record that cannot be written. */
  against: ReasonAgainst[];
  /** What is not there yet, in the words that people read. */
  open: ReasonAgainst[];
  /** Whether a newer run is under way of something that has a finding. */
  rechecking: boolean;
  /** Whether a GO that was given may stand on: nothing against, nothing open. */
  mayStand: boolean;
  /** What an approval is bound to: everything that was decided on, and nothing that differs by itself. */
  digest: string;
}

/**
 * GO only when every gate is passed, waived or not applicable, the record holds every gap and every approval is
 * given for exactly this (B7, F6). NO-GO when all has ended and something stands against it. Pure.
 */
export function decide(release: Release, now: Date, digest: Digest): Standing {
  const statuses = gateStatuses(release, now);
  const bound = digest(whatWasSeen(release, statuses));
  const against = [
    ...statuses.filter((status) => hasEnded(status) && !isGreen(status)).flatMap(blockersOf),
    ...recordAgainst(release, statuses),
  ];
  const gatesOpen = [
    ...staleness(release),
    ...identification(release),
    ...statuses.filter((status) => !hasEnded(status)).map(openGate),
  ];
  const gatesDone = gatesOpen.length === 0;
  const settled = gatesDone && against.length === 0;
  const open = [
    ...gatesOpen,
    ...(settled ? recordOpen(release, statuses) : []),
    ...(settled ? approvalsOpen(release, bound) : []),
  ];
  const rechecking = statuses.some((status) => status.rechecking);
  const mayStand = against.length === 0 && open.length === 0;
  const isDecided = gatesDone && !rechecking;
  const verdict = !isDecided ? 'undecided' : against.length > 0 ? 'NO-GO' : mayStand ? 'GO' : 'undecided';
  return { verdict, statuses, against, open, rechecking, mayStand, digest: bound };
}

/** Everything a decision rests on, without times: the same facts found again give the same text. */
function whatWasSeen(release: Release, statuses: GateStatus[]): string {
  return JSON.stringify([
    release.id,
    release.pass,
    release.candidate?.parts.map(({ project, commit, deployment }) => [
      project,
      commit,
      deployment?.id ?? null,
    ]),
    release.newer.map(({ deployment }) => deployment.id),
    release.workspace && [release.workspace.workspace, release.workspace.depot, release.workspace.approval],
    statuses.map(({ gate, word, reason, blockers, handled, waivers, answers }) => [
      gate.id,
      word,
      reason,
      blockers.map(({ id, signal }) => [id, signal]),
      handled.map(({ blocker, as, reason: why }) => [blocker, as, why]),
      waivers.map(({ id }) => id),
      answers.map(({ by, outcome, note, link }) => [by, outcome, note, link]),
    ]),
  ]);
}

function blockersOf({
  gate,
  blockers,
  word,
  reason,
  remedy,
  evidence,
  handled,
}: GateStatus): ReasonAgainst[] {
  return blockers.map((blocker) => {
    const followed = handled.find((one) => one.blocker === blocker.id);
    const isWhole = blocker.id === wholeGate;
    return {
      gate: gate.id,
      blocker: blocker.id,
      title: blocker.title,
      why: followed
        ? `${followed.as}: ${followed.reason}`
        : isWhole
          ? `${word === 'fail' ? '' : 'Inconclusive: '}${reason}`
          : blocker.signal,
      todo: remedy,
      url: followed?.link ?? blocker.url ?? evidence.find(({ url }) => url !== null)?.url ?? null,
    };
  });
}

function openGate({ gate, word, reason, remedy }: GateStatus): ReasonAgainst {
  const why = reason || { queued: 'It has not run yet.', running: 'It is running.' }[String(word)] || '';
  return { gate: gate.id, blocker: wholeGate, title: gate.title, why, todo: remedy, url: null };
}

function general(blocker: string, title: string, why: string, todo: string, url: string | null = null) {
  return { gate: null, blocker, title, why, todo, url };
}

function staleness({ newer, environment }: Release): ReasonAgainst[] {
  return newer
    .slice(-1)
    .map(({ project, deployment }) =>
      general(
        'stale',
        `${environment} has changed since it was validated`,
        `${project} was deployed again (${deployment.sha.slice(0, 8)}).`,
        'Start the next pass.',
        deployment.url,
      ),
    );
}

function identification({ candidate, candidateProblem: problem }: Release): ReasonAgainst[] {
  if (candidate) return [];
  return [
    problem
      ? general('candidate', problem.what, problem.why, problem.todo)
      : general('candidate', 'The candidate is not known yet', 'GitLab is being asked.', ''),
  ];
}

/**
 * Keys of the failures, exceptions and accepted gaps that must stand in the record (B7, sixth condition), and of that
 * every gate is green.
 */
export function gapsOf(release: Release, statuses: GateStatus[]): string[] {
  const gaps = statuses.flatMap(({ gate, word, handled, waivers, answers }) => [
    ...(word === 'fail' || word === 'inconclusive' ? [`${gate.id}/${word}`] : []),
    ...handled.map(({ seq }) => `${gate.id}/handled/${seq}`),
    ...waivers.map(({ id }) => `${gate.id}/waived/${id}`),
    ...answers.filter(({ outcome }) => outcome !== 'pass').map(({ seq }) => `${gate.id}/answer/${seq}`),
  ]);
  // Without it a GO could come while the tracker is away and its issue still shows what was wrong before.
  const green = statuses.every(isGreen) ? [`pass/${release.pass}/green`] : [];
  return [`pass/${release.pass}`, ...gaps, ...green];
}

function missingGaps(release: Release, statuses: GateStatus[]): string[] {
  if (!release.plan.recorded) return [];
  const written = new Set(release.record?.gaps);
  return gapsOf(release, statuses).filter((gap) => !written.has(gap));
}

function recordOpen(release: Release, statuses: GateStatus[]): ReasonAgainst[] {
  if (missingGaps(release, statuses).length === 0) return [];
  return [
    general(
      'record',
      'The Linear issue is not up to date yet',
      'Failures, exceptions and accepted gaps must stand in it.',
      '',
      release.record?.url ?? null,
    ),
  ];
}

function recordAgainst(release: Release, statuses: GateStatus[]): ReasonAgainst[] {
  const { recordProblem: problem, record } = release;
  // Once it holds all that the decision rests on, a later write that fails takes nothing back.
  if (!problem || missingGaps(release, statuses).length === 0) return [];
  return [general('record', problem.what, problem.why, problem.todo, record?.url ?? null)];
}

function approvalsOpen({ plan, approvals }: Release, bound: string): ReasonAgainst[] {
  return plan.approvals
    .filter(({ id }) => !approvals.some(({ approval, digest }) => approval === id && digest === bound))
    .map(({ id, name }) =>
      general(`approval/${id}`, `${name} has not approved`, '', `Ask the ${name} to press Approve.`),
    );
}

/** Whether the standing decision is a GO. */
export function isGo(release: Release): boolean {
  return standing(release)?.verdict === 'GO';
}
