import { describe, expect, test } from 'vitest';
import { decideSummary, summaryAnswer } from '../../src/views/release-summary.ts';
import { stories, unlabelled, wide } from './release-states.ts';
import { event, olga, rita, type Story } from './release-story.ts';
import { expectSlackTakes, firstLine, mrkdwnIn, pingsIn } from './slack-reads.ts';
import { hostileTexts } from './states.ts';

const summaryOf = (story: Story) => decideSummary(story.release, story.standing);
const lastLine = (text: string) => text.split('\n').at(-1);
const columns = (line: string) => [...line].length;

function preformatted(story: Story): string {
  const { blocks } = summaryAnswer(story.release, story.standing);
  const [part] = blocks.flatMap((block) => (block.type === 'rich_text' ? (block['elements'] as Part[]) : []));
  return part?.elements.map(({ text }) => text).join('') ?? '';
}

interface Part {
  elements: { text: string }[];
}

describe('the summary of a decision (D7)', () => {
  test('has the shape of the document when it is GO', () => {
    expect(summaryOf(stories.go())).toBe(
      [
        'GO/NO-GO decision: GO',
        'Release 2026.47, Staging validation, pass 1',
        '',
        'MR staging validation ................................. PASS',
        '  ✓ GitLab query has no unresolved MRs missing `Validated in',
        '    Staging`',
        '',
        'Deployment identity ................................... PASS',
        '  ✓ `staging.test` loads',
        '  ✓ Staging deploy pipeline passed',
        '',
        'Core smoke ............................................ PASS',
        '  ✓ Login succeeds for a normal admin user',
        '  ✓ Logout works',
        '',
        'Release-specific add-ons .............................. PASS',
        '  ✓ Roaming checks (not required)',
        '',
        'Waivers and exceptions: none',
        'Unresolved SEV-1/SEV-2: not checked here',
        'Approvals: none asked for',
        '',
        'DECISION: GO',
      ].join('\n'),
    );
  });

  test.each<[keyof typeof stories, string]>([
    ['opened', 'DECISION: NO-GO (not complete: 7 open)'],
    ['half', 'DECISION: NO-GO (not complete: 1 open)'],
    ['unrecorded', 'DECISION: NO-GO (not complete: 1 open)'],
    ['noGo', 'DECISION: NO-GO'],
    ['rechecking', 'DECISION: NO-GO (not complete: re-checking)'],
    ['goRechecking', 'DECISION: GO (re-checking)'],
    ['stale', 'DECISION: NO-GO (not complete: 1 open)'],
    ['withdrawn', 'DECISION: NO-GO'],
    ['waived', 'DECISION: GO'],
    ['waitsForApproval', 'DECISION: NO-GO (not complete: 2 open)'],
    ['approved', 'DECISION: GO'],
  ])('of the story "%s" ends with "%s" and begins with the same verdict', (name, decision) => {
    const summary = summaryOf(stories[name]());
    expect(lastLine(summary)).toBe(decision);
    const verdict = decision.includes('NO-GO') ? 'NO-GO' : 'GO';
    expect(summary.split('\n')[0]).toBe(`GO/NO-GO decision: ${verdict}`);
  });

  test('marks a group with a failure FAIL and names what blocks, one with open items OPEN', () => {
    const summary = summaryOf(stories.half());
    expect(summary).toMatch(/^MR staging validation \.+ FAIL$/m);
    expect(summary).toMatch(/^ {2}✗ GitLab query/m);
    expect(summary).toContain('    - !12 Fix login: It lacks the label Validated in');
    expect(summary).toMatch(/^Core smoke \.+ OPEN$/m);
    expect(summary).toContain('  … Logout works (open)');
  });

  test('names waivers, what was handled, and approvals', () => {
    expect(summaryOf(stories.waived())).toContain('  ! Waived until 2026-11-27: !12 Fix login (Known.)');
    const { id: blocker, signal, title } = unlabelled;
    const handling = { gate: 'labels', blocker, signal, title, reason: 'Docs only', link: null };
    const excluded = stories.noGo().does(rita, event('BlockerHandled', { ...handling, as: 'excluded' }));
    expect(summaryOf(excluded)).toContain('  ! Excluded: !12 Fix login (Docs only)');
    expect(summaryOf(stories.waitsForApproval().approved('platform', olga))).toContain(
      'Approvals:\n  ✓ Platform owner\n  … Security owner (open)',
    );
  });

  test('says what stands against it and is no gate', () => {
    expect(summaryOf(stories.unrecordable())).toContain(
      '✗ The record cannot be written: Linear is not set up.',
    );
    expect(summaryOf(stories.stale())).toContain('… staging has changed since it was validated: bf-core was');
  });

  test.each(Object.keys(stories) as (keyof typeof stories)[])(
    'is taken as an answer in the story "%s"',
    (name) => {
      const story = stories[name]();
      const body = summaryAnswer(story.release, story.standing);
      expectSlackTakes(body);
      expect(preformatted(story)).toBe(summaryOf(story));
      expect(firstLine(body)).toContain('*Release 2026.47 · Staging validation*');
      expect(mrkdwnIn(body.blocks).join()).toContain('*Next:*');
      for (const line of summaryOf(story).split('\n')) expect(columns(line)).toBeLessThanOrEqual(60);
    },
  );

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))(
    'of %j in 200 gates with 200 blockers keeps its columns, is taken, and still tells the decision',
    (_, text) => {
      const story = wide(200, text);
      const body = summaryAnswer(story.release, story.standing);
      expectSlackTakes(body);
      expect(pingsIn(body)).toEqual([]);
      const shown = preformatted(story);
      expect(shown).toMatch(/^GO\/NO-GO decision: NO-GO\n/);
      expect(lastLine(shown)).toMatch(/^DECISION: NO-GO \(not complete: 188 open\)$/);
      for (const line of shown.split('\n')) expect(columns(line)).toBeLessThanOrEqual(60);
    },
  );

  test('that is cut counts the lines that it leaves out', () => {
    const story = wide(200, 'A gate with a title of usual length');
    const shown = preformatted(story).split('\n');
    const [, more] = /\((\d+) more lines in the thread\)/.exec(shown.join('\n')) ?? [];
    expect(shown.length - 1 + Number(more)).toBe(summaryOf(story).split('\n').length);
  });
});
