/** Whether a text that names a build (a hash, a tag, a version) names a commit. */

/** Seven or more hex digits on their own; `git describe` puts a g before them. */
const hashes = /(?<![0-9a-z])g?([0-9a-f]{7,64})(?![0-9a-z])/gi;
const letters = /[a-f]/i;

/**
 * `same` when a hash in the text is the commit or the beginning of it (at least 7 digits), `different` when there
 * are only others. `unknown` when there is no hash at all; digits alone may as well be a date or a build number.
 */
export function showsCommit(text: string, commit: string): 'same' | 'different' | 'unknown' {
  const found = [...text.matchAll(hashes)].map(([, hash = '']) => hash.toLowerCase());
  if (found.some((hash) => commit.toLowerCase().startsWith(hash))) return 'same';
  return found.some((hash) => letters.test(hash)) ? 'different' : 'unknown';
}

/** A commit as people read it. */
export function short(commit: string): string {
  return commit.slice(0, 8);
}
