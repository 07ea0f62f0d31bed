import { format } from 'date-fns/format';
import { problem } from '../core/problem.ts';
import { releaseId } from '../core/release/acts.ts';
import { isGo } from '../core/release/decide.ts';
import { releaseStream } from '../core/release/stream.ts';
import { validateModal } from '../views/validate-modal.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { checklistOf, lacks, latestReleases, type Outcome, unlessUnread } from './release-acts.ts';

/** How many releases are looked through for one that is not done. */
const lookedThrough = 10;

/** Who asks, and where. */
export interface Asked {
  /** Name of the release; null: the latest that is not done, or a new one. */
  release: string | null;
  user: string;
  channel: string;
}

/**
 * What `/release validate` shows: the checklist of a release that is named and in validation, otherwise the form
 * that opens one, filled in (B1). Testers may continue a release; to open one takes a release engineer.
 */
export async function validateView(deps: EdgeDeps, asked: Asked): Promise<Outcome<object>> {
  const [phase] = deps.catalogue.phases;
  if (!phase) return { problem: problem('validation-off') };
  const refused = await lacks(deps, 'tester', asked.user);
  if (refused) return { problem: refused };
  return unlessUnread<object>(deps, asked.release ?? 'latest', async () => {
    const known = asked.release === null ? null : await named(deps, asked.release);
    if (known) return { done: checklistOf(deps, known) };
    const unfinished = asked.release === null ? await latestUnfinished(deps) : null;
    const mayNotOpen = unfinished ? null : await lacks(deps, 'release-engineer', asked.user);
    if (mayNotOpen) return { problem: mayNotOpen };
    const name = asked.release ?? unfinished?.name ?? weekOf(deps.now());
    return { done: validateModal(phase, name, asked.channel) };
  });
}

async function named({ store }: EdgeDeps, release: string) {
  return (await store.read(releaseStream, releaseId(release))).state;
}

async function latestUnfinished(deps: EdgeDeps) {
  const releases = await latestReleases(deps, lookedThrough);
  return releases.find((release) => !isGo(release)) ?? null;
}

/** ISO year and week in UTC, as weekly releases are named: 2026.47. */
export function weekOf(now: Date): string {
  // The library reads local fields; this day has those of UTC, wherever the bot runs.
  const day = new Date(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return format(day, 'RRRR.II');
}
