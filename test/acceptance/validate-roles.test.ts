import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { View } from '../../sandbox/slack/screen.ts';
import type { ReleaseEventType } from '../../src/core/release/events.ts';
import { blockerIds } from '../../src/views/blocker-modal.ts';
import { blockersIds } from '../../src/views/blockers-modal.ts';
import { checklistIds } from '../../src/views/checklist-modal.ts';
import { itemIds } from '../../src/views/item-modal.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { validateIds } from '../../src/views/validate-modal.ts';
import { waiverIds } from '../../src/views/waiver-modal.ts';
import { workspaceIds } from '../../src/views/workspace-modal.ts';
import { ada, engineers, nora, releases, rita, tess } from '../support/catalogue.ts';
import { gate, group, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';
import { until } from '../support/until.ts';
import { type Entries, sendForm } from './support/crafted-release.ts';
import { type ReleaseScene, releaseSceneOf } from './support/release-scene.ts';
import { innards, wordsOf } from './support/scene.ts';

/**
 * Who may do what in a validation (F5): each act by each person, through signed HTTP. Whoever may not is told which
 * role it takes and who has it, and nothing is recorded.
 */
const owen = 'U0OWNER';
const everybody = { tess, rita, ada, owen, nora };

/** What a role is called, whom somebody without it is told to ask, and who has it here. */
const roles = {
  tester: {
    name: 'role "tester"',
    holders: [`<!subteam^${engineers}>`, `<@${tess}>`, `<@${ada}>`],
    has: [tess, rita, ada],
  },
  engineer: {
    name: 'role "release-engineer"',
    holders: [`<!subteam^${engineers}>`, `<@${ada}>`],
    has: [rita, ada],
  },
  secondVoice: {
    name: 'role "release engineer or approver"',
    holders: [`<!subteam^${engineers}>`, `<@${ada}>`, `<@${owen}>`],
    has: [rita, ada, owen],
  },
  owner: { name: 'role "Product owner"', holders: [`<@${owen}>`], has: [owen] },
} as const;
type Role = keyof typeof roles;

const id = 'r-roles';
const waiver = 'w0000000';

/** Every button of a release, whoever was shown it, with what it carries. */
const presses: readonly [actionId: string, value: string, takes: Role][] = [
  [releaseButtons.checklist, id, 'tester'],
  [checklistIds.answer, `${id}/login`, 'tester'],
  [checklistIds.workspace, id, 'tester'],
  [itemIds.assign, `${id}/login/me`, 'tester'],
  [releaseButtons.blockers, id, 'tester'],
  [blockersIds.earlier, `${id}/0`, 'tester'],
  [blockersIds.further, `${id}/0`, 'tester'],
  [releaseButtons.recheckGate, `${id}/site`, 'tester'],
  [releaseButtons.recheckFailed, id, 'tester'],
  [releaseButtons.recheckAll, id, 'tester'],
  [blockersIds.handle, `${id}/site/gate`, 'engineer'],
  [blockerIds.waiver, `${id}/site/gate`, 'engineer'],
  [releaseButtons.nextPass, `${id}/1`, 'engineer'],
  [releaseButtons.confirmWaiver, `${id}/${waiver}`, 'secondVoice'],
  [releaseButtons.declineWaiver, `${id}/${waiver}`, 'secondVoice'],
  [`${releaseButtons.approve}:product`, `${id}/product/feed`, 'owner'],
];

interface Form {
  callback: string;
  metadata: string;
  /** As this person fills it in. */
  entries: (user: string) => Entries;
  takes: Role;
  /** What is recorded when somebody may. */
  records: ReleaseEventType;
}

/** Every form of a release in validation, as somebody sends it who may never have been shown it. */
const forms: readonly Form[] = [
  {
    callback: itemIds.callback,
    metadata: `${id}/login/1/`,
    entries: (user) => ({ outcome: { chosen: 'pass' }, note: { typed: `Seen by ${user}` } }),
    takes: 'tester',
    records: 'ItemAnswered',
  },
  {
    callback: workspaceIds.callback,
    metadata: id,
    entries: (user) => ({ workspace: { typed: 'Smoke' }, depot: { typed: user } }),
    takes: 'tester',
    records: 'WorkspaceRecorded',
  },
  {
    callback: blockerIds.callback,
    metadata: `${id}/site/gate`,
    entries: (user) => ({
      handling: { chosen: 'tracked' },
      reason: { typed: `Known to ${user}` },
      link: { address: 'https://tracker.example/REL-9' },
    }),
    takes: 'engineer',
    records: 'BlockerHandled',
  },
  {
    callback: waiverIds.callback,
    metadata: `${id}/site/gate`,
    entries: (user) => ({ waiver_reason: { typed: `Known to ${user}` }, waiver_until: { day: tomorrow() } }),
    takes: 'engineer',
    records: 'WaiverProposed',
  },
];

function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
}

/** Each of these with each person who has, or has not, the role that it takes. */
function crossed<C>(cases: readonly C[], takes: (one: C) => Role, may: boolean) {
  return cases.flatMap((one) =>
    Object.entries(everybody)
      .filter(([, user]) => roles[takes(one)].has.some((holder) => holder === user) === may)
      .map(([name, user]) => ({ ...one, name, user })),
  );
}

let town: ReleaseTown;
let scene: ReleaseScene;

beforeAll(async () => {
  town = await startReleaseTown({
    http: true,
    phase: { approvals: [{ id: 'product', name: 'Product owner', users: [owen], groups: [] }] },
    groups: (site) => [
      group('identity', [
        gate('site', { check: 'url-loads', with: { url: `${site}/`, contains: 'absent' } }),
      ]),
      group('smoke', [gate('login'), gate('logout')]),
    ],
  });
  await town.people.changeWorld({
    addPeople: [{ id: owen, name: 'owen', realName: 'Owen Owner' }],
    channels: [{ id: releases, addMembers: [owen] }],
  });
  scene = releaseSceneOf(town);
  await scene.open(id);
  await scene.when(id, 'the site was looked at', ({ gates }) => gates['site']?.phase === 'done');
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

/** A message of the bot with all buttons, as it may stand in the channel since before somebody lost a role. */
const buttonMessage = async (): Promise<string> => {
  const client = new WebClient(town.slack.botToken, { slackApiUrl: town.slack.apiUrl });
  const elements = presses.map(([actionId, value]) => ({
    type: 'button' as const,
    action_id: actionId,
    value,
    text: { type: 'plain_text' as const, text: 'Press' },
  }));
  const blocks = [{ type: 'actions' as const, elements }];
  const { ts } = await client.chat.postMessage({ channel: releases, text: 'An earlier message', blocks });
  return ts ?? '';
};

/** What only this person was told, and the views they see, in words; oldest first. */
const toldTo = async (user: string): Promise<string[]> => {
  const { channels, views } = await town.people.screen(user);
  const whispers = channels.flatMap(({ messages }) => messages.filter(({ ephemeral }) => ephemeral));
  return [...whispers, ...views].map((shown) => wordsOf(shown));
};
const whatTheyDid = async (user: string): Promise<string[]> =>
  (await scene.eventsOf(id)).filter(({ actor }) => actor === user).map(({ type }) => type);
const closeAll = async (user: string) => {
  if ((await town.people.screen(user)).views.length > 0) await town.people.close({ user, all: true });
};

const isRefusal = (words: string, role: Role) => {
  const { name, holders } = roles[role];
  for (const part of ['That was not done', name, 'Ask one of those who have it', ...holders])
    expect(words).toContain(part);
  expect(words).not.toMatch(innards);
};

describe('a form', () => {
  test.each(crossed(forms, ({ takes }) => takes, false))(
    '$callback sent by $name is refused: it takes the role "$takes"',
    async ({ callback, metadata, entries, user, takes }) => {
      const before = await whatTheyDid(user);
      const { status, answer } = await sendForm(town, { user, callback, metadata, entries: entries(user) });
      expect(status).toBe(200);
      expect(answer).toMatchObject({ response_action: 'push' });
      isRefusal(wordsOf((answer as { view: View }).view), takes);
      expect(await whatTheyDid(user)).toEqual(before);
    },
  );

  test.each(crossed(forms, ({ takes }) => takes, true))(
    '$callback sent by $name is recorded as $records',
    async ({ callback, metadata, entries, user, records }) => {
      const before = await whatTheyDid(user);
      const sent = await sendForm(town, { user, callback, metadata, entries: entries(user) });
      expect(sent).toEqual({ status: 200, answer: null });
      const since = (await whatTheyDid(user)).slice(before.length);
      expect(since[0]).toBe(records);
    },
  );
});

describe('a button', () => {
  let ts = '';
  beforeAll(async () => {
    ts = await buttonMessage();
  });
  const cases = presses.map(([actionId, value, takes]) => ({ actionId, value, takes }));

  /** Presses it and gives what this person was told, shown or recorded as having done. */
  const pressed = async (user: string, actionId: string) => {
    const [told, did] = [await toldTo(user), await whatTheyDid(user)];
    await town.people.press({ user, channel: releases, ts, actionId });
    return until(`what ${actionId} does for ${user}`, async () => {
      const [toldNow, didNow] = [await toldTo(user), await whatTheyDid(user)];
      const since = { told: toldNow.slice(told.length), did: didNow.slice(did.length) };
      return since.told.length + since.did.length > 0 && since;
    });
  };

  test.each(crossed(cases, ({ takes }) => takes, false))(
    '$actionId pressed by $name is refused: it takes the role "$takes"',
    async ({ actionId, user, takes }) => {
      const { told, did } = await pressed(user, actionId);
      expect(told).toHaveLength(1);
      isRefusal(told[0] ?? '', takes);
      expect(did).toEqual([]);
      expect((await town.people.screen(user)).views).toEqual([]);
    },
  );

  test.each(crossed(cases, ({ takes }) => takes, true))(
    '$actionId pressed by $name is not a question of roles',
    async ({ actionId, user }) => {
      const { told } = await pressed(user, actionId);
      expect(told.join('\n')).not.toMatch(/\brole "|have it/);
      await closeAll(user);
    },
  );
});

describe('the command', () => {
  const said = async (user: string, text: string) => {
    const before = (await toldTo(user)).length;
    await town.people.command({ user, channel: releases, command: '/release', text });
    return until(`an answer to ${text}`, async () => (await toldTo(user)).slice(before)[0]);
  };
  const everybodyBy = Object.entries(everybody).map(([name, user]) => ({ name, user }));

  test.each([
    { name: 'tess', user: tess, takes: 'engineer' as const },
    { name: 'owen', user: owen, takes: 'tester' as const },
    { name: 'nora', user: nora, takes: 'tester' as const },
  ])('opens no release for $name, with or without the form', async ({ user, takes }) => {
    isRefusal(await said(user, 'validate r-forbidden'), takes);
    expect((await town.people.screen(user)).views).toEqual([]);
    const entries = { name: { typed: 'r-forbidden' } };
    const form = { user, callback: validateIds.callback, metadata: releases, entries };
    const { answer } = await sendForm(town, form);
    isRefusal(wordsOf((answer as { view: View }).view), takes);
    await expect(scene.state('r-forbidden')).rejects.toThrow('There is no release');
  });

  test.each([
    { name: 'rita', user: rita },
    { name: 'ada', user: ada },
  ])('opens a release for $name', async ({ name, user }) => {
    await scene.open(`r-of-${name}`, user);
    expect(await scene.state(`r-of-${name}`)).toMatchObject({ openedBy: user });
    await closeAll(user);
  });

  test('lets a tester continue and answer what somebody else opened', async () => {
    await scene.openChecklist(id, tess);
    await scene.answer(id, 'logout', 'fail', 'It stays logged in', tess);
    await closeAll(tess);
    const { gates } = await scene.state(id);
    expect(gates['logout']?.answers).toMatchObject([{ by: tess, outcome: 'fail' }]);
  });

  test.each([
    { name: 'owen', user: owen },
    { name: 'nora', user: nora },
  ])('shows the checklist not to $name', async ({ user }) => {
    isRefusal(await said(user, `validate ${id}`), 'tester');
    expect((await town.people.screen(user)).views).toEqual([]);
  });

  test.each(everybodyBy)('tells $name the decision, which is for whoever asks', async ({ user }) => {
    expect(await said(user, `decide ${id}`)).toContain('GO/NO-GO decision: NO-GO');
  });
});

test('a GO does not come of any of it, and what was recorded holds', async () => {
  expect(await scene.mismatches(id)).toEqual([]);
  expect((await scene.eventsOf(id)).filter(({ actor }) => actor === nora)).toEqual([]);
  expect(await town.people.refusals()).toEqual([]);
});
