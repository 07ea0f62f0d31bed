import type { Blocker } from '../core/finding.ts';
import type { TrackedError } from '../core/sources.ts';

/** What the checks say to Sentry, and about its issues. */

/** A moment in Sentry's search: UTC, whole seconds, no zone. */
export function sentryTime(at: Date): string {
  return at.toISOString().slice(0, 19);
}

/** An issue as blocker `sentry/<id>`. `signal` must not hold counts, which grow while people look. */
export function trackedBlocker({ id, title, culprit, url }: TrackedError, signal: string): Blocker {
  return { id: `sentry/${id}`, title: `${id} ${title}${culprit ? ` (${culprit})` : ''}`, url, signal };
}
