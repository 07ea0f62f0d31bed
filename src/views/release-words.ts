import type { Standing } from '../core/release/decide.ts';
import type { Handling } from '../core/release/events.ts';
import { type GateStatus, type GateWord, isGreen } from '../core/release/gate-status.ts';
import type { GroupPlan } from '../core/release/plan.ts';
import { type Decision, type Release, standing as standingDecision } from '../core/release/state.ts';
import { code, mention, plain } from './text.ts';

/** Emoji and words of a release in validation: never colour or picture alone. Source: B4, B5, F6. */

interface Sign {
  emoji: string;
  word: string;
}

const signs: Record<GateWord, Sign> = {
  pass: { emoji: ':white_check_mark:', word: 'pass' },
  'not-applicable': { emoji: ':white_check_mark:', word: 'not applicable' },
  waived: { emoji: ':warning:', word: 'waived' },
  fail: { emoji: ':x:', word: 'fail' },
  inconclusive: { emoji: ':grey_question:', word: 'inconclusive' },
  open: { emoji: ':white_circle:', word: 'open' },
  queued: { emoji: ':hourglass_flowing_sand:', word: 'queued' },
  running: { emoji: ':arrow_forward:', word: 'running' },
  waiting: { emoji: ':hourglass_flowing_sand:', word: 'waiting' },
};

/** How a group of add-ons words the outcomes (B5). */
const addOnWords: Partial<Record<GateWord, string>> = {
  pass: 'completed',
  fail: 'blocked',
  'not-applicable': 'not required',
};

/** Worst first: it gives a group its emoji, and the order in which counts are told. */
const worstFirst: readonly GateWord[] = [
  'fail',
  'inconclusive',
  'open',
  'waiting',
  'queued',
  'running',
  'waived',
  'not-applicable',
  'pass',
];

/** Emoji and word of a gate, worded as its group words answers. */
export function signOf(word: GateWord, { answers }: Pick<GroupPlan, 'answers'>): Sign {
  const { emoji, word: usual } = signs[word];
  return { emoji, word: answers === 'add-ons' ? (addOnWords[word] ?? usual) : usual };
}

/** What people did about a blocker, as the first word of a sentence. */
export const handlingWords: Record<Handling, string> = {
  excluded: 'Excluded',
  accepted: 'Accepted',
  tracked: 'Tracked',
  escalated: 'Escalated',
};

type Counted = Pick<GateStatus, 'word'>;

/** "16 of 18 pass, 1 fail, 1 not applicable", with the emoji of the worst. */
export function groupSign(group: Pick<GroupPlan, 'answers'>, statuses: readonly Counted[]) {
  const worst = worstFirst.find((word) => statuses.some((status) => status.word === word)) ?? 'pass';
  const counts = countsOf(statuses);
  const others = counts.filter(({ word }) => word !== 'pass');
  const passed = counts.find(({ word }) => word === 'pass') ?? { word: 'pass' as const, count: 0 };
  // Where all is green without a pass, a count of none would read like a failure.
  const told = passed.count === 0 && allGreen(statuses) ? others : [passed, ...others];
  const said = told.map(({ word, count }, index) => {
    const total = index === 0 ? ` of ${statuses.length}` : '';
    return `${count}${total} ${signOf(word, group).word}`;
  });
  return { emoji: signs[worst].emoji, counts: said.join(', ') };
}

/** How many gates have each word, what needs attention first. */
export function countsOf(statuses: readonly Counted[]): { word: GateWord; count: number }[] {
  return worstFirst
    .map((word) => ({ word, count: statuses.filter((status) => status.word === word).length }))
    .filter(({ count }) => count > 0);
}

function allGreen(statuses: readonly Counted[]): boolean {
  return statuses.every(isGreen);
}

/** "staging" → "Staging", for the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A reason against a GO in one line: what and why. */
export function reasonText({ title, why }: { title: string; why: string }): string {
  return why ? `${headOf(title)}: ${why}` : title;
}

/** The title of a problem ends a sentence; where a reason goes on behind it, it does not. */
export function headOf(title: string): string {
  return title.replace(/\.$/, '');
}

/** Whoever did something: a person of Slack as a mention, the bot and others by their name. */
export function who(actor: string): string {
  if (/^[UWS][A-Z0-9]+$/.test(actor)) return mention(actor);
  return actor === 'gonogo' ? 'gonogo' : code(actor);
}

/** "Release 2026.47 · Staging validation", escaped. */
export function titleOf({ name, plan }: Release): string {
  return `Release ${plain(name, 60)} · ${plain(plan.phase, 100)}`;
}

/** The GO that counts now; null while anything is open or against it, recorded or not: unknown is never green. */
export function goNow(release: Release, { mayStand }: Standing): Decision | null {
  const decision = standingDecision(release);
  return decision?.verdict === 'GO' && mayStand ? decision : null;
}

/** The one verdict that a person reads first. */
export function verdictOf(release: Release, standing: Standing): Sign {
  const last = release.decisions.at(-1);
  const gone = last?.verdict === 'GO' && last.withdrawn !== null;
  if (release.newer.length > 0) {
    const changed = `${plain(release.environment, 60)} has changed`;
    return { emoji: ':warning:', word: gone ? `GO withdrawn: ${changed}` : capital(changed) };
  }
  if (!release.candidate)
    return release.candidateProblem
      ? { emoji: ':grey_question:', word: 'Candidate unknown' }
      : { emoji: ':mag:', word: 'Identifying the candidate' };
  if (goNow(release, standing))
    return { emoji: ':white_check_mark:', word: standing.rechecking ? 'GO, re-checking' : 'GO' };
  if (standing.rechecking) return { emoji: ':mag:', word: 'Re-checking' };
  if (standing.verdict === 'NO-GO') return { emoji: ':no_entry:', word: 'NO-GO' };
  if (gone && last.pass === release.pass) return { emoji: ':warning:', word: 'GO withdrawn' };
  if (onlyApprovalsOpen(standing)) return { emoji: ':raised_hand:', word: 'Waiting for approval' };
  return { emoji: ':hourglass_flowing_sand:', word: 'In progress' };
}

/** Everything is green, and people with a role have yet to say yes (D3). */
export function onlyApprovalsOpen({ against, open, rechecking }: Standing): boolean {
  if (against.length > 0 || rechecking || open.length === 0) return false;
  return open.every(({ blocker }) => blocker.startsWith('approval/'));
}
