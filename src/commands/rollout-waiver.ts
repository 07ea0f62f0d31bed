import type { App, BlockAction, ButtonAction, ViewOutput, ViewSubmitAction } from '@slack/bolt';
import { shortId } from '../core/ids.ts';
import { type Problem, problem } from '../core/problem.ts';
import { proposeWaiver } from '../core/promotion/acts.ts';
import { decideRegion } from '../core/promotion/decide.ts';
import { type Promotion, regionState } from '../core/promotion/state.ts';
import { promotionButtons, readRolloutValue } from '../views/promotion-ids.ts';
import { rolloutWaiverIds, rolloutWaiverModal, waiverHours } from '../views/rollout-waiver-modal.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { chosenIn, textIn } from './form-values.ts';
import { actOnPromotion, readPromotion } from './promotion-acts.ts';
import { refusalAnswer, tellRefusal } from './refusal.ts';
import { lacks, type Outcome } from './release-acts.ts';
import { showModal } from './show.ts';

/** "Ask for a waiver": the form, and its submit, which is recorded before it closes (F7). */
export function registerRolloutWaiver(app: App, deps: EdgeDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { action_id: promotionButtons.askWaiver, type: 'block_actions' },
    async ({ ack, action, ...pressed }) => {
      await ack();
      const { client, body } = pressed;
      const view = await formFor(deps, action.value ?? '', body.user.id);
      if ('problem' in view) await tellRefusal(deps.log, pressed, view.problem);
      else await showModal(client, deps.log, body, view.done);
    },
  );
  app.view<ViewSubmitAction>(
    { callback_id: rolloutWaiverIds.callback, type: 'view_submission' },
    async ({ ack, view, body }) => {
      const done = await propose(deps, view, body.user.id);
      if ('done' in done) return ack();
      return ack(refusalAnswer({ block: blockOf(done.problem), problem: done.problem }));
    },
  );
}

async function formFor(deps: EdgeDeps, value: string, user: string): Promise<Outcome<object>> {
  const place = readRolloutValue(value);
  const refused = await lacks(deps, 'release-engineer', user);
  if (refused) return { problem: refused };
  const found = await readPromotion(deps, place.id);
  if ('problem' in found) return found;
  if (place.run === 0 || regionState(found.done, place.region).run !== place.run)
    return { problem: problem('rollout-over') };
  const { holds } = decideRegion(found.done, place.region, deps.now());
  if (holds.length === 0) return { problem: problem('hold-gone') };
  return { done: rolloutWaiverModal(found.done, place, holds) };
}

/** The waiver's id follows from the view: a redelivered submit names the same one. */
async function propose(deps: EdgeDeps, view: ViewOutput, user: string): Promise<Outcome<Promotion>> {
  const { id, region, run } = readRolloutValue(view.private_metadata);
  const refused = await lacks(deps, 'release-engineer', user);
  if (refused) return { problem: refused };
  const { block, element } = rolloutWaiverIds.blocker;
  const blocker = view.state.values[block]?.[element]?.selected_option?.value;
  if (!blocker) return { problem: problem('hold-missing') };
  const waiver = shortId(deps.digest, `waiver/${view.team_id}/${view.id}`);
  const reason = await textIn(deps, view, rolloutWaiverIds.reason);
  const hours = Number(chosenIn(view, rolloutWaiverIds.hours, waiverHours) ?? 0);
  return actOnPromotion(deps, id, user, (state, now) => {
    const expiresAt = new Date(now.getTime() + hours * 3_600_000).toISOString();
    return proposeWaiver(state, { waiver, region, run, blocker, reason, expiresAt }, now);
  });
}

function blockOf({ code }: Problem): string {
  if (code === 'reason-missing') return rolloutWaiverIds.reason.block;
  if (code === 'rollout-waiver-expiry') return rolloutWaiverIds.hours.block;
  return rolloutWaiverIds.blocker.block;
}
