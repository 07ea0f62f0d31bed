import type { App, SlackViewMiddlewareArgs, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import { shortId } from '../core/ids.ts';
import { type Problem, problem } from '../core/problem.ts';
import { handle, proposeWaiver } from '../core/release/acts.ts';
import { handlings } from '../core/release/events.ts';
import { findGate } from '../core/release/plan.ts';
import type { Release } from '../core/release/state.ts';
import { blockerIds } from '../views/blocker-modal.ts';
import { readBlocker } from '../views/blockers-modal.ts';
import { endOfDay, waiverIds } from '../views/waiver-modal.ts';
import { blockersAround, mayHandle } from './blockers.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { chosenIn, dateIn, linkIn, textIn } from './form-values.ts';
import { refusalAnswer } from './refusal.ts';
import { actOnRelease, lacks, type Outcome } from './release-acts.ts';
import { redraw, type Views } from './show.ts';

/** The two forms of a blocker: what is to happen with it, and the waiver. Both are recorded before they close. */
export function registerBlockerSubmits(app: App, deps: EdgeDeps): void {
  const forms = [
    { callbackId: blockerIds.callback, save: saveHandling, blockOf: handlingBlock },
    { callbackId: waiverIds.callback, save: saveWaiver, blockOf: waiverBlock },
  ];
  for (const { callbackId, save, blockOf } of forms)
    app.view<ViewSubmitAction>(
      { callback_id: callbackId, type: 'view_submission' },
      async ({ ack, view, body, client }) => {
        const done = await save(deps, view, body.user.id);
        if ('problem' in done)
          return ack(refusalAnswer({ block: blockOf(done.problem), problem: done.problem }));
        await closeAndRedraw(deps, { ack, view, client }, done.done);
      },
    );
}

async function closeAndRedraw(
  deps: EdgeDeps,
  { ack, view, client }: Pick<SlackViewMiddlewareArgs<ViewSubmitAction>, 'ack' | 'view'> & { client: Views },
  release: Release,
): Promise<void> {
  await ack();
  if (view.root_view_id === null || view.root_view_id === view.id) return;
  const { gate, blocker } = readBlocker(view.private_metadata);
  const list = blockersAround(deps, release, gate, blocker);
  await redraw(client, deps.log, { id: view.root_view_id }, list);
}

async function saveHandling(deps: EdgeDeps, view: ViewOutput, user: string): Promise<Outcome<Release>> {
  const { release: id, gate, blocker } = readBlocker(view.private_metadata);
  const refused = await lacks(deps, 'release-engineer', user);
  if (refused) return { problem: refused };
  const as = chosenIn(view, blockerIds.as, handlings);
  if (!as) return { problem: problem('handling-missing') };
  const linked = await linkIn(deps, view, blockerIds.link);
  if ('problem' in linked) return linked;
  const { link } = linked;
  const reason = await textIn(deps, view, blockerIds.reason);
  return actOnRelease(deps, id, user, (state, now) => {
    const may = mayHandle(findGate(state.plan, gate)?.gate.check ?? null);
    return handle(state, { gate, blocker, as, reason, link }, may, now);
  });
}

function handlingBlock({ code }: Problem): string {
  if (code.startsWith('link-') || code === 'tracking-missing') return blockerIds.link.block;
  return code === 'reason-missing' ? blockerIds.reason.block : blockerIds.as.block;
}

/** The waiver's id follows from the view: a redelivered submit names the same one. */
async function saveWaiver(deps: EdgeDeps, view: ViewOutput, user: string): Promise<Outcome<Release>> {
  const { release: id, gate, blocker } = readBlocker(view.private_metadata);
  const refused = await lacks(deps, 'release-engineer', user);
  if (refused) return { problem: refused };
  const waiver = shortId(deps.digest, `waiver/${view.team_id}/${view.id}`);
  const reason = await textIn(deps, view, waiverIds.reason);
  const day = dateIn(view, waiverIds.until);
  const expiresAt = day === null ? '' : endOfDay(day);
  return actOnRelease(deps, id, user, (state, now) =>
    proposeWaiver(state, { waiver, gate, blocker, reason, expiresAt }, now),
  );
}

function waiverBlock({ code }: Problem): string {
  return code === 'waiver-expiry' ? waiverIds.until.block : waiverIds.reason.block;
}
