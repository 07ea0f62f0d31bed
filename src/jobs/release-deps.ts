import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Digest } from '../core/ids.ts';
import type { Clock, Logger, Snapshot, Store } from '../core/ports.ts';
import type { ReleaseEvent } from '../core/release/events.ts';
import { releaseChange } from '../core/release/orders.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import type { SecretFinder, Sources } from '../core/sources.ts';

/** What the jobs of a release work with. */
export interface ReleaseDeps {
  store: Store;
  sources: Sources;
  catalogue: Catalogue;
  secrets: SecretFinder;
  digest: Digest;
  now: Clock;
  log: Logger;
  /** How long a service may still be at a request that it did not answer, in ms. */
  settleMs: number;
}

/** The bot itself, as the actor of what no person did. */
const botActor = 'gonogo';

/**
 * Records what the bot observed about a release, with all that follows from it. `decide` sees the state as it is at
 * that moment and answers with nothing when what it wanted to record no longer fits.
 */
export async function recordRelease(
  deps: Pick<ReleaseDeps, 'store' | 'now' | 'digest'>,
  id: string,
  decide: (state: Release) => ReleaseEvent[],
): Promise<Snapshot<Release>> {
  return deps.store.change(releaseStream, id, (snapshot) => {
    if (!snapshot.state) throw new Error(`There is no release ${id}`);
    const events = decide(snapshot.state);
    const { digest, now } = deps;
    const change = releaseChange(id, snapshot, events, { actor: botActor, at: now(), digest });
    return change.events.length > 0 ? change : null;
  });
}
