import type { App, BlockAction } from '@slack/bolt';
import { homeStart, homeValidate, homeView } from '../views/home.ts';
import { problemModal } from '../views/problem-modal.ts';
import { startModal } from '../views/start-modal.ts';
import { checkedHome, checkedModal } from './checked.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';
import { latestPromotions } from './promotion-acts.ts';
import { latestInvocations, validations } from './status-command.ts';
import { validateView } from './validate-command.ts';

const shownInvocations = 10;
const shownReleases = 5;
const shownPromotions = 5;

/** App Home: drawn when somebody opens it; its buttons open the same modals as `/release`. */
export function registerHome(app: App, deps: EdgeDeps): void {
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    const { name, phases } = deps.catalogue;
    const states = await latestInvocations(deps, shownInvocations);
    const releases = phases.length > 0 ? await validations(deps, shownReleases) : null;
    const promotions = await latestPromotions(deps, shownPromotions);
    await client.views.publish({
      user_id: event.user,
      view: checkedHome(homeView(name, states, releases, { promotions, now: deps.now() })),
    });
  });
  app.action<BlockAction>({ action_id: homeStart, type: 'block_actions' }, async ({ ack, body, client }) => {
    await ack();
    const refused = await authorise(deps, 'release-engineer', body.user.id);
    const { releases } = deps.catalogue.channels;
    const view = refused
      ? problemModal(refused)
      : startModal(deps.catalogue, { action: null, project: null, channel: releases });
    await client.views.open({ trigger_id: body.trigger_id, view: checkedModal(view) });
  });
  app.action<BlockAction>(
    { action_id: homeValidate, type: 'block_actions' },
    async ({ ack, body, client }) => {
      await ack();
      const { releases: channel } = deps.catalogue.channels;
      const shown = await validateView(deps, { release: null, user: body.user.id, channel });
      const view = 'problem' in shown ? problemModal(shown.problem) : shown.done;
      await client.views.open({ trigger_id: body.trigger_id, view: checkedModal(view) });
    },
  );
}
