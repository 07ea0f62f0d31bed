import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { findCheck } from '../checks/index.ts';
import { problem } from '../core/problem.ts';
import { recheck } from '../core/release/acts.ts';
import { decide } from '../core/release/decide.ts';
import type { Release } from '../core/release/state.ts';
import { blockerIds, blockerModal, type MayHandle } from '../views/blocker-modal.ts';
import { blockersIds, blockersModal, pageOf, readBlocker } from '../views/blockers-modal.ts';
import { releaseButtons } from '../views/release-ids.ts';
import { waiverModal } from '../views/waiver-modal.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { tellRefusal } from './refusal.ts';
import { actOnRelease, lacks, type Outcome, readRelease } from './release-acts.ts';
import { redraw, showModal } from './show.ts';

/** "What blocks" and its buttons (B2, B6, F7). */
export function registerBlockers(app: App, deps: EdgeDeps): void {
  const opening = [
    { actionId: releaseButtons.blockers, viewOf: listFor },
    { actionId: blockersIds.handle, viewOf: formFor },
  ];
  const redrawing = [
    { actionId: blockersIds.earlier, viewOf: pageFor },
    { actionId: blockersIds.further, viewOf: pageFor },
    { actionId: blockerIds.waiver, viewOf: waiverFor },
  ];
  for (const { actionId, viewOf } of [...opening, ...redrawing])
    app.action<BlockAction<ButtonAction>>(
      { action_id: actionId, type: 'block_actions' },
      async ({ ack, action, ...pressed }) => {
        await ack();
        const { client, body } = pressed;
        const view = await viewOf(deps, action.value ?? '', body.user.id);
        const isRedrawn = redrawing.some((one) => one.actionId === actionId);
        if ('problem' in view) await tellRefusal(deps.log, pressed, view.problem);
        else if (isRedrawn && body.view) await redraw(client, deps.log, body.view, view.done);
        else await showModal(client, deps.log, body, view.done);
      },
    );
  registerRecheckGate(app, deps);
}

/** The list as it is now. */
function blockersOf(deps: EdgeDeps, release: Release, page = 0) {
  return blockersModal(release, decide(release, deps.now(), deps.digest), page);
}

/** The list, opened at the page where one blocker stands. */
export function blockersAround(deps: EdgeDeps, release: Release, gate: string, blocker: string) {
  const standing = decide(release, deps.now(), deps.digest);
  return blockersModal(release, standing, pageOf(standing, gate, blocker));
}

/** What the gate's check lets people do with a single blocker; a person's answer is mended or waived. */
export function mayHandle(check: string | null): MayHandle {
  return (check === null ? undefined : findCheck(check))?.handling ?? 'none';
}

async function listFor(deps: EdgeDeps, value: string, user: string): Promise<Outcome<object>> {
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  const found = await readRelease(deps, value);
  return 'problem' in found ? found : { done: blockersOf(deps, found.done) };
}

async function pageFor(deps: EdgeDeps, value: string, user: string): Promise<Outcome<object>> {
  const [id = '', page = ''] = value.split('/');
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  const found = await readRelease(deps, id);
  return 'problem' in found ? found : { done: blockersOf(deps, found.done, Number(page) || 0) };
}

async function formFor(deps: EdgeDeps, value: string, user: string): Promise<Outcome<object>> {
  const found = await blockerFor(deps, value, user);
  if ('problem' in found) return found;
  const { release, status, reason } = found.done;
  return { done: blockerModal(release, status, reason, mayHandle(status.gate.check)) };
}

async function waiverFor(deps: EdgeDeps, value: string, user: string): Promise<Outcome<object>> {
  const found = await blockerFor(deps, value, user);
  if ('problem' in found) return found;
  const { release, status, reason } = found.done;
  return { done: waiverModal(release, status, reason, deps.now()) };
}

/** Taking something out of a decision is for release engineers; so is asking for a waiver. */
async function blockerFor(deps: EdgeDeps, value: string, user: string) {
  const { release: id, gate, blocker } = readBlocker(value);
  const refused = await lacks(deps, 'release-engineer', user);
  if (refused) return { problem: refused };
  const found = await readRelease(deps, id);
  if ('problem' in found) return found;
  const release = found.done;
  const { against, statuses } = decide(release, deps.now(), deps.digest);
  const reason = against.find((one) => one.gate === gate && one.blocker === blocker);
  const status = statuses.find((one) => one.gate.id === gate);
  return reason && status ? { done: { release, status, reason } } : { problem: problem('blocker-gone') };
}

/** "Re-check" of one gate, in the list or in a message; in the list it shows that it is under way. */
function registerRecheckGate(app: App, deps: EdgeDeps): void {
  app.action<BlockAction<ButtonAction>>(
    { action_id: releaseButtons.recheckGate, type: 'block_actions' },
    async ({ ack, action, ...pressed }) => {
      await ack();
      const { client, body } = pressed;
      const [id = '', gate = ''] = (action.value ?? '').split('/');
      const refused = await lacks(deps, 'tester', body.user.id);
      if (refused) return tellRefusal(deps.log, pressed, refused);
      const done = await actOnRelease(deps, id, body.user.id, (state, now) => recheck(state, { gate }, now));
      if ('problem' in done) return tellRefusal(deps.log, pressed, done.problem);
      if (!body.view) return;
      const first = decide(done.done, deps.now(), deps.digest).against.find((one) => one.gate === gate);
      const list = blockersAround(deps, done.done, gate, first?.blocker ?? '');
      await redraw(client, deps.log, body.view, list);
    },
  );
}
