/** A stretch of a text that is a secret. `end` is behind its last character. */
export interface Found {
  start: number;
  end: number;
  /** What people call it: GitLab token. */
  kind: string;
}

/**
 * The text up to `limit`, each secret replaced by its kind; those that overlap are one. A secret that reaches over
 * the limit is replaced whole.
 */
export function withoutFound(text: string, found: readonly Found[], limit: number): string {
  const end = Math.min(limit, text.length);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end: behind, kind } of merged(found)) {
    if (start >= end) break;
    parts.push(text.slice(at, start), `[removed: ${kind}]`);
    at = behind;
  }
  if (at < end) parts.push(text.slice(at, end));
  return parts.join('');
}

/** In order, none within or over another; the kind is that of the one that begins first, or is the longer. */
function merged(found: readonly Found[]): Found[] {
  const all: Found[] = [];
  const ordered = found
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  for (const one of ordered) {
    const last = all.at(-1);
    if (last && one.start < last.end) last.end = Math.max(last.end, one.end);
    else all.push({ ...one });
  }
  return all;
}
