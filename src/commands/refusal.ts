import type { BlockAction, RespondFn, ViewResponseAction } from '@slack/bolt';
import type { Logger } from '../core/ports.ts';
import { type Problem, sentenceOf } from '../core/problem.ts';
import { problemAnswer } from '../views/answers.ts';
import { problemModal } from '../views/problem-modal.ts';
import { problemPlain } from '../views/text.ts';
import { checkedAnswer, checkedModal } from './checked.ts';
import type { Views } from './show.ts';

/** Where a problem is shown in a form: beside the input that it is about. */
export interface Refusal {
  block: string;
  problem: Problem;
}

/** How long a text may be that stands beside an input. */
const besideUnits = 150;

/**
 * Beside its input, where only short plain text fits; on a view of its own above the form when somebody is
 * named in it (F5) or it is longer, so that nothing of it is lost.
 */
export function refusalAnswer({ block, problem: told }: Refusal): ViewResponseAction {
  if (told.people || sentenceOf(told).length > besideUnits)
    return { response_action: 'push', view: checkedModal(problemModal(told)) };
  return { response_action: 'errors', errors: { [block]: problemPlain(told, besideUnits) } };
}

export interface Pressed {
  body: BlockAction;
  /** Undefined in a view, whatever its type says: there is nothing to respond to. */
  respond: RespondFn;
  client: Views;
}

/** Tells one person why a button did nothing: in private below the message, or above the view they are in. */
export async function tellRefusal(log: Logger, { body, respond, client }: Pressed, told: Problem) {
  if (!body.view) return void (await respond(checkedAnswer(problemAnswer(told))));
  const view = checkedModal(problemModal(told));
  try {
    await client.views.push({ trigger_id: body.trigger_id, view });
  } catch (error) {
    log.warn({ err: error, user: body.user.id, problem: told.code }, 'A refusal could not be shown');
  }
}
