import { afterAll, beforeAll, expect, test } from 'vitest';
import { wholeGate } from '../../src/core/release/gate-status.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { type ReleaseScene, releaseSceneOf } from '../acceptance/support/release-scene.ts';
import { type ReleaseTurns, releaseTurnsOf } from '../acceptance/support/release-turns.ts';
import { wordsOf } from '../acceptance/support/scene.ts';
import { ada, rita, tess } from '../support/catalogue.ts';
import { gate, group, type ReleaseTown, startReleaseTown } from '../support/release-town.ts';

let town: ReleaseTown;
let scene: ReleaseScene;
let turns: ReleaseTurns;

beforeAll(async () => {
  town = await startReleaseTown({
    groups: (site) => [
      group('all', [gate('site', { check: 'url-loads', with: { url: `${site}/` } }), gate('login')]),
    ],
    phase: {
      approvals: [
        { id: 'release-owner', name: 'release owner', users: [ada], groups: [] },
        { id: 'service-owner', name: 'service owner', users: [ada, tess], groups: [] },
      ],
    },
  });
  scene = releaseSceneOf(town);
  turns = releaseTurnsOf(scene);
});
afterAll(async () => {
  await scene?.close();
  await town?.stop();
});

const approve = (id: string, approval: string, user: string) =>
  scene.press(id, `${releaseButtons.approve}:${approval}`, { user });
const given = (id: string, count: number) =>
  scene.when(id, `${count} approvals`, ({ approvals }) => approvals.length === count);
const waiting = (id: string) =>
  scene.parent(id, (message) => message.text.startsWith('Waiting for approval'));

test('green gates alone decide nothing: each role says yes, one person for one role, and that is GO', async () => {
  const id = await turns.answered('two-voices');
  await waiting(id);
  const open = await scene.standing(id);
  expect(open.verdict).toBe('undecided');
  expect(open.open.map(({ blocker }) => blocker)).toEqual([
    'approval/release-owner',
    'approval/service-owner',
  ]);
  expect(await scene.summary(id)).toMatch(
    /… release owner \(open\)[\s\S]*DECISION: NO-GO \(not complete: 2 open\)/,
  );

  await approve(id, 'release-owner', rita);
  // The summary above names the role to her too.
  const refused = await scene.whispered(rita, /That was not done\.[\s\S]*release owner/);
  expect(refused).toContain(`<@${ada}>`);

  await approve(id, 'release-owner', ada);
  await given(id, 1);
  await approve(id, 'service-owner', ada);
  expect(await scene.whispered(ada, /approved this release already/)).toContain(
    'another person with the role',
  );
  expect((await scene.state(id)).decisions).toEqual([]);

  await approve(id, 'service-owner', tess);
  const go = await turns.decided(id, 0);
  expect(go).toMatchObject({ verdict: 'GO', reasons: [] });
  const told = wordsOf(await scene.reply(id, 'Decision 1 ·'));
  expect(told).toContain(`Approved by <@${ada}> as release owner, <@${tess}> as service owner`);
  expect(await scene.mismatches(id)).toEqual([]);
});

test('what changes after an approval voids it, in words, and nothing is GO until everybody approves again', async () => {
  const id = await turns.answered('voided');
  await waiting(id);
  await approve(id, 'release-owner', ada);
  await given(id, 1);
  await approve(id, 'service-owner', tess);
  expect(await turns.decided(id, 0)).toMatchObject({ verdict: 'GO' });

  await town.site.page('/', { status: 500 });
  await scene.press(id, releaseButtons.recheckAll);
  await turns.isNoGo(id, await turns.decided(id, 1), { gate: 'site', blocker: wholeGate, why: /status 500/ });
  const { approvals, notices } = await scene.state(id);
  expect(approvals).toEqual([]);
  expect(notices.filter(({ kind }) => kind === 'approval-voided')).toHaveLength(2);
  for (const role of ['release owner', 'service owner'])
    expect(wordsOf(await scene.reply(id, `Approval of the ${role} is void`))).toContain(
      'status 500 instead of 200',
    );

  await town.site.page('/', null);
  await scene.press(id, releaseButtons.recheckAll);
  await scene.when(id, 'all green', ({ gates }) => gates['site']?.finding?.outcome === 'pass');
  await waiting(id);
  expect((await scene.standing(id)).verdict).toBe('undecided');
  expect((await scene.state(id)).decisions.map(({ verdict }) => verdict)).toEqual(['GO', 'NO-GO']);
  await approve(id, 'release-owner', ada);
  await given(id, 1);
  await approve(id, 'service-owner', tess);
  expect(await turns.decided(id, 2)).toMatchObject({ verdict: 'GO', reasons: [] });
  expect(await scene.mismatches(id)).toEqual([]);
});

test('an answer that changes between two approvals voids the first', async () => {
  const id = await turns.answered('changed');
  await waiting(id);
  await approve(id, 'release-owner', ada);
  await given(id, 1);
  await scene.answerOne(id, 'login', { outcome: 'pass', note: 'Looked again, with another account' });
  const { decisions } = await given(id, 0);
  expect(decisions).toEqual([]);
  expect(wordsOf(await scene.reply(id, 'Approval of the release owner is void'))).toContain('has changed');
  expect(await scene.mismatches(id)).toEqual([]);
});
