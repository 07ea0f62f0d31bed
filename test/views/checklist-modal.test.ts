import { describe, expect, test } from 'vitest';
import { checkView } from '../../src/core/slack-payload/check-view.ts';
import { checklistModal } from '../../src/views/checklist-modal.ts';
import { answered, event, identified, releaseOf, workspace } from '../commands/sample-release.ts';
import { ada, releases } from '../support/catalogue.ts';
import { buttonsOf, linesOf, longRelease, statuses } from './release-forms.ts';
import { mrkdwnIn } from './slack-reads.ts';
import { hostileTexts } from './states.ts';

const shown = { group: null, channel: releases };
const modal = (release: ReturnType<typeof releaseOf>, group: string | null = null) =>
  checklistModal(release, statuses(release), { ...shown, group });
const roamingApplies = event('ApplicabilityJudged', {
  pass: 1,
  gates: [{ gate: 'roaming', verdict: 'applies', reason: '!12 has the label roaming' }],
});

describe('the checklist (B4)', () => {
  test('lists what people answer, section by section in the order of the document', () => {
    const lines = linesOf(modal(releaseOf([identified(), roamingApplies])));
    expect(lines).toEqual([
      '*Release 2026.47* · Staging validation\n*0 of 3 answered*',
      `The release’s message is in <#${releases}>. Answers are recorded with who and when.`,
      ':warning: *Workspace and depot are not recorded yet*: the smoke checks need them.',
      '*Gate 3: Core smoke* · 0 of 2 answered',
      ':white_circle: *open* · Login succeeds',
      ':white_circle: *open* · Logout works',
      '*Gate 4: Add-ons* · 0 of 1 answered',
      ':white_circle: *open* · Roaming\n!12 has the label roaming',
    ]);
  });

  test('a button is read out beginning with what it shows', () => {
    const { blocks } = modal(releaseOf([identified(), workspace(), answered('login')]));
    const read = JSON.parse(JSON.stringify(blocks)) as {
      accessory?: { text: { text: string }; accessibility_label?: string };
    }[];
    const spoken = read.flatMap(({ accessory }) =>
      accessory?.accessibility_label ? [`${accessory.text.text} | ${accessory.accessibility_label}`] : [],
    );
    expect(spoken).toContain('Change | Change: Login succeeds');
    expect(spoken).toContain('Answer | Answer: Logout works');
  });

  test('has one button an item, reached in order, and one for the workspace', () => {
    expect(buttonsOf(modal(releaseOf([identified()])))).toEqual([
      'checklist_workspace 2026.47',
      'checklist_answer 2026.47/login',
      'checklist_answer 2026.47/logout',
      'checklist_answer 2026.47/roaming',
    ]);
  });

  test('says of each answer who gave it and why, and of an open item to whom it is assigned', () => {
    const release = releaseOf([
      identified(),
      workspace(),
      [answered('login', { outcome: 'fail', note: 'blank <page>' }), { actor: ada }],
      event('ItemAssigned', { gate: 'logout', to: ada }),
    ]);
    const lines = linesOf(modal(release));
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^:x: \*fail\* · Login succeeds\n<@U0ADMIN> · <!date\^\d+\^.+\nblank &lt;page&gt;$/,
      ),
    );
    expect(lines).toContain(':white_circle: *open* · Logout works\nAssigned to <@U0ADMIN>');
    expect(lines[0]).toContain('*1 of 3 answered*');
    expect(lines).toContainEqual(expect.stringContaining('Workspace *Smoke test*, depot *Depot A*'));
  });

  test('words add-ons as completed, not required and blocked (B5)', () => {
    const judged = event('ApplicabilityJudged', {
      pass: 1,
      gates: [{ gate: 'roaming', verdict: 'does-not-apply', reason: 'Nothing of it was touched.' }],
    });
    expect(linesOf(modal(releaseOf([identified(), judged])))).toContain(
      ':white_check_mark: *not required* · Roaming\nNothing of it was touched.',
    );
    const blocked = releaseOf([
      identified(),
      roamingApplies,
      answered('roaming', { outcome: 'fail', note: 'x' }),
    ]);
    expect(linesOf(modal(blocked)).at(-1)).toContain(':x: *blocked* · Roaming');
  });

  test('counts answers that contradict each other as not answered', () => {
    const release = releaseOf([
      identified(),
      workspace(),
      answered('login'),
      [answered('login', { outcome: 'not-applicable', note: 'no' }), { actor: ada }],
    ]);
    expect(linesOf(modal(release))).toContainEqual(
      expect.stringMatching(/^:grey_question: \*inconclusive\* · Login succeeds\n<@U0TESTER>, <@U0ADMIN>/),
    );
    expect(linesOf(modal(release))[0]).toContain('*0 of 3 answered*');
  });

  test('says what was kept from the pass before, and what is asked again and why (B8)', () => {
    const release = releaseOf([
      identified(),
      workspace(),
      answered('login'),
      answered('logout'),
      event('PassStarted', { pass: 2 }),
      event('CandidateIdentified', {
        candidate: { release: '2026.47', environment: 'staging', url: 'https://x.test', pass: 2, parts: [] },
        kept: ['login'],
        again: [{ gate: 'logout', why: 'src/auth/logout.ts has changed.' }],
      }),
    ]);
    const lines = linesOf(modal(release));
    expect(lines[0]).toContain('pass 2\n*1 of 3 answered*');
    expect(lines).toContainEqual(expect.stringMatching(/\*pass\* · Login succeeds\n.+ · kept from pass 1$/));
    expect(lines).toContain(':white_circle: *open* · Logout works\nsrc/auth/logout.ts has changed.');
  });

  test('says so while it is not known what should be running', () => {
    expect(linesOf(modal(releaseOf([])))[1]).toContain('It is being found out what should be running');
    const problem = { code: 'x', what: 'No branch.', why: 'It is gone.', todo: 'Cut it off.' };
    const lines = linesOf(modal(releaseOf([event('CandidateUnknown', { pass: 1, problem })])));
    expect(lines[1]).toBe(':warning: *No branch.* It is gone. Cut it off.');
  });
});

describe('a long checklist', () => {
  test.each<[number, number, readonly string[]]>([
    [1, 60, hostileTexts],
    [3, 30, ['A usual title', '&<>'.repeat(1_000)]],
    [10, 30, ['A usual title', '&<>'.repeat(1_000)]],
  ])('of %i sections with %i items is taken by Slack', (sections, each, texts) => {
    for (const text of texts) {
      const release = longRelease(sections, each, text);
      expect(checkView(modal(release))).toEqual([]);
      expect(checkView(modal(release, `section-${sections - 1}`))).toEqual([]);
    }
  });

  test('shows one section at a time when not all fit: the chosen one, or the first with something open', () => {
    const release = longRelease(4, 30, 'Item');
    const pageOf = (group: string | null) =>
      buttonsOf(modal(release, group)).filter((button) => button.startsWith('checklist_answer'));
    expect(buttonsOf(modal(release))).toContain('checklist_section');
    expect(pageOf('section-2')).toHaveLength(30);
    expect(pageOf('section-2')[0]).toBe('checklist_answer 2026.47/item-2-0');
    expect(pageOf(null)[0]).toBe('checklist_answer 2026.47/item-0-0');
    expect(buttonsOf(modal(longRelease(3, 30, 'Item')))).not.toContain('checklist_section');
  });
});

test.each(hostileTexts)('foreign text pings nobody and breaks nothing: %j', (text) => {
  const shownTexts = mrkdwnIn(modal(longRelease(1, 1, text)));
  const marks = shownTexts.flatMap((one) => one.match(/<[^>]*>/g) ?? []);
  expect(
    marks.filter((mark) => !/^<!date\^|^<@U0TESTER>$|^<#C0RELEASES>$|^<https:\/\/gitlab/.test(mark)),
  ).toEqual([]);
});
