import type { Block } from '../core/ports.ts';
import type { GateStatus } from '../core/release/gate-status.ts';
import type { GroupPlan } from '../core/release/plan.ts';
import { gateState, type Release } from '../core/release/state.ts';
import { SLACK_LIMITS } from '../core/slack-payload/limits.ts';
import { truncate } from '../core/slack-payload/stored-length.ts';
import { gateSign, isAnswered, itemsOf, progressOf, strong } from './item-words.ts';
import { who } from './release-words.ts';
import { context, moment, plain, plainText, problemText, section } from './text.ts';

/** Names of the list and its buttons. */
export const checklistIds = {
  callback: 'release_checklist',
  /** Opens one item. Value: `<release>/<gate>`. */
  answer: 'checklist_answer',
  /** Value: release id. */
  workspace: 'checklist_workspace',
  /** Chooses the section that is shown. Value: group id. */
  section: 'checklist_section',
} as const;

export interface Shown {
  /** Id of the section to show when not all fit; null: the first with something open. */
  group: string | null;
  /** Where the release's message stands. */
  channel: string;
}

interface Section {
  group: GroupPlan;
  items: GateStatus[];
}

/**
 * What people answer, by section in the order of the document, each item with a button for its form (B4). A list
 * that is too long for one view shows one section at a time.
 */
export function checklistModal(release: Release, statuses: readonly GateStatus[], shown: Shown) {
  const items = itemsOf(statuses);
  const sections = release.plan.groups
    .map((group) => ({ group, items: items.filter((item) => item.group.id === group.id) }))
    .filter((each) => each.items.length > 0);
  const head = [...headOf(release, items, shown.channel), ...workspaceLine(release)];
  const all = sections.flatMap((each) => sectionBlocks(release, each));
  const fits = head.length + all.length <= SLACK_LIMITS.viewBlocks;
  return {
    type: 'modal' as const,
    callback_id: checklistIds.callback,
    private_metadata: release.id,
    title: plainText('Checklist'),
    close: plainText('Close'),
    blocks: [...head, ...(fits ? all : onePage(release, sections, shown.group))],
  };
}

function headOf(release: Release, items: GateStatus[], channel: string): Block[] {
  const { name, plan, pass, candidate, candidateProblem, newer, environment } = release;
  const lines = [
    `${strong(`Release ${name}`, 150)} · ${plain(plan.phase, 150)}${pass > 1 ? ` · pass ${pass}` : ''}`,
    items.length > 0 ? `*${progressOf(items)}*` : 'There is nothing for people to answer.',
  ];
  const notes = [
    ...(candidate || candidateProblem
      ? []
      : [':hourglass_flowing_sand: It is being found out what should be running; answers are taken then.']),
    ...(candidateProblem && !candidate ? [`:warning: ${problemText(candidateProblem)}`] : []),
    ...(newer.length > 0
      ? [`:warning: ${plain(environment, 100)} has changed since: start the next pass before you go on.`]
      : []),
  ];
  return [
    section(lines.join('\n')),
    ...notes.map(section),
    context(`The release’s message is in <#${channel}>. Answers are recorded with who and when.`),
  ];
}

function workspaceLine({ id, plan, workspace }: Release): Block[] {
  if (!plan.groups.some((group) => group.workspace)) return [];
  const text = workspace
    ? `:round_pushpin: Workspace ${strong(workspace.workspace, 200)}, depot ${strong(workspace.depot, 200)}\n${who(workspace.by)} · ${moment(workspace.at)}`
    : ':warning: *Workspace and depot are not recorded yet*: the smoke checks need them.';
  const accessory = {
    type: 'button',
    action_id: checklistIds.workspace,
    text: plainText(workspace ? 'Change workspace' : 'Set workspace and depot'),
    value: id,
    ...(workspace ? {} : { style: 'primary' }),
  };
  return [{ ...section(text), accessory }];
}

function sectionBlocks(release: Release, { group, items }: Section): Block[] {
  return [
    section(`${strong(group.name, 300)} · ${progressOf(items)}`),
    ...items.map((item) => itemBlock(release, item)),
  ];
}

function itemBlock(release: Release, item: GateStatus): Block {
  const { gate, answers } = item;
  const lines = [`${gateSign(item)} · ${plain(gate.title, 400)}`, ...itemDetails(release, item)];
  const does = answers.length > 0 ? 'Change' : 'Answer';
  return {
    ...section(lines.join('\n')),
    accessory: {
      type: 'button',
      action_id: checklistIds.answer,
      text: plainText(does),
      value: `${release.id}/${gate.id}`,
      // All buttons say the same; a screen reader tells which is which.
      accessibility_label: truncate(`${does}: ${gate.title}`, 75, 'plain_text'),
    },
  };
}

function itemDetails(release: Release, { gate, word, answers, assignee, reason }: GateStatus): string[] {
  const { kept } = gateState(release, gate.id);
  const last = answers.at(-1);
  const people = [...new Set(answers.map(({ by }) => by))].map(who).join(', ');
  const answered = last && `${people} · ${moment(last.at)}${kept ? ` · kept from pass ${last.pass}` : ''}`;
  const why = plain(reason, 250);
  return [
    ...(answered ? [answered] : []),
    ...(why && word !== 'waived' ? [why] : []),
    ...(assignee && !isAnswered({ word }) ? [`Assigned to ${who(assignee)}`] : []),
  ];
}

/** One section and a list to choose another; the block's id follows the section, so that Slack shows it chosen. */
function onePage(release: Release, sections: Section[], wanted: string | null): Block[] {
  const open = sections.find(({ items }) => items.some((item) => !isAnswered(item)));
  const shown = sections.find(({ group }) => group.id === wanted) ?? open ?? sections[0];
  if (!shown) return [];
  const options = sections.map(({ group }) => ({
    text: plainText(truncate(group.name, 75, 'plain_text')),
    value: group.id,
  }));
  const initial = options.find(({ value }) => value === shown.group.id);
  const choice: Block = {
    type: 'actions',
    block_id: `section_${shown.group.id}`,
    elements: [
      {
        type: 'static_select',
        action_id: checklistIds.section,
        options,
        ...(initial && { initial_option: initial }),
      },
    ],
  };
  return [choice, ...sectionBlocks(release, shown)];
}
