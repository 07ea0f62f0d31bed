import { describe, expect, test } from 'vitest';
import type { MessageBody } from '../../src/core/ports.ts';
import { groupReply } from '../../src/views/release-group-reply.ts';
import { hostile, strangersIn, textOf } from './release-reads.ts';
import { handledAs, stories, unlabelled, wide } from './release-states.ts';
import { event, findingOf, olga, rita, type Story, seen, tess } from './release-story.ts';
import { expectSlackTakes, firstLine } from './slack-reads.ts';

function groupIn(story: Story, id: string): MessageBody {
  const group = story.release.plan.groups.find((one) => one.id === id);
  if (!group) throw new Error(`no group ${id}`);
  return groupReply(
    story.release,
    group,
    story.standing.statuses.filter((status) => status.group.id === id),
  );
}

describe('the reply of a group', () => {
  test.each(Object.keys(stories) as (keyof typeof stories)[])('is taken in the story "%s"', (name) => {
    const story = stories[name]();
    for (const { id } of story.release.plan.groups) {
      const body = groupIn(story, id);
      expectSlackTakes(body);
      expect(strangersIn(body)).toEqual([]);
      expect(groupIn(story, id)).toEqual(body);
    }
  });

  test('says where each gate stands, why, since when, and what blocks', () => {
    const body = groupIn(stories.noGo(), 'mrs');
    expect(body.text).toBe('MR staging validation: 0 of 1 pass, 1 fail');
    expect(firstLine(body)).toBe(':x: *MR staging validation* 0 of 1 pass, 1 fail');
    const shown = textOf(body);
    expect(shown).toMatch(
      /:x: \*GitLab query has no [^*]*\* fail\n +1 merge request lacks the label\. · <!date/,
    );
    expect(shown).toContain('→ Ask its author to validate and label it.');
    expect(shown).toContain(`• <${unlabelled.url}|!12 Fix login>: ${unlabelled.signal}`);
  });

  test('links the evidence with its value and when it was seen', () => {
    expect(textOf(groupIn(stories.go(), 'identity'))).toMatch(
      new RegExp(`<${seen.url}\\|Pipeline 7>: success · <!date\\^1795168800`),
    );
  });

  test('says who answered what and when, with note', () => {
    const shown = textOf(groupIn(stories.failedByPeople(), 'smoke'));
    expect(shown).toMatch(/:x: \*Login succeeds[^*]*\* fail/);
    expect(shown).toMatch(/<@U0TESTER> fail <!date\^\d+\^[^>]*>, pass 1 · Blank page/);
  });

  test('names the workspace and depot of its checks (B4)', () => {
    expect(firstLine(groupIn(stories.go(), 'smoke'))).toMatch(
      /\nWorkspace Smoke, depot Depot A · <@U0TESTER> <!date/,
    );
    expect(textOf(groupIn(stories.go(), 'mrs'))).not.toContain('Depot A');
  });

  test('shows both answers of people who answered at once', () => {
    const story = stories.begun().placed().answered('login', 'pass');
    story.does(
      olga,
      event('ItemAnswered', {
        gate: 'login',
        pass: 1,
        outcome: 'not-applicable',
        note: 'No login here',
        link: null,
        saw: [],
      }),
    );
    const shown = textOf(groupIn(story, 'smoke'));
    expect(shown).toContain('inconclusive');
    expect(shown).toContain('People answered it differently at the same time.');
    expect(shown).toContain('<@U0TESTER> pass');
    expect(shown).toContain('<@U0OWNER> not applicable');
  });

  test('tells who has an open item', () => {
    const story = stories.begun().does(rita, event('ItemAssigned', { gate: 'login', to: tess }));
    expect(textOf(groupIn(story, 'smoke'))).toContain('assigned to <@U0TESTER>');
  });

  test('shows a waiver with both people, its reason and its end, and what was handled', () => {
    expect(textOf(groupIn(stories.waived(), 'mrs'))).toMatch(
      /waived: !12 Fix login, by <@U0RELENG> and <@U0OWNER> until <!date\^\d+\^[^>]*>: Known\./,
    );
    expect(textOf(groupIn(handledAs('excluded'), 'mrs'))).toMatch(
      /Excluded: !12 Fix login, by <@U0RELENG> <!date\^[^>]*>: Docs only · <https:\/\/x.test\/1\|followed here>/,
    );
  });

  test('says that a waiver counts no more when its blocker reads differently now', () => {
    const changed = { ...unlabelled, signal: 'It lacks two labels now.' };
    const story = stories
      .waived()
      .does(rita, event('RunRequested', { gates: ['labels'] }))
      .found('labels', findingOf('fail', { blockers: [changed] }));
    expect(textOf(groupIn(story, 'mrs'))).toContain('Waived before, counts no more: !12 Fix login');
  });

  test.each(hostile)('lets %j in 200 gates with 200 blockers neither ping nor break it', (_, text) => {
    const body = groupIn(wide(200, text), 'wide');
    expectSlackTakes(body);
    expect(strangersIn(body)).toEqual([]);
  });

  test('keeps a line for each of 60 gates and counts what it leaves out', () => {
    const shown = textOf(groupIn(wide(60, 'A title of usual length for a gate'), 'wide'));
    expect(shown.match(/\*A title of usual length for a gate\* (?:fail|open|queued)/g)).toHaveLength(60);
    expect(shown).toMatch(/…and \d+ more/);
  });
});
