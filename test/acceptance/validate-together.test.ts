import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnswerOutcome } from '../../src/core/release/events.ts';
import { itemIds } from '../../src/views/item-modal.ts';
import { releases } from '../support/catalogue.ts';
import { gate, group, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { until } from '../support/until.ts';
import { sendForm } from './support/crafted-release.ts';
import { type ReleaseScene, releaseSceneOf } from './support/release-scene.ts';

/** Several people fill in one checklist at the same time (B4): nobody's answer is lost. */
const crew = ['Amal', 'Bo', 'Chen', 'Dana', 'Emre'].map((realName, index) => ({
  id: `U0CREW${index + 1}`,
  name: realName.toLowerCase(),
  realName,
}));
const said: readonly AnswerOutcome[] = ['pass', 'fail', 'not-applicable'];

interface Said {
  gate: string;
  by: string;
  outcome: AnswerOutcome;
  note: string;
}

/** Fifty items in five groups; in each group everybody answers two. */
const answers: readonly Said[] = Array.from({ length: 50 }, (_, index) => ({
  gate: `item-${index + 1}`,
  by: crew[index % crew.length]?.id ?? '',
  outcome: said[index % said.length] ?? 'pass',
  note: `Seen by hand, no. ${String(index + 1).padStart(2, '0')}`,
}));

let town: ReleaseTown;
let scene: ReleaseScene;

beforeAll(async () => {
  town = await startReleaseTown({
    http: true,
    roles: { tester: { users: crew.map(({ id }) => id), groups: [] } },
    groups: () =>
      [0, 10, 20, 30, 40].map((from) =>
        group(
          `smoke-${from}`,
          answers.slice(from, from + 10).map((one) => gate(one.gate)),
        ),
      ),
  });
  await town.people.changeWorld({
    addPeople: crew,
    channels: [{ id: releases, addMembers: crew.map(({ id }) => id) }],
  });
  scene = releaseSceneOf(town);
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

const opened = async (id: string) => {
  await scene.open(id);
  await scene.when(id, 'a candidate', ({ candidate }) => candidate !== null);
};

const answersIn = async (id: string): Promise<(Said & { seq: number; saw: number[] })[]> =>
  (await scene.eventsOf(id))
    .filter(({ type }) => type === 'ItemAnswered')
    .map(({ seq, actor, data }) => {
      const { gate: which, outcome, note, saw } = data as Omit<Said, 'by'> & { saw: number[] };
      return { gate: which, by: actor, outcome, note, seq, saw };
    });

test('50 answers of 5 people sent at once are all recorded, shown and written into the record', async ({
  annotate,
}) => {
  const id = 'r-fifty';
  await opened(id);
  const began = performance.now();
  const sent = await Promise.all(
    answers.map(({ gate: which, by, outcome, note }) =>
      sendForm(town, {
        user: by,
        callback: itemIds.callback,
        metadata: `${id}/${which}/1/`,
        entries: { outcome: { chosen: outcome }, note: { typed: note } },
      }),
    ),
  );
  await annotate(`50 answers sent at once, the last acknowledged after ${performance.now() - began} ms`);
  // Nothing but an empty answer closes a form: each of them was told that it is saved.
  expect(sent).toEqual(answers.map(() => ({ status: 200, answer: null })));

  const recorded = await answersIn(id);
  expect(recorded).toHaveLength(answers.length);
  const { gates } = await scene.state(id);
  for (const one of answers) {
    expect(recorded).toContainEqual(expect.objectContaining(one));
    const { by, outcome, note } = one;
    expect(gates[one.gate]?.answers).toEqual([expect.objectContaining({ by, outcome, note })]);
  }
  const decided = await scene.when(id, 'a decision', ({ decisions }) => decisions.length > 0);
  const failed = answers.filter(({ outcome }) => outcome === 'fail').map((one) => one.gate);
  expect(decided.decisions.at(-1)?.reasons.map((reason) => reason.gate)).toEqual(failed);
  expect(await scene.mismatches(id)).toEqual([]);

  // Of one group's reply and of the issue: who, and the note, for every single one.
  await until(
    'all of them in the thread',
    async () => {
      const { replies } = await scene.parent(id);
      const thread = JSON.stringify(replies.map(({ blocks }) => blocks));
      return answers.every(({ by, note }) =>
        thread.split('\\n').some((line) => line.includes(`<@${by}>`) && line.includes(note)),
      );
    },
    60_000,
  );
  await until(
    'all of them in the record',
    async () => {
      const [issue, ...others] = (await town.tracker.issues()).filter(({ title }) => title.includes(id));
      const lines = issue?.description?.split('\n') ?? [];
      expect(others).toEqual([]);
      return answers.every(({ by, note }) => {
        const { name = '' } = crew.find((one) => one.id === by) ?? {};
        return lines.some((line) => line.includes(`by ${name},`) && line.includes(note));
      });
    },
    60_000,
  );
  expect(await town.people.refusals()).toEqual([]);
});

test('5 people who save the same item at once all stand in the history, and a failure wins', async () => {
  const id = 'r-same-item';
  await opened(id);
  const [first] = answers;
  const item = first?.gate ?? '';
  const mine: readonly Said[] = crew.map(({ id: by, realName }, index) => ({
    gate: item,
    by,
    outcome: index === 1 ? 'fail' : 'pass',
    note: `As ${realName} saw it`,
  }));
  for (const { by } of mine) await scene.openChecklist(id, by);
  await Promise.all(mine.map(({ outcome, note, by }) => scene.fillItem(id, item, outcome, note, by)));
  await Promise.all(mine.map(({ by }) => town.people.submit({ user: by })));
  // On a busy machine the last may come so late that they are shown the others' answers first, and save once more.
  for (const { by } of mine) {
    const top = (await town.people.screen(by)).views.at(-1);
    if (top?.callbackId === itemIds.callback) await town.people.submit({ user: by });
    await town.people.close({ user: by, all: true });
  }

  const recorded = await answersIn(id);
  expect(recorded).toHaveLength(mine.length);
  for (const one of mine) expect(recorded).toContainEqual(expect.objectContaining(one));
  const { gates } = await scene.state(id);
  const seen = recorded.flatMap(({ saw }) => saw);
  const standing = recorded.filter(({ seq }) => !seen.includes(seq)).map(({ by }) => by);
  expect(gates[item]?.answers.map(({ by }) => by)).toEqual(standing);
  const status = (await scene.standing(id)).statuses.find((one) => one.gate.id === item);
  const isFailed = gates[item]?.answers.some(({ outcome }) => outcome === 'fail');
  expect(status?.word).toBe(isFailed ? 'fail' : 'pass');
  expect(await scene.mismatches(id)).toEqual([]);
});

test('an answer that was given before a form was saved is shown once and not replaced unseen', async () => {
  const id = 'r-meanwhile';
  await opened(id);
  const [early, late] = crew.map((one) => one.id);
  const item = answers[0]?.gate ?? '';
  if (!early || !late) throw new Error('there is no crew');
  await scene.openChecklist(id, late);
  await scene.fillItem(id, item, 'pass', 'Looks right', late);
  await scene.openChecklist(id, early);
  await scene.answer(id, item, 'fail', 'The chart is empty', early);
  const [given] = await answersIn(id);
  // Those of the same two seconds count as given at once.
  await until('more than two seconds later', async () => {
    const at = (await scene.state(id)).gates[item]?.answers[0]?.at ?? '';
    return Date.now() - Date.parse(at) > 2_100;
  });
  await town.people.submit({ user: late });
  const shown = await scene.onTop(late, itemIds.callback, 'meanwhile');
  expect(JSON.stringify(shown.blocks)).toContain('The chart is empty');
  expect(await answersIn(id)).toHaveLength(1);

  await town.people.submit({ user: late });
  await scene.when(id, 'both in the history', ({ gates }) => gates[item]?.answers.at(-1)?.by === late);
  expect((await answersIn(id)).at(-1)).toMatchObject({ by: late, outcome: 'pass', saw: [given?.seq] });
  await town.people.close({ user: late, all: true });
  await town.people.close({ user: early, all: true });
  expect(await scene.mismatches(id)).toEqual([]);
});
