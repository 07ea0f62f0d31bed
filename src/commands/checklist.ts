import type { App, BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt';
import { problem } from '../core/problem.ts';
import { assign } from '../core/release/acts.ts';
import { checklistIds } from '../views/checklist-modal.ts';
import { itemIds, itemModal } from '../views/item-modal.ts';
import { releaseButtons } from '../views/release-ids.ts';
import { workspaceModal } from '../views/workspace-modal.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { type Pressed, tellRefusal } from './refusal.ts';
import {
  actOnRelease,
  checklistOf,
  lacks,
  type Outcome,
  phaseOf,
  readRelease,
  statusOf,
} from './release-acts.ts';
import { redraw, showModal } from './show.ts';

/** The buttons of the checklist and the one that opens it (B4). Everyone who may answer may look. */
export function registerChecklist(app: App, deps: EdgeDeps): void {
  const opening = [
    { actionId: releaseButtons.checklist, viewOf: listOf },
    { actionId: checklistIds.answer, viewOf: itemOf },
    { actionId: checklistIds.workspace, viewOf: workspaceOf },
  ];
  for (const { actionId, viewOf } of opening)
    app.action<BlockAction<ButtonAction>>(
      { action_id: actionId, type: 'block_actions' },
      async ({ ack, action, ...pressed }) => {
        await ack();
        const { client, body } = pressed;
        const view = await viewOf(deps, action.value ?? '', body.user.id);
        if ('problem' in view) await tellRefusal(deps.log, pressed, view.problem);
        else await showModal(client, deps.log, body, view.done);
      },
    );
  registerSections(app, deps);
  registerAssign(app, deps);
}

async function listOf(deps: EdgeDeps, id: string, user: string): Promise<Outcome<object>> {
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  const found = await readRelease(deps, id);
  return 'problem' in found ? found : { done: checklistOf(deps, found.done) };
}

async function itemOf(deps: EdgeDeps, value: string, user: string): Promise<Outcome<object>> {
  const [id = '', gate = ''] = value.split('/');
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  const found = await readRelease(deps, id);
  if ('problem' in found) return found;
  const item = statusOf(deps, found.done, gate);
  if (item?.gate.check !== null) return { problem: problem('gate-unknown', { gate }) };
  return { done: itemModal(found.done, item, { user, entered: null, problem: null }) };
}

async function workspaceOf(deps: EdgeDeps, id: string, user: string): Promise<Outcome<object>> {
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  const found = await readRelease(deps, id);
  if ('problem' in found) return found;
  return { done: workspaceModal(found.done, phaseOf(deps, found.done)?.workspaces ?? null) };
}

/** The list of sections, where the checklist is too long for one view. */
function registerSections(app: App, deps: EdgeDeps): void {
  app.action<BlockAction<StaticSelectAction>>(
    { action_id: checklistIds.section, type: 'block_actions' },
    async ({ ack, action, ...pressed }) => {
      await ack();
      const { view } = pressed.body;
      if (!view) return;
      const found = await readRelease(deps, view.private_metadata);
      if ('problem' in found) return tellRefusal(deps.log, pressed, found.problem);
      const list = checklistOf(deps, found.done, action.selected_option.value);
      await redraw(pressed.client, deps.log, view, list);
    },
  );
}

/** "Assign to me" and "Unassign": the form keeps what was entered, the list below shows it too. */
function registerAssign(app: App, deps: EdgeDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { action_id: itemIds.assign, type: 'block_actions' },
    async ({ ack, action, ...pressed }) => {
      await ack();
      const { body } = pressed;
      const [id = '', gate = '', to] = (action.value ?? '').split('/');
      const refused = await lacks(deps, 'tester', body.user.id);
      if (refused) return tellRefusal(deps.log, pressed, refused);
      const user = body.user.id;
      const done = await actOnRelease(deps, id, user, (state) =>
        assign(state, gate, to === 'me' ? user : null),
      );
      if ('problem' in done) return tellRefusal(deps.log, pressed, done.problem);
      await redrawBoth(deps, pressed, done.done, gate);
    },
  );
}

async function redrawBoth(
  deps: EdgeDeps,
  { body, client }: Pressed,
  release: Parameters<typeof checklistOf>[1],
  gate: string,
): Promise<void> {
  const item = statusOf(deps, release, gate);
  if (!body.view || !item) return;
  const { id, hash, root_view_id: root } = body.view;
  const form = { user: body.user.id, entered: null, problem: null };
  await redraw(client, deps.log, { id, hash }, itemModal(release, item, form));
  if (root !== null && root !== id)
    await redraw(client, deps.log, { id: root }, checklistOf(deps, release, item.group.id));
}
