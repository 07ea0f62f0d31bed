import { describe, expect, test } from 'vitest';
import type { MessageBody } from '../../src/core/ports.ts';
import { decisionReply, isBroadcast, withdrawalReply } from '../../src/views/release-decision-reply.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { noticeReply } from '../../src/views/release-notice-reply.ts';
import { hostile, strangersIn, textOf } from './release-reads.ts';
import { handledAs, stories, unlabelled, wide } from './release-states.ts';
import { deploymentOf, event, findingOf, olga, rita, type Story } from './release-story.ts';
import { expectSlackTakes, firstLine } from './slack-reads.ts';

const decisions = (story: Story) =>
  story.release.decisions.map((decision) => decisionReply(story.release, decision));
const notices = (story: Story) => story.release.notices.map((notice) => noticeReply(story.release, notice));
const noticeOf = (story: Story, kind: string) => {
  const notice = story.release.notices.findLast((one) => one.kind === kind);
  if (!notice) throw new Error(`no notice ${kind}`);
  return noticeReply(story.release, notice);
};

describe('the reply of a decision', () => {
  test('that is NO-GO links each reason and says what to do', () => {
    const [body] = decisions(stories.noGo());
    if (!body) throw new Error('no decision');
    expectSlackTakes(body);
    expect(body.text).toBe('NO-GO: Release 2026.47 · Staging validation');
    expect(firstLine(body)).toContain(':no_entry: *NO-GO* · *Release 2026.47 · Staging validation* · pass 1');
    expect(textOf(body)).toContain(`• <${unlabelled.url}|!12 Fix login>: ${unlabelled.signal}`);
    expect(textOf(body)).toContain(
      '*Next:* Ask its author to validate and label it. Then press *Re-check failed*',
    );
  });

  test('that is GO names waivers and approvals that it rests on, also after the next pass began', () => {
    expect(textOf(decisions(stories.waived()).at(-1) ?? fail())).toContain('Waived: !12 Fix login');
    const approved = stories.approved();
    expect(textOf(decisions(approved).at(-1) ?? fail())).toContain(
      'Approved by <@U0OWNER> as Platform owner, <@U0RELENG> as Security owner',
    );
    const was = textOf(decisions(approved).at(-1) ?? fail());
    approved.does(
      'gonogo',
      event('DeploymentSeen', { project: 'bf-core', deployment: deploymentOf(9, 'f'.repeat(40)) }),
    );
    approved.does(rita, event('PassStarted', { pass: 2 }));
    const after = textOf(decisions(approved).at(-1) ?? fail());
    expect(after.split('\n').filter((line) => line.startsWith('Approved'))).toEqual(
      was.split('\n').filter((line) => line.startsWith('Approved')),
    );
  });

  test('that is withdrawn is struck, says why and asks for nothing', () => {
    const story = stories.stale();
    const [body] = decisions(story);
    if (!body) throw new Error('no decision');
    expectSlackTakes(body);
    expect(body.text).toMatch(/^GO withdrawn: /);
    expect(firstLine(body)).toContain(':warning: ~GO~ *withdrawn*');
    expect(firstLine(body)).toContain('staging has changed since it was validated');
    expect(textOf(body)).not.toContain('*Next:*');
    const [decision] = story.release.decisions;
    const withdrawal = withdrawalReply(story.release, decision ?? fail());
    expectSlackTakes(withdrawal);
    expect(withdrawal.text).toMatch(/^GO withdrawn: /);
    expect(textOf(withdrawal)).toContain('do not promote');
  });

  test('that follows a withdrawn GO says so', () => {
    expect(textOf(decisions(stories.withdrawn()).at(-1) ?? fail())).toContain('is withdrawn: Login succeeds');
  });

  test.each(hostile)('lets %j in 200 gates with 200 blockers neither ping nor break it', (_, text) => {
    const story = wide(200, text);
    const reason = { gate: 'g0', blocker: 'b', title: text, why: text, todo: text, url: text };
    story.does(
      'gonogo',
      event('DecisionMade', {
        number: 1,
        pass: 1,
        verdict: 'NO-GO',
        reasons: Array(200).fill(reason),
        digest: 'd',
      }),
    );
    for (const decision of story.release.decisions)
      for (const withdrawn of [null, { why: text, by: rita, at: story.at().toISOString(), seq: 9_999 }]) {
        const shown = { ...decision, withdrawn };
        for (const body of [decisionReply(story.release, shown), withdrawalReply(story.release, shown)]) {
          expectSlackTakes(body);
          expect(strangersIn(body)).toEqual([]);
        }
      }
  });
});

function fail(): never {
  throw new Error('It is not there');
}

describe('the channel is told', () => {
  const loud = (story: Story) =>
    story.release.decisions.map(({ number, verdict }) => [
      verdict,
      isBroadcast('decision', story.release, number),
      isBroadcast('withdrawal', story.release, number),
    ]);

  test('of the first decision', () => {
    expect(loud(stories.noGo())).toEqual([['NO-GO', true, false]]);
    expect(loud(stories.go())).toEqual([['GO', true, false]]);
  });

  test('of no further NO-GO, and of the GO after them', () => {
    const story = stories.noGo().answered('login', 'fail', 'No.').answered('login', 'pass');
    story
      .does(rita, event('RunRequested', { gates: ['labels'] }))
      .found('labels', findingOf('pass'))
      .recorded();
    expect(loud(story)).toEqual([
      ['NO-GO', true, false],
      ['NO-GO', false, false],
      ['NO-GO', false, false],
      ['GO', true, false],
    ]);
  });

  test('of a GO that is withdrawn, and of the GO that comes again', () => {
    expect(loud(stories.stale())).toEqual([['GO', true, true]]);
    const again = stories.secondPass().machinesPass().placed().answered('login', 'pass').recorded();
    expect(loud(again)).toEqual([
      ['GO', true, true],
      ['GO', true, false],
    ]);
  });

  test('once when a GO becomes a NO-GO in one moment', () => {
    expect(loud(stories.withdrawn())).toEqual([
      ['GO', true, false],
      ['NO-GO', true, false],
    ]);
  });
});

describe('the reply of a notice', () => {
  test.each(Object.keys(stories) as (keyof typeof stories)[])('is taken in the story "%s"', (name) => {
    for (const body of notices(stories[name]())) {
      expectSlackTakes(body);
      expect(body.text).toMatch(/: Release 2026\.47 · Staging validation$/);
      expect(strangersIn(body)).toEqual([]);
    }
  });

  test('tells what holds on and what must be checked again and why (B8)', () => {
    const shown = textOf(noticeOf(stories.secondPass(), 'pass'));
    expect(shown).toContain('*Pass 2 began*');
    expect(shown).toContain('*Still holds from pass 1*\n• Logout works');
    expect(shown).toContain(
      '*Must be checked again by people*\n• Login succeeds for a normal admin user: src/auth was touched.',
    );
  });

  test('tells that the environment has changed and what to press', () => {
    const shown = textOf(noticeOf(stories.stale(), 'stale'));
    expect(shown).toContain('*Staging has changed*');
    expect(shown).toContain('start the next pass');
  });

  test.each([
    ['excluded', 'It blocks no more.'],
    ['tracked', 'It still blocks a GO.'],
  ] as const)('tells that a blocker was %s and what that does', (as, effect) => {
    const shown = textOf(noticeOf(handledAs(as), 'handled'));
    expect(shown).toContain('!12 Fix login');
    expect(shown).toContain('Docs only');
    expect(shown).toContain(effect);
  });

  describe('of a waiver', () => {
    const asked = () => stories.waiverAsked();
    const elements = (body: MessageBody) =>
      body.blocks.flatMap((block) => (block.type === 'actions' ? (block['elements'] as object[]) : []));

    test('has the buttons of the second person while it waits', () => {
      const body = noticeOf(asked(), 'waiver');
      expect(elements(body)).toMatchObject([
        { action_id: releaseButtons.confirmWaiver, value: '2026.47/w1', style: 'primary' },
        { action_id: releaseButtons.declineWaiver, value: '2026.47/w1' },
      ]);
    });

    test.each<[string, () => Story, RegExp]>([
      ['confirmed', stories.waived, /\*Waived\*[\s\S]*confirmed by <@U0OWNER>/],
      [
        'declined',
        () => asked().does(olga, event('WaiverDeclined', { waiver: 'w1' })),
        /\*Waiver declined\*/,
      ],
      [
        'taken back',
        () => asked().does(rita, event('WaiverDeclined', { waiver: 'w1' })),
        /\*Waiver taken back\*/,
      ],
      [
        'over unanswered',
        () => asked().does(rita, event('PassStarted', { pass: 2 })),
        /\*Waiver not answered\*/,
      ],
      [
        'over',
        () => stories.waived().does(rita, event('PassStarted', { pass: 2 })),
        /ended[\s\S]*It ended with pass 1/,
      ],
    ])('that is %s says so and has none', (_, story, words) => {
      const body = noticeOf(story(), 'waiver');
      expectSlackTakes(body);
      expect(elements(body)).toEqual([]);
      expect(textOf(body)).toMatch(words);
    });
  });

  test('tells who approved, and when it is void, why', () => {
    expect(textOf(noticeOf(stories.approved(), 'approval'))).toContain(
      '*Security owner approved*\n<@U0RELENG>',
    );
    const voided = stories.waitsForApproval().approved('platform', olga).answered('login', 'fail', 'No.');
    expect(textOf(noticeOf(voided, 'approval-voided'))).toMatch(
      /\*Approval of the Platform owner is void\*\n<@U0OWNER> approved something that has changed: Login/,
    );
  });

  test.each(hostile)('lets %j neither ping nor break it', (_, text) => {
    const deployment = { ...deploymentOf(9, text), ref: text, url: text };
    const again = Array.from({ length: 200 }, () => ({ gate: text, why: text }));
    const kept = again.map(({ gate }) => gate);
    const story = handledAs('excluded', text)
      .waived({ gate: 'labels', ...unlabelled, title: text }, '2026-11-27T00:00:00.000Z')
      .does(rita, event('DeploymentSeen', { project: text, deployment }), event('PassStarted', { pass: 2 }))
      .identified(2, kept, again);
    expect(story.release.notices.map(({ kind }) => kind)).toEqual(['handled', 'waiver', 'stale', 'pass']);
    for (const body of notices(story)) {
      expectSlackTakes(body);
      expect(strangersIn(body)).toEqual([]);
    }
  });
});
