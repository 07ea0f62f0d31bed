import type { Handler, WorkDesk } from '../core/ports.ts';
import { releaseKeys } from '../core/release/orders.ts';
import { findGate } from '../core/release/plan.ts';
import { releaseStream } from '../core/release/stream.ts';
import { type ReleaseDeps, recordRelease } from './release-deps.ts';

/**
 * Comes when a waiver ends: what follows from the time alone is concluded and recorded, such as a GO that may not
 * stand any more (F7). Key: `<release>/<end of the waiver>`.
 */
export function lapseWaiver(
  deps: Pick<ReleaseDeps, 'store' | 'now' | 'digest'> & { desk: WorkDesk },
): Handler {
  return async ({ key }) => {
    const [id = '', end = ''] = key.split('/');
    // A worker whose clock is behind must not conclude before the waiver has ended.
    if (deps.now() < new Date(end)) return { next: 'again', at: new Date(end) };
    await recordRelease(deps, id, () => []);
    const { state } = await deps.store.read(releaseStream, id);
    // What is shown rests on the time too: these say that it ended even where nothing else follows from it.
    const groups = (state?.waivers ?? [])
      .filter(({ expiresAt }) => expiresAt === end)
      .flatMap(({ gate }) => (state && findGate(state.plan, gate)?.group.id) ?? []);
    const messages = [releaseKeys.parent(id), ...groups.map((group) => releaseKeys.group(id, group))];
    await deps.desk.order(
      [...new Set(messages)].map((message) => ({ kind: 'message', key: message, patient: true })),
    );
    return { next: 'done' };
  };
}
