import { vi } from 'vitest';
import type { Message, Screen } from '../../../sandbox/slack/screen.ts';
import type { AnswerOutcome, Handling } from '../../../src/core/release/events.ts';
import { blockerIds } from '../../../src/views/blocker-modal.ts';
import { blockersIds } from '../../../src/views/blockers-modal.ts';
import { checklistIds } from '../../../src/views/checklist-modal.ts';
import { itemIds } from '../../../src/views/item-modal.ts';
import { releaseButtons } from '../../../src/views/release-ids.ts';
import { waiverIds } from '../../../src/views/waiver-modal.ts';
import { workspaceIds } from '../../../src/views/workspace-modal.ts';
import { releases, rita } from '../../support/catalogue.ts';
import type { ReleaseTown } from '../../support/release-town.ts';
import { patienceMs, releaseArchiveOf } from './release-archive.ts';
import { wordsOf } from './scene.ts';

vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 });

interface Place {
  workspace: string;
  depot: string;
  /** Only for a reserved workspace. */
  approval?: string;
}

/** What a person answers. */
export interface Given {
  outcome: AnswerOutcome;
  note?: string;
  link?: string;
}

/** What a person does with one blocker. */
export interface Handled {
  gate: string;
  blocker: string;
  as: Handling;
  reason: string;
  link?: string;
}

/** The messages of one release in the channel; the code in their last line names it. */
function threadsOf({ channels }: Screen, id: string): Message[] {
  const channel = channels.find((one) => one.id === releases);
  return (channel?.messages ?? []).filter(
    ({ ephemeral, blocks }) => !ephemeral && JSON.stringify(blocks).includes(`· \`${id}\`"`),
  );
}

export type ReleaseScene = ReturnType<typeof releaseSceneOf>;

/** What is needed of a town, whether its bot runs here or in processes of its own. */
type Stage = Pick<ReleaseTown, 'people' | 'log'> & { settings: Pick<ReleaseTown['settings'], 'databaseUrl'> };

/** What people do with a release in one step, what they see of it, and what was recorded. Give it back with `close`. */
export function releaseSceneOf(town: Stage) {
  const { people } = town;
  const archive = releaseArchiveOf(town);

  /** Opens the release through the command and its form. */
  const open = async (name: string, user = rita) => {
    await people.command({ user, channel: releases, command: '/release', text: 'validate' });
    await people.type({ user, blockId: 'name', actionId: 'name', value: name });
    return people.submit({ user });
  };
  /** The newest message of the release in the channel. */
  const parent = (id: string, isSo: (message: Message) => boolean = () => true) =>
    people.until(rita, (screen) => threadsOf(screen, id).findLast(isSo), { timeoutMs: patienceMs });
  /** Presses a button of the release's message. */
  const press = async (id: string, actionId: string, { user = rita, times = 1, value = '' } = {}) => {
    const message = await parent(id, ({ blocks }) => JSON.stringify(blocks).includes(`"${actionId}`));
    const which = value ? { value } : {};
    return people.press({ user, channel: releases, ts: message.ts, actionId, times, ...which });
  };
  /** Waits until the view on top is this one: Slack shows it a moment after the press. */
  const onTop = (user: string, callback: string, holds = '') =>
    people.until(
      user,
      ({ views }) => {
        const top = views.at(-1);
        const isIt = top?.callbackId === callback && JSON.stringify(top).includes(holds);
        return isIt ? top : undefined;
      },
      { timeoutMs: patienceMs },
    );
  const openChecklist = async (id: string, user = rita) => {
    await people.command({ user, channel: releases, command: '/release', text: `validate ${id}` });
    return onTop(user, checklistIds.callback);
  };
  /** What the person is shown on top, with the errors beside its inputs; everything is closed then. */
  const shownAtLast = async (user: string): Promise<string> => {
    const top = (await people.screen(user)).views.at(-1);
    await people.close({ user, all: true });
    return [wordsOf(top), ...Object.values(top?.errors ?? {})].join('\n');
  };
  /** Gives what the person sees afterwards: the checklist, or why it was refused. */
  const setWorkspace = async (
    id: string,
    user = rita,
    fields: Place = { workspace: 'Smoke test', depot: 'North' },
  ): Promise<string> => {
    await openChecklist(id, user);
    await people.press({ user, actionId: checklistIds.workspace });
    await onTop(user, workspaceIds.callback);
    for (const [name, value] of Object.entries(fields)) {
      const place = workspaceIds[name as keyof typeof fields];
      await people.type({ user, blockId: place.block, actionId: place.element, value });
    }
    await people.submit({ user });
    return shownAtLast(user);
  };
  /** Fills in the form of one item from the checklist that is open, without saving it. */
  const fillItem = async (id: string, gate: string, outcome: AnswerOutcome, note = '', user = rita) => {
    await people.press({ user, actionId: checklistIds.answer, value: `${id}/${gate}` });
    await onTop(user, itemIds.callback, `${id}/${gate}/`);
    const { block, element } = itemIds.outcome;
    await people.choose({ user, blockId: block, actionId: element, values: [outcome] });
    if (note)
      await people.type({ user, blockId: itemIds.note.block, actionId: itemIds.note.element, value: note });
  };
  /** Answers one item in the checklist that is open. */
  const answer = async (...filled: Parameters<typeof fillItem>) => {
    await fillItem(...filled);
    return people.submit({ user: filled[4] ?? rita });
  };
  /** Answers all that is open with a pass, but those in `except`. */
  const answerAll = async (id: string, { except = [] as string[], user = rita } = {}) => {
    await openChecklist(id, user);
    for (const { gate } of (await archive.standing(id)).statuses.filter(
      (status) => status.gate.check === null && status.word === 'open' && !except.includes(status.gate.id),
    ))
      await answer(id, gate.id, 'pass', '', user);
    await people.close({ user, all: true });
  };
  /** Answers one item in a checklist of its own; gives what the person sees afterwards. */
  const answerOne = async (id: string, gate: string, given: Given, user = rita): Promise<string> => {
    const { outcome, note = '', link = '' } = given;
    await openChecklist(id, user);
    await fillItem(id, gate, outcome, note, user);
    if (link)
      await people.type({ user, blockId: itemIds.link.block, actionId: itemIds.link.element, value: link });
    await people.submit({ user });
    return shownAtLast(user);
  };
  /** Opens the form of one blocker from "What blocks". */
  const openBlocker = async (id: string, gate: string, blocker: string, user = rita) => {
    await press(id, releaseButtons.blockers, { user });
    await onTop(user, blockersIds.callback);
    await people.press({ user, actionId: blockersIds.handle, value: `${id}/${gate}/${blocker}` });
    return onTop(user, blockerIds.callback);
  };
  const handle = async (
    id: string,
    { gate, blocker, as, reason, link = '' }: Handled,
    user = rita,
  ): Promise<void> => {
    await openBlocker(id, gate, blocker, user);
    const { as: choice, reason: words, link: address } = blockerIds;
    await people.choose({ user, blockId: choice.block, actionId: choice.element, values: [as] });
    await people.type({ user, blockId: words.block, actionId: words.element, value: reason });
    if (link) await people.type({ user, blockId: address.block, actionId: address.element, value: link });
    await people.submit({ user });
    await people.close({ user, all: true });
  };
  /** Asks for a waiver of one blocker that ends with this day (UTC). */
  const askWaiver = async (
    id: string,
    { gate, blocker, reason, day }: { gate: string; blocker: string; reason: string; day: string },
    user = rita,
  ): Promise<void> => {
    await openBlocker(id, gate, blocker, user);
    await people.press({ user, actionId: blockerIds.waiver });
    await onTop(user, waiverIds.callback);
    const { reason: words, until: end } = waiverIds;
    await people.type({ user, blockId: words.block, actionId: words.element, value: reason });
    await people.choose({ user, blockId: end.block, actionId: end.element, values: [day] });
    await people.submit({ user });
    await people.close({ user, all: true });
  };
  /** The reply in the release's thread that holds this, once it stands there. */
  const reply = (id: string, holds: string) =>
    people.until(
      rita,
      (screen) =>
        threadsOf(screen, id)
          .flatMap(({ replies }) => replies)
          .findLast((one) => wordsOf(one).includes(holds)),
      { timeoutMs: patienceMs },
    );
  /** Presses a button of a reply, once the reply that holds this has one. */
  const pressReply = async (id: string, holds: string, actionId: string, user = rita) => {
    const { ts } = await reply(id, holds);
    return people.press({ user, channel: releases, ts, actionId });
  };
  /** What only this person was told that matches, once it is there. */
  const whispered = (user: string, holds: RegExp) =>
    people.until(
      user,
      (screen) =>
        screen.channels
          .flatMap(({ messages }) => messages)
          .filter(({ ephemeral }) => ephemeral)
          .map((message) => wordsOf(message))
          .findLast((words) => holds.test(words)),
      { timeoutMs: patienceMs },
    );
  /** What `/release decide` answers now. */
  const summary = async (id: string, user = rita): Promise<string> => {
    await people.command({ user, channel: releases, command: '/release', text: `decide ${id}` });
    const { channels } = await people.screen(user);
    const told = channels
      .find(({ id: one }) => one === releases)
      ?.messages.filter(({ ephemeral }) => ephemeral);
    return wordsOf(told?.at(-1));
  };
  const recheckFailed = (id: string, user = rita) => press(id, releaseButtons.recheckFailed, { user });

  return {
    ...archive,
    open,
    parent,
    press,
    onTop,
    openChecklist,
    setWorkspace,
    fillItem,
    answer,
    answerAll,
    answerOne,
    openBlocker,
    handle,
    askWaiver,
    reply,
    pressReply,
    whispered,
    summary,
    recheckFailed,
  };
}
