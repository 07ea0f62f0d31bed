import { findPhase } from '../core/catalogue/find.ts';
import { nearest } from '../core/catalogue/nearest.ts';
import type { Phase } from '../core/catalogue/phase.ts';
import { type Problem, problem } from '../core/problem.ts';
import type { Acted } from '../core/release/acts.ts';
import { type GateStatus, gateStatuses } from '../core/release/gate-status.ts';
import { releaseChange } from '../core/release/orders.ts';
import type { Release } from '../core/release/state.ts';
import { releaseStream } from '../core/release/stream.ts';
import type { Role } from '../core/roles.ts';
import { checklistModal } from '../views/checklist-modal.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';

/** What was read or done, or what to tell the person. */
export type Outcome<T> = { done: T } | { problem: Problem };

/** How many releases are looked through for the one that was meant. */
const lookedThrough = 50;

/** Null when the person may. Said in the words of a validation: here nothing is started, it is recorded. */
export async function lacks(deps: EdgeDeps, role: Role, user: string): Promise<Problem | null> {
  const refused = await authorise(deps, role, user);
  return refused && { ...refused, what: 'That was not done.' };
}

/** The release with this id; one that is not there is told with the nearest that is. */
export async function readRelease(deps: EdgeDeps, id: string): Promise<Outcome<Release>> {
  return unlessUnread(deps, id, async () => {
    const { state } = await deps.store.read(releaseStream, id);
    if (state) return { done: state };
    const known = await deps.store.latest(releaseStream.name, lookedThrough);
    return { problem: problem('release-unknown', { id, nearest: nearest(id, known) ?? null }) };
  });
}

/** The latest releases, the one that changed last first. */
export async function latestReleases(deps: EdgeDeps, limit: number): Promise<Release[]> {
  const ids = await deps.store.latest(releaseStream.name, limit);
  const snapshots = await Promise.all(ids.map((id) => deps.store.read(releaseStream, id)));
  return snapshots.flatMap(({ state }) => (state ? [state] : []));
}

/**
 * Records what a person does with a release. `act` decides on the state as it is then and may be asked again; no
 * events mean that it was done already. Gives the state afterwards.
 */
export async function actOnRelease(
  deps: EdgeDeps,
  id: string,
  user: string,
  act: (state: Release, now: Date) => Acted,
): Promise<Outcome<Release>> {
  return changeRelease(deps, id, user, (state, now) =>
    state ? act(state, now) : { problem: problem('release-unknown', { id, nearest: null }) },
  );
}

/** The same where the release need not be there yet. */
export async function changeRelease(
  deps: EdgeDeps,
  id: string,
  user: string,
  act: (state: Release | null, now: Date) => Acted,
): Promise<Outcome<Release>> {
  return unlessUnread(deps, id, async () => {
    const decided: { last: Acted } = { last: { events: [] } };
    const { state } = await deps.store.change(releaseStream, id, (snapshot) => {
      const at = deps.now();
      const acted = act(snapshot.state, at);
      decided.last = acted;
      if ('problem' in acted || acted.events.length === 0) return null;
      return releaseChange(id, snapshot, acted.events, { actor: user, at, digest: deps.digest });
    });
    if ('problem' in decided.last) return decided.last;
    return state ? { done: state } : { problem: problem('release-unknown', { id, nearest: null }) };
  });
}

/** A store that does not answer is told to the person; the log has the cause. */
export async function unlessUnread<T>(
  deps: EdgeDeps,
  id: string,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    deps.log.error({ err: error, release: id }, 'A release could not be read or changed');
    return { problem: problem('release-unread') };
  }
}

/** The phase of the catalogue that a release was opened for; undefined when it is not there any more. */
export function phaseOf({ catalogue }: EdgeDeps, { plan }: Release): Phase | undefined {
  return findPhase(catalogue, plan.phase);
}

/** The checklist as it is now; `group` is the section to show when not all fit. */
export function checklistOf(deps: EdgeDeps, release: Release, group: string | null = null) {
  const channel = deps.catalogue.channels.releases;
  return checklistModal(release, gateStatuses(release, deps.now()), { group, channel });
}

/** One gate of a release as it is now. */
export function statusOf(deps: EdgeDeps, release: Release, gate: string): GateStatus | undefined {
  return gateStatuses(release, deps.now()).find((status) => status.gate.id === gate);
}

/** What a person wrote, without secrets. */
export function withoutSecrets(deps: EdgeDeps, text: string): Promise<string> {
  return text.trim() === '' ? Promise.resolve('') : deps.secrets.remove(text.trim());
}
