import type { App } from '@slack/bolt';
import { registerBlockerSubmits } from './blocker-submit.ts';
import { registerBlockers } from './blockers.ts';
import { registerChecklist } from './checklist.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { registerHome } from './home.ts';
import { registerInvocationButtons } from './invocation-buttons.ts';
import { registerItemSubmit } from './item-submit.ts';
import { registerPromotionButtons } from './promotion-buttons.ts';
import { registerReleaseButtons } from './release-buttons.ts';
import { registerReleaseCommand } from './release-command.ts';
import { registerRolloutWaiver } from './rollout-waiver.ts';
import { registerStartSubmit } from './start-submit.ts';
import { registerValidateSubmit } from './validate-submit.ts';
import { registerWorkspaceSubmit } from './workspace-submit.ts';

/** Everything that people can do in Slack. A new command or button is its file and one line here. */
export function registerCommands(app: App, deps: EdgeDeps): void {
  registerReleaseCommand(app, deps);
  registerStartSubmit(app, deps);
  registerInvocationButtons(app, deps);
  registerValidateSubmit(app, deps);
  registerChecklist(app, deps);
  registerItemSubmit(app, deps);
  registerWorkspaceSubmit(app, deps);
  registerBlockers(app, deps);
  registerBlockerSubmits(app, deps);
  registerReleaseButtons(app, deps);
  registerPromotionButtons(app, deps);
  registerRolloutWaiver(app, deps);
  registerHome(app, deps);
}
