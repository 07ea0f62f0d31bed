import type { App } from '@slack/bolt';
import { invocationStream } from '../core/invocation/stream.ts';
import type { MessageBody } from '../core/ports.ts';
import { problem } from '../core/problem.ts';
import { helpAnswer, invocationAnswer, problemAnswer, statusAnswer } from '../views/answers.ts';
import { startModal } from '../views/start-modal.ts';
import { checkedAnswer, checkedModal } from './checked.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';
import { type Command, isProblem, parseCommand } from './parse-command.ts';

const shownInvocations = 8;

/** `/release …`: opens the modal, or answers the person alone. Nothing starts here. */
export function registerReleaseCommand(app: App, deps: EdgeDeps): void {
  app.command('/release', async ({ command, ack, client }) => {
    const understood = parseCommand(command.text, deps.catalogue);
    if (isProblem(understood)) return ack(checkedAnswer(problemAnswer(understood)));
    if (understood.kind !== 'start') return ack(checkedAnswer(await answerTo(understood, deps)));
    const refused = await authorise(deps, 'release-engineer', command.user_id);
    if (refused) return ack(checkedAnswer(problemAnswer(refused)));
    const { action, project } = understood;
    const view = checkedModal(startModal(deps.catalogue, { action, project, channel: command.channel_id }));
    // The acknowledgement and the modal travel side by side: the trigger lives three seconds.
    const opened = client.views.open({ trigger_id: command.trigger_id, view });
    const [, result] = await Promise.allSettled([ack(), opened]);
    if (result.status === 'rejected')
      deps.log.warn({ err: result.reason, user: command.user_id }, 'The modal could not be opened');
  });
}

async function answerTo(command: Exclude<Command, { kind: 'start' }>, deps: EdgeDeps): Promise<MessageBody> {
  if (command.kind === 'help') return helpAnswer(deps.catalogue);
  try {
    return command.id === null ? await latest(deps) : await one(deps, command.id);
  } catch (error) {
    deps.log.error({ err: error }, 'The status could not be read');
    return problemAnswer(problem('status-unavailable'));
  }
}

async function latest({ store }: EdgeDeps): Promise<MessageBody> {
  const ids = await store.latest(invocationStream.name, shownInvocations);
  const snapshots = await Promise.all(ids.map((id) => store.read(invocationStream, id)));
  return statusAnswer(snapshots.flatMap(({ state }) => (state ? [state] : [])));
}

async function one({ store, catalogue }: EdgeDeps, id: string): Promise<MessageBody> {
  const { state } = await store.read(invocationStream, id);
  return state
    ? invocationAnswer(state, catalogue.limits)
    : problemAnswer(problem('invocation-unknown', { id }));
}
