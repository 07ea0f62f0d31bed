import type { JsonObject } from '../../shared/json.ts';
import { tiers } from '../rate.ts';
import type { SlackState } from '../state.ts';
import type { Trigger } from '../triggers.ts';
import type { Refusal } from '../validate.ts';
import { isRefusal, type StoredView } from '../views.ts';
import { ApiError, type Args, type MethodTable, needs } from './method.ts';

function viewOf(args: Args): unknown {
  args.required('view');
  return args.json('view', 'invalid_arguments');
}

/** The trigger of a call, not used up yet: only a view that Slack takes does that. */
function triggerOf(args: Args, state: SlackState): Trigger & { id: string } {
  // Old dialogs called it exchange_trigger; views.* know trigger_id alone.
  const id = args.required('trigger_id');
  const trigger = state.triggers.look(id);
  if (typeof trigger === 'string') throw new ApiError(trigger);
  return { ...trigger, id };
}

function answer(outcome: StoredView | Refusal, state: SlackState): JsonObject {
  if (isRefusal(outcome)) throw new ApiError(outcome.error, outcome.messages);
  return { view: state.views.json(outcome, false) };
}

/** views.open from inside a modal stacks like views.push; from anywhere else it starts a new stack. */
function open(args: Args, state: SlackState): JsonObject {
  const view = viewOf(args);
  const trigger = triggerOf(args, state);
  const inModal = trigger.modalId !== null && state.views.stack(trigger.user).length > 0;
  const outcome = inModal ? state.views.push(trigger.user, view) : state.views.open(trigger.user, view);
  if (!isRefusal(outcome)) state.triggers.exchange(trigger.id);
  return answer(outcome, state);
}

function push(args: Args, state: SlackState): JsonObject {
  const view = viewOf(args);
  const trigger = triggerOf(args, state);
  if (trigger.modalId === null) throw new ApiError('invalid_trigger_id');
  if (state.views.stack(trigger.user).length === 0) throw new ApiError('not_found');
  const outcome = state.views.push(trigger.user, view);
  if (!isRefusal(outcome)) state.triggers.exchange(trigger.id);
  return answer(outcome, state);
}

function update(args: Args, state: SlackState): JsonObject {
  const view = viewOf(args);
  const viewId = args.text('view_id');
  const externalId = args.text('external_id');
  if (viewId !== undefined && externalId !== undefined)
    throw new ApiError('invalid_arguments', ['[ERROR] Cannot provide both `view_id` and `external_id`']);
  if (viewId === undefined && externalId === undefined)
    throw new ApiError('invalid_arguments', ['[ERROR] must provide `view_id` or `external_id`']);
  const found = viewId === undefined ? state.views.findExternal(externalId ?? '') : state.views.find(viewId);
  if (!found) throw new ApiError('not_found');
  return answer(state.views.update(found, view, args.text('hash')), state);
}

function publish(args: Args, state: SlackState): JsonObject {
  const user = args.required('user_id');
  if (!state.workspace.person(user)) throw new ApiError('invalid_arguments', ['[ERROR] invalid `user_id`']);
  return answer(state.views.publish(user, viewOf(args), args.text('hash')), state);
}

const plain = { token: 'bot', scopes: needs(), limit: tiers.tier4 } as const;

export const viewMethods: MethodTable = {
  'views.open': { ...plain, run: open },
  'views.push': { ...plain, run: push },
  'views.update': { ...plain, run: update },
  'views.publish': { ...plain, run: publish },
};
