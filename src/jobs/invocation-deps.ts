import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Digest } from '../core/ids.ts';
import type { InvocationEvent } from '../core/invocation/events.ts';
import { changeOf } from '../core/invocation/orders.ts';
import type { Invocation } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import type { Clock, CodeHost, Logger, Pace, Snapshot, Store } from '../core/ports.ts';

/** What the jobs of an invocation work with. */
export interface InvocationDeps {
  store: Store;
  codeHost: CodeHost;
  pace: Pace;
  catalogue: Catalogue;
  digest: Digest;
  now: Clock;
  log: Logger;
  /** How long GitLab may still be at a request that it did not answer, in ms; only then is it made again. */
  settleMs: number;
}

/** The bot itself, as the actor of what no person did. */
const botActor = 'gonogo';

/**
 * Records what the bot observed or did. `decide` sees the state as it is at that moment and answers with
 * nothing when what it wanted to record no longer fits, so that running a job twice records once.
 */
export async function record(
  deps: Pick<InvocationDeps, 'store' | 'now'>,
  id: string,
  decide: (state: Invocation) => InvocationEvent[],
): Promise<Snapshot<Invocation>> {
  return deps.store.change(invocationStream, id, ({ state }) => {
    if (!state) throw new Error(`There is no invocation ${id}`);
    const events = decide(state);
    return events.length > 0 ? changeOf(id, state, events, { actor: botActor, at: deps.now() }) : null;
  });
}

/** A moment `ms` from now. */
export function later(now: Clock, ms: number): Date {
  return new Date(now().getTime() + ms);
}
