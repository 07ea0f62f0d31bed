import { afterAll, beforeAll, expect, test } from 'vitest';
import type { View } from '../../sandbox/slack/screen.ts';
import { releases, rita, tess } from '../support/catalogue.ts';
import { gate, group, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { wordsOf } from './support/scene.ts';

/** A person's way through the forms, by what is on their screen: from the command to the last answer (B1, B4). */

let town: ReleaseTown;
beforeAll(async () => {
  town = await startReleaseTown({
    groups: () => [
      group('smoke', [gate('login', { rule: 'Passes for a normal admin user.' }), gate('logout')], {
        workspace: true,
      }),
    ],
    phase: { record: null },
  });
});
afterAll(() => town?.stop());

const top = (user: string, fits: (view: View) => boolean) =>
  town.people.until(
    user,
    ({ views }) => {
      const view = views.at(-1);
      return view && fits(view) ? view : undefined;
    },
    { timeoutMs: 30_000 },
  );
const titled = (user: string, title: string) => top(user, (view) => view.title === title);
const type = (user: string, text: string) =>
  town.people.command({ user, channel: releases, command: '/release', text });

test('a tester goes from the message’s button through workspace and items to the decision', async () => {
  const { people } = town;
  await type(rita, 'validate 2026.47');
  await titled(rita, 'Validate release');
  await people.submit({ user: rita });

  const message = await people.until(
    tess,
    ({ channels }) =>
      channels
        .find(({ id }) => id === releases)
        ?.messages.find((one) => JSON.stringify(one.blocks).includes('release_checklist')),
    { timeoutMs: 60_000 },
  );
  await people.press({ user: tess, channel: releases, ts: message.ts, actionId: 'release_checklist' });
  expect(wordsOf(await titled(tess, 'Checklist'))).toContain('0 of 2 answered');

  await people.press({ user: tess, actionId: 'checklist_workspace' });
  await titled(tess, 'Workspace and depot');
  await people.submit({ user: tess });
  await top(tess, (view) => wordsOf(view).includes('Workspace *Smoke test*, depot *Depot North*'));

  for (const [index, item] of ['login', 'logout'].entries()) {
    await people.press({ user: tess, actionId: 'checklist_answer', value: `2026.47/${item}` });
    await titled(tess, 'Answer');
    await people.choose({ user: tess, blockId: 'outcome', actionId: 'outcome', values: ['pass'] });
    await people.submit({ user: tess });
    await top(tess, (view) => wordsOf(view).includes(`${index + 1} of 2 answered`));
  }
  await people.until(
    tess,
    ({ channels }) =>
      channels
        .find(({ id }) => id === releases)
        ?.messages.find(({ ts, text }) => ts === message.ts && text.startsWith('GO')),
    { timeoutMs: 60_000 },
  );
  expect(await people.refusals()).toEqual([]);
});
