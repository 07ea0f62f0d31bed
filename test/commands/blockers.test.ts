import { describe, expect, test } from 'vitest';
import { ada, nora, rita, tess } from '../support/catalogue.ts';
import { releaseStage, wordsOf } from './release-stage.ts';
import {
  answered,
  event,
  found,
  identified,
  phase,
  requested,
  unlabelled,
  workspace,
} from './sample-release.ts';

type Stage = Awaited<ReturnType<typeof releaseStage>>;
const mr = 'mr/betterfleet/p-001!1';
/** One merge request without the label, everything else as it should be. */
const nearlyGo = () => [
  identified(),
  workspace(),
  event('ApplicabilityJudged', {
    pass: 1,
    gates: [{ gate: 'roaming', verdict: 'does-not-apply', reason: 'Untouched.' }],
  }),
  requested('labels', 'spike'),
  found('spike', {}),
  answered('login'),
  answered('logout'),
];

/** Opens "What blocks" from the release's message. */
async function atBlockers(it: Stage, user: string) {
  await it.post();
  await it.inChannel(user, 'release_blockers');
  return it.titled(user, 'What blocks');
}

async function atBlocker(it: Stage, user: string) {
  await atBlockers(it, user);
  await it.press(user, 'blocker_handle', `2026.47/labels/${mr}`);
  return it.titled(user, 'Handle a blocker');
}

describe('a blocker', () => {
  test('is excluded with a reason, and the list behind it no longer has it', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await atBlocker(it, rita);
    await it.choose(rita, 'handling', 'excluded');
    await it.enter(rita, 'reason', 'documentation only; hunter2');
    await it.submit(rita, 2);
    await it.top(rita, (view) => wordsOf(view).includes('Nothing stands against a GO'));
    const { handled } = (await it.release()).gates['labels'] ?? {};
    expect(handled).toMatchObject([
      { as: 'excluded', reason: 'documentation only; [removed: password]', by: rita },
    ]);
    expect((await it.events()).filter((type) => type === 'BlockerHandled')).toHaveLength(1);
  });

  test('that is tracked needs the place where, and goes on blocking', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await atBlocker(it, rita);
    await it.choose(rita, 'handling', 'tracked');
    await it.enter(rita, 'reason', 'QA has it');
    await it.submit(rita);
    expect((await it.titled(rita, 'Handle a blocker')).errors['link']).toContain('The link is missing.');
    await it.enter(rita, 'link', 'https://linear.test/REL-1');
    await it.submit(rita, 2);
    const list = await it.titled(rita, 'What blocks');
    expect(wordsOf(list)).toContain('1 thing stands against a GO');
    expect((await it.events()).filter((type) => type === 'BlockerHandled')).toHaveLength(1);
  });

  test('that is found again with other values is accepted again, in the same words too (B6)', async () => {
    const it = await releaseStage();
    const spike = (signal: string, run: number) =>
      found('spike', { outcome: 'fail', blockers: [{ id: 's', title: 'Spike', url: null, signal }] }, run);
    await it.open(...nearlyGo(), found('labels', {}));
    await it.record([requested('spike'), spike('41 errors', 2)]);
    for (const run of [3, 4]) {
      await atBlockers(it, rita);
      await it.press(rita, 'blocker_handle', '2026.47/spike/s');
      await it.titled(rita, 'Handle a blocker');
      await it.choose(rita, 'handling', 'accepted');
      await it.enter(rita, 'reason', 'load test');
      await it.submit(rita);
      await it.top(rita, (view) => wordsOf(view).includes('Nothing stands against a GO'));
      // Otherwise the next turn could take this list for its own.
      await it.control.close({ user: rita });
      await it.record([requested('spike'), spike(`${run} errors`, run)]);
    }
    expect((await it.events()).filter((type) => type === 'BlockerHandled')).toHaveLength(2);
  });

  test('that was mended meanwhile is told so', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await atBlocker(it, rita);
    await it.record([requested('labels'), found('labels', {}, 2)]);
    await it.choose(rita, 'handling', 'excluded');
    await it.enter(rita, 'reason', 'x');
    await it.submit(rita);
    const { errors } = await it.titled(rita, 'Handle a blocker');
    expect(errors['handling']).toContain('not there any more');
  });

  test('is for release engineers to handle; testers look and re-check', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await atBlockers(it, tess);
    await it.press(tess, 'blocker_handle', `2026.47/labels/${mr}`);
    expect(wordsOf(await it.titled(tess, 'Release'))).toContain('You do not have the role');
    await it.control.close({ user: tess });
    await it.press(tess, 'release_recheck_gate', '2026.47/labels');
    await it.top(tess, (view) => wordsOf(view).includes('being re-checked'));
    expect((await it.release()).gates['labels']).toMatchObject({ run: 2, phase: 'queued' });
    await it.inChannel(nora, 'release_blockers');
    expect(wordsOf(await it.whisper(nora))).toContain('That was not done.');
  });
});

describe('a waiver (F7)', () => {
  async function ask(it: Stage, user: string, day: string) {
    await atBlocker(it, user);
    await it.press(user, 'blocker_waiver');
    await it.titled(user, 'Ask for a waiver');
    await it.enter(user, 'waiver_reason', 'tested by hand');
    await it.choose(user, 'waiver_until', day);
    await it.submit(user, 2);
  }
  /** Posts the buttons of the waiver's notice, as its job would. */
  async function answerButtons(it: Stage) {
    const [waiver] = (await it.release()).waivers;
    if (!waiver) throw new Error('no waiver');
    const names = ['release_waiver_confirm', 'release_waiver_decline'];
    await it.say(names.map((name) => ({ name, value: `2026.47/${waiver.id}` })));
  }

  test('is asked for once, ends with its day, and counts when a second person confirms it', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await ask(it, rita, '2026-11-25');
    const list = await it.titled(rita, 'What blocks');
    expect(wordsOf(list)).toContain('asks for a waiver');
    const { waivers } = await it.release();
    expect(waivers).toMatchObject([
      { blocker: mr, reason: 'tested by hand', expiresAt: '2026-11-25T23:59:59.999Z', confirmed: null },
    ]);
    await answerButtons(it);
    await it.inChannel(rita, 'release_waiver_confirm');
    expect(wordsOf(await it.whisper(rita))).toContain('A waiver needs a second person.');
    await it.inChannel(nora, 'release_waiver_confirm');
    expect(wordsOf(await it.whisper(nora))).toContain('release engineer or approver');
    await it.inChannel(ada, 'release_waiver_confirm', 2);
    await it.settled(async () => (await it.release()).waivers[0]?.confirmed?.by === ada);
    expect((await it.events()).filter((type) => type.startsWith('Waiver'))).toEqual([
      'WaiverProposed',
      'WaiverConfirmed',
    ]);
    expect((await it.control.screen(ada)).channels[0]?.messages.filter(({ ephemeral }) => ephemeral)).toEqual(
      [],
    );
  });

  test('may be taken back by whoever asked', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await ask(it, rita, '2026-11-25');
    await it.titled(rita, 'What blocks');
    await answerButtons(it);
    await it.inChannel(rita, 'release_waiver_decline');
    await it.settled(async () => (await it.release()).waivers[0]?.declined?.by === rita);
  });

  test.each(['2026-11-19', '2026-12-20'])('does not end on %s', async (day) => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await ask(it, rita, day);
    const { errors } = await it.titled(rita, 'Ask for a waiver');
    expect(errors['waiver_until']).toContain('A waiver needs an end.');
    expect((await it.release()).waivers).toEqual([]);
  });
});

describe('a release’s message', () => {
  test('runs what failed again, however often it is pressed', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), unlabelled(1));
    await it.post();
    await it.inChannel(tess, 'release_recheck_failed', 2);
    await it.settled(async () => (await it.release()).gates['labels']?.run === 2);
    expect(wordsOf(await it.whisper(tess))).toContain('There is nothing to re-check.');
    expect((await it.release()).gates).toMatchObject({ labels: { run: 2 }, spike: { run: 1 } });
  });

  test('starts the next pass once', async () => {
    const it = await releaseStage();
    const newer = {
      id: 9,
      sha: 'b'.repeat(40),
      ref: 'release',
      status: 'success',
      at: '2026-11-20T11:00:00.000Z',
      url: null,
      pipelineId: null,
    };
    await it.open(...nearlyGo(), found('labels', {}));
    await it.record([event('DeploymentSeen', { project: 'p-001', deployment: newer })]);
    await it.post();
    await it.inChannel(tess, 'release_next_pass');
    expect(wordsOf(await it.whisper(tess))).toContain('release-engineer');
    await it.inChannel(rita, 'release_next_pass', 2);
    await it.settled(async () => (await it.release()).pass === 2);
    expect((await it.events()).filter((type) => type === 'PassStarted')).toHaveLength(1);
  });

  test('takes the approval of those who have the role, for exactly what was shown (D3)', async () => {
    const it = await releaseStage();
    await it.open(...nearlyGo(), found('labels', {}));
    await it.post();
    await it.inChannel(rita, 'release_approve:platform-owner');
    expect(wordsOf(await it.whisper(rita))).toContain('Platform owner');
    await it.record([answered('login', { note: 'looked again' })], tess);
    await it.inChannel(ada, 'release_approve:platform-owner');
    expect(wordsOf(await it.whisper(ada))).toContain('What you saw has changed meanwhile.');
    await it.post();
    await it.inChannel(ada, 'release_approve:platform-owner', 2);
    await it.settled(async () => (await it.release()).decisions.at(-1)?.verdict === 'GO');
    expect((await it.events()).filter((type) => type === 'ApprovalGiven')).toHaveLength(1);
  });

  test('opens the checklist for those who may answer', async () => {
    const it = await releaseStage();
    await it.open(identified());
    await it.post();
    await it.inChannel(tess, 'release_checklist');
    await it.titled(tess, 'Checklist');
    await it.inChannel(nora, 'release_checklist');
    expect(wordsOf(await it.whisper(nora))).toContain('You do not have the role');
  });
});

describe('/release decide and status', () => {
  test('print the summary, and where a release stands', async () => {
    const it = await releaseStage({ phases: [{ ...phase, approvals: [] }] });
    await it.type(nora, 'decide');
    expect(wordsOf(await it.whisper(nora))).toContain('No release is in validation yet.');
    await it.open(...nearlyGo(), unlabelled(1));
    await it.type(nora, 'decide 2026.47');
    expect(wordsOf(await it.heard(nora, 'DECISION'))).toContain('DECISION: NO-GO');
    await it.type(nora, 'decide 2026.74');
    expect(wordsOf(await it.heard(nora, '2026.74'))).toContain('Did you mean');
    await it.type(nora, 'status 2026.47');
    expect(wordsOf(await it.heard(nora, 'NO-GO* · *Release 2026.47'))).not.toContain('"actions"');
    await it.type(nora, 'status');
    await it.heard(nora, 'Releases in validation');
  });

  test('say so when the store does not answer', async () => {
    const it = await releaseStage();
    await it.open(identified());
    await it.db.pool().query('alter table event rename to event_gone');
    for (const text of ['validate 2026.47', 'validate', 'decide 2026.47', 'decide']) {
      await it.type(rita, text);
      await it.heard(rita, 'The release could not be read or recorded.');
    }
  });
});
