import type { App } from '@slack/bolt';
import type { MessageBody } from '../core/ports.ts';
import { helpAnswer, problemAnswer } from '../views/answers.ts';
import { startModal } from '../views/start-modal.ts';
import { checkedAnswer, checkedModal } from './checked.ts';
import { decideAnswer } from './decide-command.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';
import { type Command, isProblem, parseCommand } from './parse-command.ts';
import { deploymentAnswer } from './promotion-command.ts';
import type { Outcome } from './release-acts.ts';
import { statusOf } from './status-command.ts';
import { validateView } from './validate-command.ts';

type Opening = Extract<Command, { kind: 'start' | 'validate' }>;
type Deployment = Extract<Command, { kind: 'deployment' }>;
type Asking = Exclude<Command, Opening | Deployment>;

/** `/release …`: opens a modal, or answers the person alone. Nothing starts here. */
export function registerReleaseCommand(app: App, deps: EdgeDeps): void {
  app.command('/release', async ({ command, ack, client, respond }) => {
    const understood = parseCommand(command.text, deps.catalogue);
    if (isProblem(understood)) return ack(checkedAnswer(problemAnswer(understood)));
    if (understood.kind === 'deployment') {
      // Slack is asked for the address of the thread, which may take longer than an acknowledgement may.
      await ack();
      return void (await respond(checkedAnswer(await deploymentAnswer(deps, understood, command.user_id))));
    }
    if (!isOpening(understood)) return ack(checkedAnswer(await answerTo(deps, understood)));
    const { user_id: user, channel_id: channel, trigger_id } = command;
    const shown = await viewFor(deps, understood, user, channel);
    if ('problem' in shown) return ack(checkedAnswer(problemAnswer(shown.problem)));
    const view = checkedModal(shown.done);
    // The acknowledgement and the modal travel side by side: the trigger lives three seconds.
    const opened = client.views.open({ trigger_id, view });
    const [, result] = await Promise.allSettled([ack(), opened]);
    if (result.status === 'rejected')
      deps.log.warn({ err: result.reason, user }, 'The modal could not be opened');
  });
}

function isOpening(command: Command): command is Opening {
  return command.kind === 'start' || command.kind === 'validate';
}

async function viewFor(
  deps: EdgeDeps,
  command: Opening,
  user: string,
  channel: string,
): Promise<Outcome<object>> {
  if (command.kind === 'validate') return validateView(deps, { release: command.release, user, channel });
  const refused = await authorise(deps, 'release-engineer', user);
  if (refused) return { problem: refused };
  const { action, project } = command;
  return { done: startModal(deps.catalogue, { action, project, channel }) };
}

async function answerTo(deps: EdgeDeps, command: Asking): Promise<MessageBody> {
  if (command.kind === 'help') return helpAnswer(deps.catalogue);
  return command.kind === 'status' ? statusOf(deps, command.id) : decideAnswer(deps, command.release);
}
