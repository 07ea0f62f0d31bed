import { isObject } from '../shared/json.ts';
import { ActError, type ActResult, modalTrouble, noteUnusableAnswer, personOf, repeated } from './act.ts';
import { touchableView } from './act-find.ts';
import { interactionBase } from './payloads.ts';
import type { SlackState } from './state.ts';
import { isFilled } from './view-state.ts';
import { isRefusal, type StoredView } from './views.ts';
import type { WorldPerson } from './workspace.ts';

/** A person presses Submit. `times: 2` is a double click that came through: each is delivered on its own. */
export async function submit(
  input: { user: string; viewId: string | null; times: number },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const view = touchableView(input.viewId, person, state);
  if (view.type !== 'modal' || view.source['submit'] === undefined)
    throw new ActError('the view has no submit button');
  if (view.busy) throw new ActError('the view is waiting for the app');
  const blocked = unfilled(view);
  view.errors = blocked;
  view.trouble = null;
  if (Object.keys(blocked).length > 0) {
    state.workspace.changed();
    return { ok: true, acknowledged: false, blocked };
  }
  view.busy = true;
  state.workspace.changed();
  try {
    return await repeated(input.times, () => deliverSubmission(view, person, state));
  } finally {
    view.busy = false;
    state.workspace.changed();
  }
}

/** What Slack's own client refuses to send: required inputs left empty, texts that are too short. */
function unfilled(view: StoredView): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const block of view.source.blocks) {
    if (block.type !== 'input' || !isObject(block['element'])) continue;
    const element = block['element'];
    const value = view.values[block.block_id]?.[String(element['action_id'])];
    const min = element['min_length'];
    const text = value?.['value'];
    if (!isFilled(value)) {
      if (block['optional'] !== true) faults[block.block_id] = 'Please complete this required field.';
    } else if (typeof min === 'number' && typeof text === 'string' && text.length < min)
      faults[block.block_id] = `Please use at least ${min} characters.`;
  }
  return faults;
}

async function deliverSubmission(
  view: StoredView,
  person: WorldPerson,
  state: SlackState,
): Promise<ActResult> {
  const payload = {
    ...interactionBase('view_submission', person, state),
    trigger_id: state.triggers.issue({ user: person.id, modalId: view.id }),
    view: state.views.json(view, true),
    response_urls: [],
  };
  const outcome = await state.deliveries.deliver({ kind: 'interaction', payload, answerable: true });
  const problem = outcome.acknowledged ? applyAnswer(outcome.payload, view, state) : [];
  if (problem === null) return { ok: true, acknowledged: true, response: outcome.payload };
  if (outcome.acknowledged) noteUnusableAnswer('view_submission', 'invalid_response', problem, state);
  // A second copy must not paint trouble over a view that the first one closed.
  if (state.views.find(view.id)) view.trouble = modalTrouble;
  return { ok: true, acknowledged: false, trouble: modalTrouble, response: outcome.payload };
}

/** Does what the app answered. Gives null, or what is wrong with the answer. */
function applyAnswer(answer: unknown, view: StoredView, state: SlackState): string[] | null {
  if (answer === undefined || answer === '' || (isObject(answer) && Object.keys(answer).length === 0)) {
    closeAfterSubmit(view, state);
    return null;
  }
  if (!isObject(answer)) return ['[ERROR] must provide an object'];
  // The other click of a double click may have closed the view: nothing is left to change.
  if (!state.views.find(view.id)) return null;
  switch (answer['response_action']) {
    case 'errors':
      return showErrors(answer['errors'], view, state);
    case 'clear':
      state.views.closeAll(view.user);
      return null;
    case 'update':
      return viewProblem(state.views.update(view, answer['view'], undefined));
    case 'push':
      return viewProblem(state.views.push(view.user, answer['view']));
    default:
      return ['[ERROR] must be a valid enum value [json-pointer:/response_action]'];
  }
}

function closeAfterSubmit(view: StoredView, state: SlackState): void {
  if (view.source['clear_on_close'] === true) state.views.closeAll(view.user);
  else state.views.close(view);
}

function viewProblem(outcome: ReturnType<SlackState['views']['push']>): string[] | null {
  return isRefusal(outcome) ? [outcome.error, ...outcome.messages] : null;
}

/** Errors are keyed by the block_id of an input block: anything else Slack cannot show. */
function showErrors(errors: unknown, view: StoredView, state: SlackState): string[] | null {
  if (!isObject(errors) || Object.keys(errors).length === 0)
    return ['[ERROR] missing required field: errors'];
  const inputs = view.source.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const faults = Object.entries(errors).flatMap(([blockId, text]) => {
    if (!inputs.includes(blockId)) return [`[ERROR] no input block with the block_id ${blockId}`];
    return typeof text === 'string' && text !== ''
      ? []
      : [`[ERROR] must provide a string [json-pointer:/errors/${blockId}]`];
  });
  if (faults.length > 0) return faults;
  view.errors = errors as Record<string, string>;
  state.workspace.changed();
  return null;
}

/** A person closes the top view (Cancel or ×), or with `all` the whole stack. */
export async function close(
  input: { user: string; viewId: string | null; all: boolean },
  state: SlackState,
): Promise<ActResult> {
  const person = personOf(input.user, state);
  const view = touchableView(input.viewId, person, state);
  if (view.type !== 'modal') throw new ActError('a Home cannot be closed');
  const cleared = input.all || view.source['clear_on_close'] === true;
  const closed = cleared ? state.views.closeAll(person.id) : state.views.close(view);
  const outcomes = await Promise.all(
    closed
      .filter((each) => each.source['notify_on_close'] === true)
      .map((each) => {
        const payload = {
          ...interactionBase('view_closed', person, state),
          view: state.views.json(each, true),
          is_cleared: cleared,
        };
        return state.deliveries.deliver({ kind: 'interaction', payload, answerable: false });
      }),
  );
  return { ok: true, acknowledged: outcomes.every((outcome) => outcome.acknowledged) };
}
