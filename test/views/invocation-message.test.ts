import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../src/core/invocation/state.ts';
import { invocationAnswer } from '../../src/views/answers.ts';
import { invocationMessage } from '../../src/views/invocation-message.ts';
import { verdictOf } from '../../src/views/invocation-words.ts';
import { expectSlackTakes, firstLine, mrkdwnIn, pingsIn } from './slack-reads.ts';
import {
  anyInvocation,
  everyState,
  followingOf,
  hostileTexts,
  hostileUrls,
  invocationOf,
  problemOf,
  seenOf,
  targetOf,
  targetsIn,
} from './states.ts';

const pacing = { pipelinesPerMinute: 20 };
const passed = followingOf(seenOf('passed'));
const failed = followingOf(seenOf('failed', { detail: 'job "build" failed' }));
const notStarted = { at: 'not-started', why: 'stopped before it started' } as const;
const lost = {
  at: 'lost',
  problem: problemOf('Unknown.'),
  url: 'https://gitlab.test/p/-/pipelines/7',
} as const;
const longest = `bf-${'n'.repeat(57)}`;
const faultsOf = (count: number, text = 'It is missing.') =>
  Array.from({ length: count }, (_, index) => ({ project: `bf-${index}`, problem: problemOf(text) }));
const stop = { by: 'U0NORA', at: '2026-11-20T10:01:00.000Z' };

const states: [verdict: string, what: string, state: Invocation][] = [
  [
    'Checking',
    'one that is checked',
    invocationOf({ project: 'bf-web', projects: ['bf-web'], preflight: 'pending' }),
  ],
  ['Checking', 'all that are checked', invocationOf({ projects: ['a', 'b', 'c'], preflight: 'pending' })],
  [
    'Not started',
    'a check with one fault',
    invocationOf({ preflight: 'failed', projects: ['a'], faults: faultsOf(1) }),
  ],
  [
    'Not started',
    '200 faults',
    invocationOf({ preflight: 'failed', projects: ['a'], faults: faultsOf(200) }),
  ],
  [
    'Not started',
    '200 faults of the longest words',
    invocationOf({ preflight: 'failed', projects: ['a'], faults: faultsOf(200, 'w'.repeat(3_000)) }),
  ],
  ['Running', '200 that wait', invocationOf({ targets: targetsIn(200, { at: 'waiting' }) })],
  ['Running', '200 in every state', invocationOf({ targets: targetsIn(200, ...everyState()) })],
  [
    'Running',
    '200 in every state, with 3,000 characters each',
    invocationOf({ targets: targetsIn(200, ...everyState('x'.repeat(3_000))) }),
  ],
  [
    'Running',
    '1,000 of the longest names in every state',
    invocationOf({
      targets: targetsIn(1_000, ...everyState()).map((target) => ({ ...target, project: longest })),
    }),
  ],
  [
    'Running',
    'one that runs after a stop',
    invocationOf({ targets: targetsIn(2, followingOf(null), notStarted), stop }),
  ],
  [
    'Held',
    'one that waits for one that failed',
    invocationOf({ targets: targetsIn(2, failed, { at: 'waiting', waitsFor: ['bf-001 failed'] }) }),
  ],
  [
    'Running',
    'one that waits for one that runs',
    invocationOf({
      targets: targetsIn(2, followingOf(null), { at: 'waiting', waitsFor: ['bf-001 has not passed yet'] }),
    }),
  ],
  ['Passed', 'one that passed', invocationOf({ project: 'bf-001', targets: targetsIn(1, passed) })],
  ['Passed', '200 that passed', invocationOf({ targets: targetsIn(200, passed) })],
  [
    'Failed',
    'one of many that failed',
    invocationOf({ targets: targetsIn(16, passed, passed, passed, failed) }),
  ],
  ['Failed', '200 that failed', invocationOf({ targets: targetsIn(200, failed) })],
  [
    'Failed',
    '200 failures of 3,000 characters',
    invocationOf({ targets: targetsIn(200, { at: 'failed', problem: problemOf('<&>'.repeat(1_000)) }) }),
  ],
  [
    'Failed',
    'canceled and passed',
    invocationOf({ targets: targetsIn(2, passed, followingOf(seenOf('canceled'))) }),
  ],
  ['Failed', 'a failure beside a stop', invocationOf({ targets: targetsIn(2, failed, notStarted), stop })],
  ['End unknown', 'one out of sight', invocationOf({ targets: targetsIn(2, passed, lost) })],
  ['Stopped', 'stopped and passed', invocationOf({ targets: targetsIn(2, passed, notStarted), stop })],
  [
    'Waiting for a person in GitLab',
    'a manual job',
    invocationOf({ targets: targetsIn(2, passed, followingOf(seenOf('manual'))) }),
  ],
];

describe('the message of an invocation', () => {
  test.each(states)('says "%s" first for %s, and Slack takes it', (verdict, _, state) => {
    const body = invocationMessage(state, pacing);
    expectSlackTakes(body);
    expect(verdictOf(state).word).toBe(verdict);
    expect(firstLine(body)).toContain(`*${verdict}*`);
    expect(body.text).toMatch(new RegExp(`^${verdict}: `));
  });

  test.each(states)('is taken as an answer with all targets too: %s, %s', (_, __, state) => {
    expectSlackTakes(invocationAnswer(state, pacing));
    expect(JSON.stringify(invocationAnswer(state, pacing))).not.toContain('"actions"');
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))(
    'lets %j neither ping nor break it',
    (_, text) => {
      const targets = everyState(text).map((state) => targetOf(text, state));
      const origin = {
        kind: 'gitlab',
        user: text,
        project: text,
        pipelineId: 1,
        url: 'https://gitlab.test/p',
      } as const;
      for (const state of [
        invocationOf({ project: text, projects: [text], targets, origin }),
        invocationOf({
          project: text,
          projects: [text],
          preflight: 'failed',
          faults: faultsOf(9, text),
          origin,
        }),
      ])
        for (const body of [invocationMessage(state, pacing), invocationAnswer(state, pacing)]) {
          expectSlackTakes(body);
          expect(pingsIn(body)).toEqual([]);
        }
    },
  );

  test.each(hostileUrls.map((url) => [url.slice(0, 40), url]))(
    'lets the address %j neither ping nor break it',
    (_, url) => {
      const observed = seenOf('failed', { url, lookAt: url, detail: 'x' });
      const origin = { kind: 'gitlab', user: 'r', project: 'p', pipelineId: 1, url } as const;
      const state = invocationOf({
        targets: [targetOf('a', followingOf(observed, url)), targetOf('b', { ...lost, url })],
        origin,
      });
      const body = invocationMessage(state, pacing);
      expectSlackTakes(body);
      expect(pingsIn(body)).toEqual([]);
    },
  );

  test('can be made of any state whatever, and is the same each time', () => {
    fc.assert(
      fc.property(anyInvocation, (state) => {
        const kept = structuredClone(state);
        const bodies = [invocationMessage(state, pacing), invocationAnswer(state, pacing)];
        for (const body of bodies) {
          expectSlackTakes(body);
          expect(pingsIn(body).filter((ping) => !['<@U0RITA>', '<@U0NORA>'].includes(ping))).toEqual([]);
          expect(firstLine(body)).toContain(verdictOf(state).word);
        }
        expect([invocationMessage(state, pacing), invocationAnswer(state, pacing)]).toEqual(bodies);
        expect(state).toEqual(kept);
      }),
      { numRuns: 400, seed: 20261120 },
    );
  });
});

describe('the progress', () => {
  const bar = (state: Invocation) =>
    mrkdwnIn(invocationMessage(state, pacing).blocks).find((text) => /[█░]/.test(text)) ?? '';

  test.each<[number, number, number]>([
    [0, 16, 0],
    [1, 16, 1],
    [8, 16, 10],
    [15, 16, 18],
    [16, 16, 20],
    [199, 200, 19],
    [1, 200, 0],
  ])('of %i of %i ended fills %i of 20 cells', (ended, count, cells) => {
    const targets = [...targetsIn(ended, passed), ...targetsIn(count - ended, { at: 'waiting' })];
    const shown = bar(invocationOf({ targets }));
    expect([...shown].filter((cell) => cell === '█')).toHaveLength(cells);
    expect([...shown].filter((cell) => cell === '░')).toHaveLength(20 - cells);
    expect(shown).toContain(`${ended} of ${count} ended`);
  });

  test('is not shown before there is any', () => {
    expect(bar(invocationOf({ preflight: 'pending', projects: ['a'] }))).toBe('');
  });

  test.each<[number, string]>([
    [200, 'about 10 min'],
    [21, 'about 2 min'],
    [20, 'about 1 min'],
    [2, 'about 1 min'],
  ])('of %i that wait says when the last one starts: %s', (count, words) => {
    expect(bar(invocationOf({ targets: targetsIn(count, { at: 'waiting' }) }))).toContain(words);
  });

  test('of the last one that waits promises nothing', () => {
    expect(bar(invocationOf({ targets: targetsIn(1, { at: 'waiting' }) }))).not.toContain('min');
  });

  test('of held ones promises no time, and counts them as waiting', () => {
    const held = { at: 'waiting', waitsFor: ['bf-001 has not passed yet'] } as const;
    const shown = bar(invocationOf({ targets: targetsIn(60, followingOf(null), { at: 'waiting' }, held) }));
    expect(shown).toContain('0 of 60 ended · 20 held by an earlier wave');
    expect(shown).toContain('40 waiting');
    expect(shown).not.toContain('min');
  });

  test('counts each word, what needs attention first', () => {
    const shown = bar(invocationOf({ targets: targetsIn(26, ...everyState()) })).split('\n')[1];
    expect(shown?.split('  ').map((part) => part.replace(/^:[a-z_]+: /, ''))).toEqual([
      '4 failed',
      '2 canceled',
      '2 skipped',
      '2 end unknown',
      '2 waiting for a person in GitLab',
      '2 not started',
      '2 passed',
      '4 running',
      '2 starting',
      '4 waiting',
    ]);
  });
});

test('more failures than fit are counted, none is dropped silently (A5)', () => {
  const shown = mrkdwnIn(
    invocationMessage(invocationOf({ targets: targetsIn(200, failed) }), pacing).blocks,
  ).join('\n');
  const lines = shown.split('\n').filter((line) => /^:x: \*bf-\d+\* failed/.test(line)).length;
  const rest = Number(/…and (\d+) more/.exec(shown)?.[1]);
  expect(lines).toBeGreaterThan(4);
  expect(lines + rest).toBe(200);
});

test('who started it, and who stopped it, is said', () => {
  const shown = mrkdwnIn(
    invocationMessage(invocationOf({ targets: targetsIn(1, notStarted), stop }), pacing).blocks,
  ).join();
  expect(shown).toContain('Started by <@U0RITA> · stopped by <@U0NORA>');
});
