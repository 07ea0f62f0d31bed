import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import { type Decided, retry, stop } from '../core/invocation/decisions.ts';
import { changeOf } from '../core/invocation/orders.ts';
import type { Invocation } from '../core/invocation/state.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import { ClaimRefused } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { problemAnswer } from '../views/answers.ts';
import { invocationButtons } from '../views/invocation-message.ts';
import { checkedAnswer } from './checked.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';

/** "Retry failed", "Check again" and "Stop": authorised again, decided on the state as it is then, told in private when refused. */
export function registerInvocationButtons(app: App, deps: EdgeDeps): void {
  const buttons = [
    { actionId: invocationButtons.retry, decide: retry },
    { actionId: invocationButtons.stop, decide: stop },
  ];
  for (const { actionId, decide } of buttons) {
    app.action<BlockAction<ButtonAction>>(
      { action_id: actionId, type: 'block_actions' },
      async ({ ack, action, body, respond }) => {
        await ack();
        const refused = await press(deps, action.value ?? '', body.user.id, decide);
        if (refused) await respond(checkedAnswer(problemAnswer(refused)));
      },
    );
  }
}

async function press(
  deps: EdgeDeps,
  id: string,
  user: string,
  decide: (state: Invocation) => Decided,
): Promise<Problem | null> {
  const lacking = await authorise(deps, 'release-engineer', user);
  if (lacking) return lacking;
  try {
    return await recordPress(deps, id, user, decide);
  } catch (error) {
    if (error instanceof ClaimRefused) {
      const [first] = error.held;
      return problem('already-running', {
        projects: first?.project ?? '',
        holder: first?.stream.split('/')[1] ?? '',
      });
    }
    deps.log.error({ err: error, invocation: id, user }, 'A button could not be carried out');
    return problem('button-unavailable');
  }
}

async function recordPress(
  deps: EdgeDeps,
  id: string,
  user: string,
  decide: (state: Invocation) => Decided,
): Promise<Problem | null> {
  let refused: Problem | null = null;
  await deps.store.change(invocationStream, id, ({ state }) => {
    const decided: Decided = state ? decide(state) : { problem: problem('invocation-unknown', { id }) };
    refused = 'problem' in decided ? decided.problem : null;
    if ('problem' in decided) return null;
    return changeOf(id, state, decided.events, { actor: user, at: deps.now(), mustHold: true });
  });
  return refused;
}
