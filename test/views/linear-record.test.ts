import { describe, expect, test } from 'vitest';
import { asLinearWrites, boxesOf } from '../../sandbox/linear/markdown.ts';
import { recordComments } from '../../src/views/linear-comments.ts';
import { mergeRecord, sameRecord } from '../../src/views/linear-merge.ts';
import { recordBlock, recordTitle } from '../../src/views/linear-record.ts';
import { stories, unlabelled, wide } from './release-states.ts';
import { deploymentOf, event, olga, phase, rita, type Story, tess } from './release-story.ts';
import { hostileTexts } from './states.ts';

const names = new Map([
  [rita, 'Rita'],
  [tess, 'Tess'],
]);
const blockOf = (story: Story) => recordBlock(story.release, phase, story.standing, names);
const boxIn = (story: Story, words: string) =>
  boxesOf(blockOf(story)).find(({ text }) => text.includes(words));
describe('the record of a release', () => {
  test('has the title that the catalogue words', () => {
    expect(recordTitle(phase, stories.begun().release)).toBe('Validate Manage staging release 2026.47');
  });

  test('has the template of the document, in order', () => {
    const lines = blockOf(stories.go()).split('\n');
    expect(lines.filter((line) => line.startsWith('## '))).toEqual([
      '## Staging validation',
      '## MR staging validation',
      '## Deployment identity',
      '## Core smoke',
      '## Release-specific add-ons',
      '## Outcome',
    ]);
    for (const line of [
      '* Release: 2026.47',
      '* Environment: <https://staging.test/>',
      '* Release owner: Rita',
      '* Validation date: 2026-11-20T10:01:00Z, pass 1',
      '* Runbook: `docs/runbook.md`',
      '* Validated by: Tess',
      '* Workspace/depot used: Smoke / Depot A',
      '* Pipeline/deployment links:',
      '  * [bf-core](https://gitlab.test/group/bf-core/-/jobs/1) at `11111111`',
      '* Blockers: none',
      '* Exceptions: none',
    ])
      expect(lines).toContain(line);
  });

  test.each<[keyof typeof stories, string, boolean, string]>([
    [
      'go',
      'GitLab query has no unresolved MRs missing `Validated in Staging`: **pass**',
      true,
      'It is pass.',
    ],
    ['noGo', 'GitLab query', false, '**fail**'],
    ['waived', 'GitLab query', true, '**waived**'],
    ['go', 'Roaming checks', true, '**not required** · Nothing of it is touched.'],
    ['half', 'Logout works', false, '**open**'],
    ['failedByPeople', 'Login succeeds', false, '**fail**'],
    ['go', 'Staging release candidate is ready for production promotion', true, ''],
    ['go', 'Blocked: issue(s) recorded below', false, ''],
    ['noGo', 'ready for production promotion', false, ''],
    ['noGo', 'Blocked: issue(s) recorded below', true, ''],
    ['half', 'Blocked: issue(s) recorded below', false, ''],
    ['stale', 'ready for production promotion', false, ''],
    ['stale', 'Blocked: issue(s) recorded below', false, ''],
  ])('in the story "%s" has the box "%s" ticked: %s', (name, words, checked, said) => {
    const box = boxIn(stories[name](), words);
    expect(box?.checked).toBe(checked);
    expect(box?.text).toContain(said);
  });

  test('says who answered, when, and what they noted', () => {
    expect(blockOf(stories.failedByPeople())).toMatch(
      /^ {2}\* fail by Tess, 2026-11-20T10:\d\d:00Z, pass 1 · Blank page$/m,
    );
  });

  test('links each blocker and names each exception with both people', () => {
    const link = `[!12 Fix login](${unlabelled.url})`;
    expect(blockOf(stories.noGo())).toContain(`* Blockers:\n  * ${link}: ${unlabelled.signal}`);
    expect(blockOf(stories.waived())).toContain(
      '* Exceptions:\n  * Waived: !12 Fix login, by Rita and `U0OWNER`, until 2026-11-27T00:00:00Z: Known.',
    );
  });

  test.each(Object.keys(stories) as (keyof typeof stories)[])(
    'of the story "%s" is as Linear writes it',
    (name) => {
      const text = mergeRecord('Hello', blockOf(stories[name]()));
      expect(asLinearWrites(text)).toBe(text);
      expect(blockOf(stories[name]())).toBe(blockOf(stories[name]()));
    },
  );

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))(
    'with %j in 60 gates has exactly its own headings, boxes and markers',
    (_, text) => {
      const story = wide(60, text);
      const merged = mergeRecord(null, blockOf(story));
      expect(boxesOf(merged)).toHaveLength(60 + 2);
      expect(merged.split('\n').filter((line) => /^\s*#/.test(line))).toHaveLength(3);
      expect(merged.split('\n').filter((line) => /^`gonogo:(begin|end)`$/.test(line))).toHaveLength(2);
      expect(merged).not.toMatch(/^\s*(```|~~~)/m);
      expect(merged).not.toMatch(/@[\w]/);
    },
  );
});

describe('two descriptions are the same', () => {
  test('when Linear wrote one of them back', () => {
    for (const story of [stories.noGo(), stories.waived(), wide(20, hostileTexts[6])]) {
      const text = mergeRecord('- my list\n+ more\nhttps://gitlab.test/x', blockOf(story));
      expect(sameRecord(text, asLinearWrites(text))).toBe(true);
    }
  });

  test.each<[string, string, boolean]>([
    ['- [ ] one', '* [ ] one', true],
    ['- [ ] one', '- [x] one', false],
    ['a\n\n\nb', 'a\nb', true],
    ['see https://a.test/x', 'see <https://a.test/x>', true],
    ['2026\\.47 \\_x\\_', '2026.47 _x_', true],
    ['one', 'two', false],
  ])('%j and %j: %s', (one, other, same) => {
    expect(sameRecord(one, other)).toBe(same);
  });
});

describe('the comments of the record', () => {
  const keysOf = (story: Story) => recordComments(story.release, names).map(({ key }) => key);

  test('tell the history in order, each under a key that stays', () => {
    const story = stories.secondPass();
    const [stale, pass] = story.release.notices;
    expect(keysOf(story)).toEqual([
      'pass/1',
      'decision/1',
      `notice/${stale?.seq}`,
      'withdrawal/1',
      `notice/${pass?.seq}`,
    ]);
    const before = recordComments(stories.go().release, names);
    expect(recordComments(story.release, names).slice(0, before.length)).toEqual(before);
  });

  test('say why, with links and people', () => {
    const bodies = recordComments(stories.waived().release, names).map(({ body }) => body);
    expect(bodies[0]).toBe('Validation of release 2026.47 opened by Rita, 2026-11-20T10:01:00Z.');
    expect(bodies[1]).toContain(`* [!12 Fix login](${unlabelled.url}): ${unlabelled.signal}`);
    expect(bodies.join('\n')).toContain('Waiver asked for by Rita');
    expect(bodies.join('\n')).toContain('Waived: !12 Fix login, by Rita and `U0OWNER`');
  });

  test('tell what people saw fail', () => {
    const [failure] = recordComments(stories.failedByPeople().release, names).filter(({ key }) =>
      key.startsWith('answer/'),
    );
    expect(failure?.body).toMatch(/^Login succeeds for a normal admin user: fail by Tess, .* · Blank page$/);
  });

  test.each([
    [
      'declined',
      () => stories.waiverAsked().does(olga, event('WaiverDeclined', { waiver: 'w1' })),
      'waiver/w1/declined',
    ],
    ['confirmed', stories.waived, 'waiver/w1/confirmed'],
  ] as const)('tell that a waiver was %s', (_, story, key) => {
    expect(keysOf(story())).toContain(key);
  });

  test('tell of approvals and what voids them', () => {
    const story = stories.waitsForApproval().approved('platform', olga).answered('login', 'fail', 'No.');
    const bodies = recordComments(story.release, names).map(({ body }) => body);
    expect(bodies).toContainEqual(expect.stringMatching(/^Approved as Platform owner by `U0OWNER`, /));
    expect(bodies).toContainEqual(
      expect.stringMatching(/^Approval as Platform owner is void, .*: Login succeeds/),
    );
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))(
    'of %j hold no mark of their own',
    (_, text) => {
      const deployment = { ...deploymentOf(9, text), ref: text, url: text };
      const { id: blocker, signal } = unlabelled;
      const story = stories
        .noGo()
        .answered('login', 'fail', text || 'x')
        .does(
          rita,
          event('BlockerHandled', {
            gate: 'labels',
            blocker,
            signal,
            title: text,
            as: 'tracked',
            reason: text,
            link: text,
          }),
        )
        .does(rita, event('DeploymentSeen', { project: text, deployment }), event('PassStarted', { pass: 2 }))
        .identified(2, [text], [{ gate: text, why: text }]);
      for (const { body } of recordComments(story.release, names)) {
        expect(boxesOf(body)).toEqual([]);
        expect(body).not.toMatch(/^\s*(#|```|~~~)/m);
        expect(body).not.toMatch(/@\w/);
      }
    },
  );
});
