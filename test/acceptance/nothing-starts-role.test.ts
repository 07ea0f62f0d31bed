import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bot, startBot } from '../../src/app.ts';
import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';
import { ada, catalogueOf, nora, releases, rita } from '../support/catalogue.ts';
import { startTown, type Town } from '../support/town.ts';
import { innards, type Scene, sceneOf, wordsOf } from './support/scene.ts';

/**
 * Roles by user group, over signed HTTP. Slack's answers are kept for five minutes, so each case that changes
 * them brings up a fresh edge on the same database, as a second process of the bot would be.
 */
describe('whoever lacks the role', () => {
  let town: Town;
  let scene: Scene;
  let edge: Bot | null = null;
  beforeAll(async () => {
    town = await startTown({ http: true, catalogue: catalogueOf(3) });
    scene = sceneOf(town);
  });
  afterAll(async () => {
    await edge?.stop();
    await town.stop();
  });
  afterEach(async () => {
    for (const user of [rita, nora, ada]) await closeAll(user);
    await town.people.clearFaults();
    await town.people.changeWorld({
      paidPlan: true,
      scopes: allScopes,
      groups: [{ handle: 'release-engineers', add: [rita] }],
    });
    expect(await scene.started()).toEqual([]);
    expect(await scene.parents()).toEqual([]);
    const refused = (await town.people.refusals()).filter(({ method }) => method !== 'usergroups.users.list');
    expect(refused).toEqual([]);
  });

  const closeAll = async (user: string) => {
    if ((await town.people.screen(user)).views.length > 0) await town.people.close({ user, all: true });
  };
  const freshEdge = async (catalogue: Catalogue = town.catalogue) => {
    await edge?.stop();
    edge = await startBot(town.settings, catalogue, town.log, { edge: true, work: false });
    await town.people.setRequestUrl(`${edge.url}/slack/events`);
  };
  const whisperTo = async (user: string) => wordsOf((await scene.whispers(user)).at(-1));
  /** A message of the bot with one of its buttons, as it may stand in the channel. */
  const buttonMessage = async (actionId: string) => {
    const posted = await new WebClient(town.slack.botToken, {
      slackApiUrl: town.slack.apiUrl,
    }).chat.postMessage({
      channel: releases,
      text: 'An earlier message',
      blocks: [
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: actionId,
              value: 'zzzzzzzz',
              text: { type: 'plain_text', text: 'Press' },
            },
          ],
        },
      ],
    });
    return posted.ts ?? '';
  };
  const told = ['You do not have the role "release-engineer"', '<!subteam^S0RELENG>', '<@U0ADMIN>'];
  const isTold = (words: string, parts: string[]) => {
    for (const part of parts) expect(words).toContain(part);
    expect(words).not.toMatch(innards);
  };

  test.each(['', 'cutoff', 'cutoff p-001', 'cutoff all', 'deploy', 'deploy p-002', 'deploy all'])(
    'gets no modal for "/release %s", but who has the role',
    async (typed) => {
      await scene.type(typed, { user: nora });
      isTold(await whisperTo(nora), told);
      expect(await scene.topView(nora)).toBeUndefined();
    },
  );

  test('gets who has the role behind the button of the Home', async () => {
    await town.people.home({ user: nora });
    await town.people.until(nora, ({ home }) => home ?? undefined);
    await town.people.press({ user: nora, actionId: 'home_start' });
    const view = await town.people.until(nora, ({ views }) => views.at(-1));
    isTold(wordsOf(view), told);
    expect(view.submit).toBeNull();
  });

  test('is told so at the submit when the role was lost while the modal was open', async () => {
    await scene.type('deploy all');
    await scene.choose('confirm', 'yes');
    await town.people.changeWorld({ groups: [{ handle: 'release-engineers', remove: [rita] }] });
    await freshEdge();
    expect(await town.people.submit({ user: rita })).toMatchObject({ acknowledged: true });
    isTold(wordsOf(await scene.topView()), told);
  });

  test.each(['invocation_retry', 'invocation_stop'])(
    'is told so at the button %s when the role was lost since the message',
    async (actionId) => {
      const ts = await buttonMessage(actionId);
      await town.people.changeWorld({ groups: [{ handle: 'release-engineers', remove: [rita] }] });
      await freshEdge();
      const before = (await scene.whispers()).length;
      await scene.press(actionId, ts);
      await town.people.until(rita, whisperAfter(before));
      isTold(await whisperTo(rita), told);
    },
  );

  test('is told that nobody has it where the catalogue names nobody', async () => {
    const nobody = { users: [], groups: [] };
    await freshEdge(catalogueOf(3, { roles: { releaseEngineer: nobody, tester: nobody, admin: nobody } }));
    await scene.type('cutoff all');
    isTold(await whisperTo(rita), ['Nobody has it', 'whoever keeps the catalogue (release.yml)']);
    await freshEdge();
  });

  const unreadable = [
    ['has no paid plan', () => town.people.changeWorld({ paidPlan: false })],
    ['gave the bot no scope for it', () => town.people.changeWorld({ scopes: ['commands', 'chat:write'] })],
    ['answers 500', () => town.people.addFault({ kind: 'http500', method: 'usergroups.users.list' })],
    ['breaks the connection', () => town.people.addFault({ kind: 'reset', method: 'usergroups.users.list' })],
    ['asks for time', () => town.people.addFault({ kind: 'ratelimited', method: 'usergroups.users.list' })],
    [
      'takes too long',
      async () => {
        await town.people.addFault({ kind: 'http500', method: 'usergroups.users.list', times: 1 });
        await town.people.addFault({ kind: 'slow', method: 'usergroups.users.list', delayMs: 20_000 });
      },
    ],
  ] as const;
  const unclear = [
    'Slack did not say who is in the user groups of the role "release-engineer"',
    'Try again in a minute',
  ];

  test.each(unreadable)('is refused while Slack %s, in words of its own', async (_what, breakSlack) => {
    await breakSlack();
    await freshEdge();
    await scene.type('cutoff p-001');
    isTold(await whisperTo(rita), unclear);
    expect(await scene.topView()).toBeUndefined();
  });

  test('is refused at the submit too while Slack does not say who is in the group', async () => {
    await freshEdge();
    await scene.type('cutoff p-001');
    await scene.choose('confirm', 'yes');
    await town.people.changeWorld({ paidPlan: false });
    await freshEdge();
    await town.people.submit({ user: rita });
    isTold(wordsOf(await scene.topView()), unclear);
  });

  test.each(['invocation_retry', 'invocation_stop'])(
    'is refused at the button %s while Slack does not say who is in the group',
    async (actionId) => {
      const ts = await buttonMessage(actionId);
      await town.people.changeWorld({ paidPlan: false });
      await freshEdge();
      const before = (await scene.whispers()).length;
      await scene.press(actionId, ts);
      await town.people.until(rita, whisperAfter(before));
      isTold(await whisperTo(rita), unclear);
    },
  );

  test('a listed person needs no answer of Slack', async () => {
    await town.people.changeWorld({ paidPlan: false });
    await freshEdge();
    await scene.type('cutoff p-001', { user: ada });
    expect((await scene.topView(ada))?.callbackId).toBe('start_invocation');
  });

  test('anyone may ask for help and status', async () => {
    await scene.type('help', { user: nora });
    isTold(await whisperTo(nora), ['What /release can do']);
    await scene.type('status', { user: nora });
    isTold(await whisperTo(nora), ['Nothing was started yet']);
  });
});

const allScopes = [
  'commands',
  'chat:write',
  'channels:read',
  'channels:history',
  'usergroups:read',
  'users:read',
];

/** True once the person has a newer whisper than so many. */
function whisperAfter(count: number) {
  return (screen: Awaited<ReturnType<Town['people']['screen']>>) => {
    const channel = screen.channels.find(({ id }) => id === releases);
    const whispers = channel?.messages.filter(({ ephemeral }) => ephemeral) ?? [];
    return whispers.length > count || undefined;
  };
}
