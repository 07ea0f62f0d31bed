import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { type Problem, problem } from '../core/problem.ts';
import { type Acted, answerWaiver, handOver, requestRecheck } from '../core/promotion/acts.ts';
import { type Promotion, regionState } from '../core/promotion/state.ts';
import { promotionButtons, readRolloutValue } from '../views/promotion-ids.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { actOnPromotion } from './promotion-acts.ts';
import { tellRefusal } from './refusal.ts';
import { lacks } from './release-acts.ts';

interface Press {
  /** What the button carries. */
  value: string;
  user: string;
}

interface Button {
  actionId: string;
  act(press: Press, state: Promotion, now: Date): Acted;
}

/** The buttons of a promotion's messages that record something at once. */
const buttons: readonly Button[] = [
  {
    actionId: promotionButtons.handOver,
    act: ({ value }, state) => {
      const { region, run } = readRolloutValue(value);
      return handOver(state, region, run);
    },
  },
  { actionId: promotionButtons.lookAgain, act: ({ value }, state) => lookAgain(state, value) },
  {
    actionId: promotionButtons.confirmWaiver,
    act: (press, state, now) => answerWaiverOnce(state, press, { yes: true, now }),
  },
  {
    actionId: promotionButtons.declineWaiver,
    act: (press, state, now) => answerWaiverOnce(state, press, { yes: false, now }),
  },
];

/** Authorised again, decided on the state as it is then, told in private when refused. */
export function registerPromotionButtons(app: App, deps: EdgeDeps): void {
  for (const { actionId, act } of buttons)
    app.action<BlockAction<ButtonAction>>(
      { action_id: actionId, type: 'block_actions' },
      async ({ ack, action, ...pressed }) => {
        await ack();
        const press = { value: action.value ?? '', user: pressed.body.user.id };
        const refused = await carryOut(deps, press, act);
        if (refused) await tellRefusal(deps.log, pressed, refused);
      },
    );
}

/** All of it takes a release engineer; that a waiver takes two of them is decided where it is recorded. */
async function carryOut(deps: EdgeDeps, press: Press, act: Button['act']): Promise<Problem | null> {
  const refused = await lacks(deps, 'release-engineer', press.user);
  if (refused) return refused;
  const [id = ''] = press.value.split('/');
  const done = await actOnPromotion(deps, id, press.user, (state, now) => act(press, state, now));
  return 'problem' in done ? done.problem : null;
}

/** A button of an earlier run does not speak for the one that is there now. */
function lookAgain(state: Promotion, value: string): Acted {
  const { region, run } = readRolloutValue(value);
  if (run === 0 || regionState(state, region).run !== run) return { problem: problem('rollout-over') };
  return requestRecheck(state, region);
}

/** The second click of a double click finds the waiver answered by the same person, the same way. */
function answerWaiverOnce(
  state: Promotion,
  { value, user }: Press,
  { yes, now }: { yes: boolean; now: Date },
): Acted {
  const [, waiver = ''] = value.split('/');
  const found = state.waivers.find(({ id }) => id === waiver);
  const before = yes ? found?.confirmed : found?.declined;
  return before?.by === user ? { events: [] } : answerWaiver(state, waiver, yes, user, now);
}
