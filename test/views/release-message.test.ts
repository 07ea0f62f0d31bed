import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/release/decide.ts';
import { releaseAnswer } from '../../src/views/answers.ts';
import { releaseButtons } from '../../src/views/release-ids.ts';
import { releaseMessage } from '../../src/views/release-message.ts';
import { stories, wide } from './release-states.ts';
import { digest, type Story } from './release-story.ts';
import { expectSlackTakes, firstLine, mrkdwnIn, pingsIn } from './slack-reads.ts';
import { hostileTexts } from './states.ts';

const messageOf = (story: Story) => releaseMessage(story.release, story.standing, story.at());
const shownIn = (story: Story) => mrkdwnIn(messageOf(story).blocks).join('\n');

interface Button {
  action_id: string;
  text: { text: string };
  style?: string;
  value: string;
}
const buttonsOf = (story: Story) =>
  messageOf(story).blocks.flatMap((block) =>
    block.type === 'actions' ? (block['elements'] as Button[]) : [],
  );

const states: [verdict: string, story: keyof typeof stories, next: string, primary: string | null][] = [
  ['Identifying the candidate', 'opened', 'GitLab is asked', null],
  ['Candidate unknown', 'unidentified', 'cut the release off first. Then press *Try again*', 'Try again'],
  ['In progress', 'begun', 'answer the 2 checks still open. Set workspace and depot', 'Checklist'],
  ['In progress', 'half', 'answer the one check still open. 1 already blocks it', 'Checklist'],
  ['In progress', 'machines', 'nothing to do. The checks report', null],
  ['In progress', 'unrecorded', 'The Linear issue is being brought up to date', null],
  ['NO-GO', 'unrecordable', 'set LINEAR_API_KEY. It is tried again', null],
  ['NO-GO', 'noGo', 'mend what blocks, then press *Re-check failed*', 'Re-check failed'],
  ['NO-GO', 'failedByPeople', 'look at each in *What blocks*', 'What blocks'],
  ['Re-checking', 'rechecking', 'nothing to do. It is being looked at again', null],
  ['GO', 'go', 'nothing left to do here', null],
  ['GO, re-checking', 'goRechecking', 'nothing left to do here', null],
  ['GO withdrawn: staging has changed', 'stale', 'press *Start pass 2*', 'Start pass 2'],
  ['In progress', 'secondPass', 'answer the one check still open', 'Checklist'],
  ['NO-GO', 'withdrawn', 'look at each', 'What blocks'],
  ['GO', 'waived', 'nothing left to do here', null],
  ['Waiting for approval', 'waitsForApproval', 'ask the Platform owner', 'Approve as Platform owner'],
  ['GO', 'approved', 'nothing left to do here', null],
];

describe('the message of a release', () => {
  test.each(states)(
    'says "%s" first for the story "%s", and one next action',
    (verdict, name, next, primary) => {
      const story = stories[name]();
      const body = messageOf(story);
      expectSlackTakes(body);
      expect(firstLine(body)).toMatch(/^:[a-z_]+: \*/);
      expect(firstLine(body)).toContain(`*${verdict}* · *Release 2026.47 · Staging validation*`);
      expect(body.text).toBe(`${verdict}: Release 2026.47 · Staging validation`);
      const said = mrkdwnIn(body.blocks).filter((text) => text.startsWith('*Next:*'));
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(next);
      const styled = buttonsOf(story).filter(({ style }) => style !== undefined);
      expect(styled.map(({ text }) => text.text)).toEqual(primary === null ? [] : [primary]);
      expect(pingsIn(body).every((ping) => /^<@U0(RELENG|TESTER|OWNER)>$/.test(ping))).toBe(true);
    },
  );

  test.each(Object.keys(stories) as (keyof typeof stories)[])(
    'is the same each time for the story "%s", and as an answer has no buttons',
    (name) => {
      const story = stories[name]();
      const kept = structuredClone(story.release);
      expect(messageOf(story)).toEqual(messageOf(story));
      const answer = releaseAnswer(story, story.at());
      expectSlackTakes(answer);
      expect(answer.blocks.map(({ type }) => type)).not.toContain('actions');
      expect(story.release).toEqual(kept);
    },
  );

  test('has a line for each group with its counts in its own words', () => {
    const shown = shownIn(stories.half());
    expect(shown).toContain(':x: *MR staging validation* 0 of 1 pass, 1 fail');
    expect(shown).toContain(':white_check_mark: *Deployment identity* 2 of 2 pass');
    expect(shown).toContain(':white_circle: *Core smoke* 1 of 2 pass, 1 open');
    expect(shown).toContain(':white_check_mark: *Release-specific add-ons* 1 of 1 not required');
  });

  test('fills its bar by what has ended', () => {
    expect(shownIn(stories.half())).toContain('`████████████████░░░░` 5 of 6 ended');
    expect(shownIn(stories.go())).toContain(`${'█'.repeat(20)}\` 6 of 6 ended`);
  });

  test('lists what blocks with its link and reason', () => {
    expect(shownIn(stories.noGo())).toContain(
      '• <https://gitlab.test/group/bf-core/-/merge_requests/12|!12 Fix login>: It lacks the label Validated in Staging.',
    );
  });

  test('names the candidate with a link to its commit, the environment and the Linear issue', () => {
    const shown = shownIn(stories.go());
    expect(shown).toContain(`<https://gitlab.test/group/bf-core/-/commit/${'1'.repeat(40)}|11111111>`);
    expect(shown).toContain('<https://gitlab.test/group/bf-core/-/jobs/1|deployment 1>');
    expect(shown).toContain(
      'Pass 1 on <https://staging.test/|staging> · <https://linear.test/REL-12|REL-12>',
    );
  });

  test('keeps a waiver visible beside the GO (F7)', () => {
    expect(shownIn(stories.waived())).toMatch(
      /\*Waived\*\n• !12 Fix login, by <@U0RELENG> and <@U0OWNER> until/,
    );
  });

  test('is no GO any more from the moment at which a waiver ends, before anybody has recorded it', () => {
    const { release } = stories.waived();
    const later = new Date('2026-11-27T00:00:00.000Z');
    const body = releaseMessage(release, decide(release, later, digest), later);
    expect(body.text).toMatch(/^NO-GO/);
    expect(mrkdwnIn(body.blocks).join()).toContain('(its waiver ended');
  });

  test('carries in each button what it is about and nothing else', () => {
    const story = stories.waitsForApproval();
    const values = Object.fromEntries(buttonsOf(story).map(({ action_id, value }) => [action_id, value]));
    expect(values).toEqual({
      [`${releaseButtons.approve}:platform`]: `2026.47/platform/${story.standing.digest}`,
      [`${releaseButtons.approve}:security`]: `2026.47/security/${story.standing.digest}`,
      [releaseButtons.checklist]: '2026.47',
      [releaseButtons.blockers]: '2026.47',
      [releaseButtons.recheckAll]: '2026.47',
    });
    expect(buttonsOf(stories.stale())[0]).toMatchObject({
      action_id: releaseButtons.nextPass,
      value: '2026.47/1',
    });
  });

  test('offers no approval before everything else is there', () => {
    const story = stories.waitsForApproval().answered('login', 'fail', 'No.');
    expect(buttonsOf(story).some(({ action_id }) => action_id.startsWith(releaseButtons.approve))).toBe(
      false,
    );
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))(
    'lets %j in 200 gates with 200 blockers neither ping nor break it',
    (_, text) => {
      const story = wide(200, text);
      const body = messageOf(story);
      expectSlackTakes(body);
      expect(pingsIn(body)).toEqual(['<@U0RELENG>']);
    },
  );

  test('counts the blockers that it does not list', () => {
    const story = wide(200, 'short');
    const shown = shownIn(story);
    const listed = shown.split('\n').filter((line) => line.startsWith('• ')).length;
    expect(listed).toBeGreaterThan(5);
    expect(listed + Number(/…and (\d+) more in \*What blocks\*/.exec(shown)?.[1])).toBe(
      story.standing.against.length,
    );
  });
});
