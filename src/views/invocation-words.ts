import { actionFacts } from '../core/action.ts';
import {
  type Invocation,
  isHeld,
  isSettled,
  phaseOf,
  type Target,
  type TargetWord,
  wordOf,
} from '../core/invocation/state.ts';

/** Emoji and word of each state: never colour or picture alone. */
export const targetSigns: Record<TargetWord, { emoji: string; word: string }> = {
  waiting: { emoji: ':hourglass_flowing_sand:', word: 'waiting' },
  starting: { emoji: ':hourglass_flowing_sand:', word: 'starting' },
  running: { emoji: ':arrow_forward:', word: 'running' },
  passed: { emoji: ':white_check_mark:', word: 'passed' },
  failed: { emoji: ':x:', word: 'failed' },
  canceled: { emoji: ':x:', word: 'canceled' },
  skipped: { emoji: ':x:', word: 'skipped' },
  manual: { emoji: ':raised_hand:', word: 'waiting for a person in GitLab' },
  lost: { emoji: ':grey_question:', word: 'end unknown' },
  'not-started': { emoji: ':no_entry_sign:', word: 'not started' },
};

/** The order in which counts are told: what needs attention first. */
const toldFirst: TargetWord[] = [
  'failed',
  'canceled',
  'skipped',
  'lost',
  'manual',
  'not-started',
  'passed',
  'running',
  'starting',
  'waiting',
];

export function countsOf(targets: readonly Target[]): { word: TargetWord; count: number }[] {
  return toldFirst
    .map((word) => ({ word, count: targets.filter((target) => wordOf(target) === word).length }))
    .filter(({ count }) => count > 0);
}

/** "Cut-off of bf-manage-core", "Deploy to staging of all 16 projects". */
export function titleOf(state: Invocation): string {
  return `${actionFacts[state.action].noun} of ${scopeOf(state)}`;
}

function scopeOf(state: Invocation): string {
  const count = Math.max(state.projects.length, state.targets.length);
  if (state.origin.kind === 'slack' && state.project === 'all' && count > 1) return `all ${count} projects`;
  return count === 1
    ? (state.targets[0]?.project ?? state.projects[0] ?? state.project)
    : `${count} projects`;
}

/** Nothing runs, and whatever has not ended is held by its wave (C6). */
export function isHeldUp({ targets }: Invocation): boolean {
  return targets.some(isHeld) && targets.every((target) => isSettled(target) || isHeld(target));
}

/** The one verdict that a person reads first. */
export function verdictOf(state: Invocation): { emoji: string; word: string } {
  const phase = phaseOf(state);
  if (phase === 'checking') return { emoji: ':mag:', word: 'Checking' };
  if (phase === 'refused') return { emoji: ':no_entry:', word: 'Not started' };
  if (isHeldUp(state)) return { emoji: ':hourglass_flowing_sand:', word: 'Held' };
  if (phase === 'running') return { emoji: ':arrow_forward:', word: 'Running' };
  const words = new Set(state.targets.map(wordOf));
  if (['failed', 'canceled', 'skipped'].some((word) => words.has(word as TargetWord)))
    return { emoji: ':x:', word: 'Failed' };
  if (words.has('lost')) return { emoji: ':grey_question:', word: 'End unknown' };
  if (words.has('not-started')) return { emoji: ':no_entry_sign:', word: 'Stopped' };
  if (words.has('manual')) return { emoji: ':raised_hand:', word: 'Waiting for a person in GitLab' };
  return { emoji: ':white_check_mark:', word: 'Passed' };
}
