import type { Block } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { type AnswerOutcome, answerOutcomes } from '../core/release/events.ts';
import type { GateStatus } from '../core/release/gate-status.ts';
import { type Answer, gateState, type Release } from '../core/release/state.ts';
import { linkInput, radioInput, textInput } from './form-inputs.ts';
import { gateSign, strong } from './item-words.ts';
import { capital, signOf, who } from './release-words.ts';
import { context, link, moment, plain, plainText, problemText, section } from './text.ts';

/** Names of the form and its inputs. */
export const itemIds = {
  callback: 'release_item',
  outcome: { block: 'outcome', element: 'outcome' },
  note: { block: 'note', element: 'note' },
  link: { block: 'link', element: 'link' },
  /** Value: `<release>/<gate>/me` or `…/none`. */
  assign: 'item_assign',
} as const;

/** What somebody has entered, to be kept when the form is drawn anew. */
export interface Entered {
  outcome: AnswerOutcome | null;
  note: string;
  link: string | null;
}

export interface ItemForm {
  /** Who looks at it: their own answer is filled in. */
  user: string;
  /** What was entered before; null for a form that is opened. */
  entered: Entered | null;
  /** What to say on top, when the form comes back. */
  problem: Problem | null;
}

const shownAnswers = 5;

/** The form of one item: the document's rule, the answers that stand, and this person's (B4, B5). */
export function itemModal(release: Release, item: GateStatus, form: ItemForm) {
  const { gate, group, answers } = item;
  return {
    type: 'modal' as const,
    callback_id: itemIds.callback,
    private_metadata: itemMetadata(release, gate.id, answers),
    title: plainText('Answer'),
    submit: plainText('Save'),
    close: plainText('Back'),
    blocks: [
      ...(form.problem ? [section(`:warning: ${problemText(form.problem)}`)] : []),
      section(`${strong(gate.title, 600)}\n${plain(group.name, 200)}`),
      ...(gate.rule === null ? [] : [section(`*Rule:* ${plain(gate.rule, 2_500)}`)]),
      ...placeOf(release, item),
      ...standingAnswers(release, item),
      assignment(release, item, form.user),
      ...inputs(item, form.entered ?? ownAnswer(answers, form.user)),
    ],
  };
}

/** Ids only: which item of which release and pass, and which answers (by seq) the form shows. */
function itemMetadata({ id, pass }: Release, gate: string, answers: readonly Answer[]): string {
  return `${id}/${gate}/${pass}/${answers.map(({ seq }) => seq).join(',')}`;
}

export interface ItemMetadata {
  release: string;
  gate: string;
  /** 0 when none is noted. */
  pass: number;
  saw: number[];
}

/** Reads back what {@link itemModal} noted. */
export function readItemMetadata(text: string): ItemMetadata {
  const [release = '', gate = '', pass = '', seqs = ''] = text.split('/');
  const saw = seqs
    .split(',')
    .map(Number)
    .filter((seq) => Number.isInteger(seq) && seq > 0);
  return { release, gate, pass: Number(pass) || 0, saw };
}

function placeOf({ workspace }: Release, { group, word, reason, answers }: GateStatus): Block[] {
  const place = workspace
    ? `Workspace ${strong(workspace.workspace, 200)}, depot ${strong(workspace.depot, 200)}`
    : ':warning: Workspace and depot are not recorded yet: go back and press *Set workspace and depot*.';
  // Why it is asked (again), or why it does not apply; an answer brings its own reason.
  const why = answers.length === 0 || word === 'inconclusive' ? plain(reason, 600) : '';
  return [...(group.workspace ? [context(place)] : []), ...(why ? [section(why)] : [])];
}

function standingAnswers(release: Release, { gate, group, answers }: GateStatus): Block[] {
  const { kept } = gateState(release, gate.id);
  const shown = answers.slice(-shownAnswers);
  const left = answers.length - shown.length;
  const lines = shown.map(({ outcome, by, at, note, link: url, pass }) =>
    [
      gateSign({ word: outcome, group }),
      `${who(by)} · ${moment(at)}${kept ? ` · kept from pass ${pass}` : ''}`,
      ...(note ? [plain(note, 1_200)] : []),
      ...(url === null ? [] : [link(url, 'evidence')]),
    ].join(' · '),
  );
  return [...lines.map(context), ...(left > 0 ? [context(`…and ${left} earlier`)] : [])];
}

function assignment({ id }: Release, item: GateStatus, user: string): Block {
  const { gate, assignee } = item;
  const isMine = assignee === user;
  const text = assignee === null ? 'assigned to nobody' : `assigned to ${who(assignee)}`;
  return {
    ...section(`${gateSign(item)} · ${text}`),
    accessory: {
      type: 'button',
      action_id: itemIds.assign,
      text: plainText(isMine ? 'Unassign' : 'Assign to me'),
      value: `${id}/${gate.id}/${isMine ? 'none' : 'me'}`,
    },
  };
}

/** A person's own answer, when nobody else's stands: to say the same again by accident does no harm. */
function ownAnswer(answers: readonly Answer[], user: string): Entered {
  const [only, ...others] = answers;
  return only?.by === user && others.length === 0 ? only : { outcome: null, note: '', link: null };
}

const wants: Record<AnswerOutcome, string> = {
  pass: 'It was seen as the rule asks for.',
  fail: 'Say below what was seen.',
  'not-applicable': 'Say below why.',
};

function inputs({ group }: GateStatus, entered: Entered): Block[] {
  const wordOf = (outcome: AnswerOutcome) => signOf(outcome, group).word;
  const options = answerOutcomes.map((value) => ({
    value,
    label: capital(wordOf(value)),
    description: wants[value],
  }));
  return [
    radioInput(itemIds.outcome, 'Outcome', options, entered.outcome),
    textInput(itemIds.note, {
      label: 'Note',
      hint: `Needed for ${wordOf('fail')} (what was seen) and ${wordOf('not-applicable')} (why).`,
      initial: entered.note,
      optional: true,
      multiline: true,
    }),
    linkInput(itemIds.link, 'Evidence (link)', entered.link),
  ];
}
