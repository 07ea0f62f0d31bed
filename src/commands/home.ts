import type { App, BlockAction } from '@slack/bolt';
import { invocationStream } from '../core/invocation/stream.ts';
import { homeStart, homeView } from '../views/home.ts';
import { problemModal } from '../views/problem-modal.ts';
import { startModal } from '../views/start-modal.ts';
import { checkedHome, checkedModal } from './checked.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';

const shownInvocations = 10;

/** App Home: drawn when somebody opens it; its button opens the same modal as `/release`. */
export function registerHome(app: App, deps: EdgeDeps): void {
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return;
    const ids = await deps.store.latest(invocationStream.name, shownInvocations);
    const snapshots = await Promise.all(ids.map((id) => deps.store.read(invocationStream, id)));
    const states = snapshots.flatMap(({ state }) => (state ? [state] : []));
    await client.views.publish({
      user_id: event.user,
      view: checkedHome(homeView(deps.catalogue.name, states)),
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
}
