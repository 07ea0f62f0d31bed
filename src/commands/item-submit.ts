import type { App, ViewOutput, ViewResponseAction } from '@slack/bolt';
import { type Problem, problem } from '../core/problem.ts';
import type { Acted, AnswerInput } from '../core/release/acts.ts';
import { type AnswerOutcome, answerOutcomes } from '../core/release/events.ts';
import type { Answer, Release } from '../core/release/state.ts';
import { itemIds, itemModal, readItemMetadata } from '../views/item-modal.ts';
import { signOf } from '../views/release-words.ts';
import { checkedModal } from './checked.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { chosenIn, linkIn, textIn } from './form-values.ts';
import { answerItem } from './item-answer.ts';
import { type Refusal, refusalAnswer } from './refusal.ts';
import { actOnRelease, checklistOf, lacks, readRelease, statusOf } from './release-acts.ts';
import { redraw } from './show.ts';

/** Beside which input a problem is shown; the others concern the answer as a whole. */
const blocks: Readonly<Record<string, string>> = {
  'note-missing': itemIds.note.block,
  'link-wrong': itemIds.link.block,
  'link-long': itemIds.link.block,
  'link-secret': itemIds.link.block,
};

type Saved = { release: Release } | { refusal: Refusal } | { unseen: Answer[]; input: AnswerInput };

/**
 * The form of one item: recorded before it is acknowledged, so what is told as saved is saved. The list below is
 * drawn anew afterwards.
 */
export function registerItemSubmit(app: App, deps: EdgeDeps): void {
  app.view(
    { callback_id: itemIds.callback, type: 'view_submission' },
    async ({ ack, view, body, client }) => {
      const { release: id, gate } = readItemMetadata(view.private_metadata);
      const saved = await save(deps, view, body.user.id);
      if ('refusal' in saved) return ack(refusalAnswer(saved.refusal));
      if ('unseen' in saved) return ack(await shownAgain(deps, id, body.user.id, saved));
      await ack();
      if (view.root_view_id === null || view.root_view_id === view.id) return;
      const group = statusOf(deps, saved.release, gate)?.group.id ?? null;
      await redraw(client, deps.log, { id: view.root_view_id }, checklistOf(deps, saved.release, group));
    },
  );
}

function refuse(told: Problem): { refusal: Refusal } {
  return { refusal: { block: blocks[told.code] ?? itemIds.outcome.block, problem: told } };
}

async function save(deps: EdgeDeps, view: ViewOutput, user: string): Promise<Saved> {
  const { release: id, gate, pass, saw } = readItemMetadata(view.private_metadata);
  const refused = await lacks(deps, 'tester', user);
  if (refused) return refuse(refused);
  const outcome = chosenIn(view, itemIds.outcome, answerOutcomes);
  if (!outcome) return refuse(problem('outcome-missing'));
  const linked = await linkIn(deps, view, itemIds.link);
  if ('problem' in linked) return refuse(linked.problem);
  const note = await textIn(deps, view, itemIds.note);
  const input = { gate, outcome, note, link: linked.link, pass, saw };
  const unseen: { last: Answer[] } = { last: [] };
  const done = await actOnRelease(deps, id, user, (state, now): Acted => {
    const answered = answerItem(state, input, user, now);
    unseen.last = 'unseen' in answered ? answered.unseen : [];
    return 'unseen' in answered ? { events: [] } : answered;
  });
  if ('problem' in done) return refuse(done.problem);
  return unseen.last.length > 0 ? { unseen: unseen.last, input } : { release: done.done };
}

/** The form with the answers that came meanwhile, and what this person entered kept: a second Save replaces them. */
async function shownAgain(
  deps: EdgeDeps,
  id: string,
  user: string,
  { unseen, input }: { unseen: Answer[]; input: AnswerInput },
): Promise<ViewResponseAction> {
  const found = await readRelease(deps, id);
  if ('problem' in found) return refusalAnswer(refuse(found.problem).refusal);
  const item = statusOf(deps, found.done, input.gate);
  const last = unseen.at(-1);
  if (!item || !last) return refusalAnswer(refuse(problem('gate-unknown', { gate: input.gate })).refusal);
  const meanwhile = problem('answered-meanwhile', {
    by: last.by,
    outcome: wordOf(last.outcome, item.group),
  });
  const { outcome, note, link } = input;
  const form = { user, entered: { outcome, note, link }, problem: meanwhile };
  return { response_action: 'update', view: checkedModal(itemModal(found.done, item, form)) };
}

function wordOf(outcome: AnswerOutcome, group: Parameters<typeof signOf>[1]): string {
  return signOf(outcome, group).word;
}
