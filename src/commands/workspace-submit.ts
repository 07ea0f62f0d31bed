import type { App, ViewOutput } from '@slack/bolt';
import { recordWorkspace } from '../core/release/acts.ts';
import type { Release } from '../core/release/state.ts';
import { workspaceIds } from '../views/workspace-modal.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { textIn } from './form-values.ts';
import { refusalAnswer } from './refusal.ts';
import { actOnRelease, checklistOf, lacks, type Outcome, phaseOf } from './release-acts.ts';
import { redraw } from './show.ts';

/** The form for workspace and depot (B4). */
export function registerWorkspaceSubmit(app: App, deps: EdgeDeps): void {
  app.view(
    { callback_id: workspaceIds.callback, type: 'view_submission' },
    async ({ ack, view, body, client }) => {
      const done = await save(deps, view, body.user.id);
      if ('problem' in done) {
        const { approval, workspace } = workspaceIds;
        const { block } = done.problem.code === 'workspace-reserved' ? approval : workspace;
        return ack(refusalAnswer({ block, problem: done.problem }));
      }
      await ack();
      if (view.root_view_id === null || view.root_view_id === view.id) return;
      const group = done.done.plan.groups.find((one) => one.workspace)?.id ?? null;
      await redraw(client, deps.log, { id: view.root_view_id }, checklistOf(deps, done.done, group));
    },
  );
}

async function save(deps: EdgeDeps, view: ViewOutput, user: string): Promise<Outcome<Release>> {
  const refused = await lacks(deps, 'tester', user);
  if (refused) return { problem: refused };
  const workspace = await textIn(deps, view, workspaceIds.workspace);
  const depot = await textIn(deps, view, workspaceIds.depot);
  const approval = (await textIn(deps, view, workspaceIds.approval)) || null;
  return actOnRelease(deps, view.private_metadata, user, (state) => {
    const reserved = phaseOf(deps, state)?.workspaces.reserved ?? [];
    return recordWorkspace(state, { workspace, depot, approval }, reserved);
  });
}
