import picomatch from 'picomatch';
import type { Condition } from '../core/release/plan.ts';
import { oneLine } from './judgements.ts';
import type { Scope } from './release-scope.ts';
import { matchesWildcard } from './wildcards.ts';

export { collectScope, type Scope } from './release-scope.ts';

/** Whether a conditional gate applies; an unknown one is open, never dropped. */
export interface Applicability {
  verdict: 'applies' | 'does-not-apply' | 'unknown';
  /** What matched, or why nothing can be said. Text of others in it is oneLine, not escaped. */
  reason: string;
}

/** What one kind of a condition gives: the matches in words, and what could not be found out. */
interface Looked {
  matches: string[];
  gaps: string[];
  /** In words, that nothing matched. */
  nothing: string;
}

/**
 * Does the release touch what the condition names? (B5) One match of any kind is enough. `does-not-apply` only when
 * everything that the condition asks for could be read. A condition without anything in it always holds.
 */
export function judge(condition: Condition, scope: Scope): Applicability {
  const { labels, paths, flags } = condition;
  const looked = [
    ...(labels.length > 0 ? [lookAtLabels(labels, scope)] : []),
    ...(paths.length > 0 ? [lookAtPaths(paths, scope)] : []),
    ...(flags.length > 0 ? [lookAtFlags(flags, scope)] : []),
  ];
  if (looked.length === 0) return { verdict: 'applies', reason: 'The gate names no condition.' };
  const matches = looked.flatMap((one) => one.matches);
  if (matches.length > 0) return { verdict: 'applies', reason: sentence(matches) };
  const gaps = looked.flatMap((one) => one.gaps);
  if (gaps.length > 0) return { verdict: 'unknown', reason: sentence(gaps) };
  return { verdict: 'does-not-apply', reason: sentence(looked.map(({ nothing }) => nothing)) };
}

function lookAtLabels(wanted: readonly string[], { mergeRequests: { found, gaps } }: Scope): Looked {
  const matches = wanted.flatMap((label) => {
    const having = found.filter(({ labels }) => labels.some((one) => isSame(one, label)));
    if (having.length === 0) return [];
    const names = few(having.map(({ reference }) => reference));
    return [`${names} ${having.length === 1 ? 'has' : 'have'} the label ${label}`];
  });
  return { matches, gaps, nothing: `no merge request has the label ${wanted.join(' or ')}` };
}

function lookAtPaths(globs: readonly string[], { changedPaths: { found, gaps } }: Scope): Looked {
  const matches = globs.flatMap((glob) => {
    const [example, ...others] = found.filter(matcherOf([glob]));
    if (example === undefined) return [];
    const path = oneLine(example);
    if (others.length === 0) return [`the changed path ${path} matches ${glob}`];
    return [`${others.length + 1} changed paths match ${glob} (for example ${path})`];
  });
  return { matches, gaps, nothing: `no changed path matches ${globs.join(' or ')}` };
}

function lookAtFlags(wanted: readonly string[], { flags: { found, gaps } }: Scope): Looked {
  const on = found.filter((name) => wanted.some((pattern) => matchesWildcard(pattern, name)));
  const matches = on.length === 0 ? [] : [`flag ${few(on)} is on`];
  return { matches, gaps, nothing: `no flag ${wanted.join(' or ')} is on` };
}

/** The first changed path that any of the globs matches, or null. Pure. */
export function touches(globs: readonly string[], changedPaths: readonly string[]): string | null {
  const isMatch = matcherOf(globs);
  return changedPaths.find((path) => isMatch(path)) ?? null;
}

/** Files whose names begin with a dot are files like any other. */
function matcherOf(globs: readonly string[]): (path: string) => boolean {
  return globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(oneLine).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
