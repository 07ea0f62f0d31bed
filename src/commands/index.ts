import type { App } from '@slack/bolt';
import type { EdgeDeps } from './edge-deps.ts';
import { registerHome } from './home.ts';
import { registerInvocationButtons } from './invocation-buttons.ts';
import { registerReleaseCommand } from './release-command.ts';
import { registerStartSubmit } from './start-submit.ts';

/** Everything that people can do in Slack. A new command or button is its file and one line here. */
export function registerCommands(app: App, deps: EdgeDeps): void {
  registerReleaseCommand(app, deps);
  registerStartSubmit(app, deps);
  registerInvocationButtons(app, deps);
  registerHome(app, deps);
}
