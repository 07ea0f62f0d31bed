import type { App, ViewOutput } from '@slack/bolt';
import { type Action, actionFacts, actions } from '../core/action.ts';
import { targetsOf } from '../core/catalogue/find.ts';
import { shortId } from '../core/ids.ts';
import { type Decided, type Inputs, submit } from '../core/invocation/decisions.ts';
import { changeOf } from '../core/invocation/orders.ts';
import { invocationStream } from '../core/invocation/stream.ts';
import { ClaimRefused } from '../core/ports.ts';
import { type Problem, problem } from '../core/problem.ts';
import { projectSuggestions, startedElsewhere, startModalIds } from '../views/start-modal.ts';
import { checkedModal, checkedOptions } from './checked.ts';
import { authorise, type EdgeDeps } from './edge-deps.ts';
import { type Refusal, refusalAnswer } from './refusal.ts';

interface Chosen {
  action: Action;
  project: string;
  confirm: boolean;
}

/**
 * The modal's submit. It is recorded before it is acknowledged, under an id that follows from the view: a
 * double click and a redelivery name the same invocation, and a crash in between is mended by pressing again.
 */
export function registerStartSubmit(app: App, deps: EdgeDeps): void {
  app.view({ callback_id: startModalIds.callback, type: 'view_submission' }, async ({ ack, view, body }) => {
    const chosen = chosenIn(view, deps);
    const refusal = 'problem' in chosen ? chosen : await start(deps, chosen, body.user.id, view);
    if (refusal) return ack(refusalAnswer(refusal));
    const { releases } = deps.catalogue.channels;
    if ('problem' in chosen || view.private_metadata === releases) return ack();
    const title = `${actionFacts[chosen.action].noun} of ${chosen.project}`;
    return ack({ response_action: 'update', view: checkedModal(startedElsewhere(releases, title)) });
  });
  app.options<'block_suggestion'>(
    { type: 'block_suggestion', action_id: startModalIds.project.element },
    async ({ ack, options }) => {
      await ack(checkedOptions(projectSuggestions(deps.catalogue, options.value)));
    },
  );
}

/** What the modal says, each value checked as if it came from anywhere. */
function chosenIn(view: ViewOutput, deps: EdgeDeps): Chosen | Refusal {
  const ids = startModalIds;
  const value = ({ block, element }: { block: string; element: string }) =>
    view.state.values[block]?.[element];
  const action = actions.find((one) => one === value(ids.action)?.selected_option?.value);
  if (!action) return { block: ids.action.block, problem: problem('action-missing') };
  const project = value(ids.project)?.selected_option?.value;
  if (!project) return { block: ids.project.block, problem: problem('project-missing') };
  if (!targetsOf(deps.catalogue, project))
    return { block: ids.project.block, problem: problem('project-unknown', { project, nearest: null }) };
  const confirm = value(ids.confirm)?.selected_options?.some((option) => option.value === 'yes') ?? false;
  return { action, project, confirm };
}

async function start(
  deps: EdgeDeps,
  chosen: Chosen,
  user: string,
  view: ViewOutput,
): Promise<Refusal | null> {
  const block = startModalIds.confirm.block;
  const refused = await authorise(deps, 'release-engineer', user);
  if (refused) return { block, problem: refused };
  const id = shortId(deps.digest, `slack/${view.team_id}/${view.id}`);
  const inputs: Inputs = { ...chosen, origin: { kind: 'slack', user, channel: view.private_metadata } };
  const targets = (targetsOf(deps.catalogue, chosen.project) ?? []).map((target) => target.id);
  try {
    const decided = await recordSubmit(deps, id, inputs, targets, user);
    return 'problem' in decided ? { block, problem: decided.problem } : null;
  } catch (error) {
    return { block: startModalIds.project.block, problem: notRecorded(deps, error, id) };
  }
}

async function recordSubmit(
  deps: EdgeDeps,
  id: string,
  inputs: Inputs,
  targets: string[],
  user: string,
): Promise<Decided> {
  let decided: Decided = { events: [] };
  await deps.store.change(invocationStream, id, ({ state }) => {
    const now = deps.now();
    decided = submit(state, inputs, targets, now);
    if ('problem' in decided || decided.events.length === 0) return null;
    return changeOf(id, state, decided.events, { actor: user, at: now, mustHold: true });
  });
  return decided;
}

function notRecorded(deps: EdgeDeps, error: unknown, id: string): Problem {
  if (error instanceof ClaimRefused) {
    const [first] = error.held;
    const others = error.held.length - 1;
    const projects = `${first?.project ?? ''}${others > 0 ? ` and ${others} more` : ''}`;
    return problem('already-running', { projects, holder: first?.stream.split('/')[1] ?? '' });
  }
  deps.log.error({ err: error, invocation: id }, 'A submit could not be recorded');
  return problem('record-unavailable');
}
