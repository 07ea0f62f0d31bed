import { describe, expect, test } from 'vitest';
import type { Invocation } from '../../src/core/invocation/state.ts';
import { invocationButtons, invocationMessage } from '../../src/views/invocation-message.ts';
import { mrkdwnIn } from './slack-reads.ts';
import { followingOf, invocationOf, problemOf, seenOf, targetsIn } from './states.ts';

const pacing = { pipelinesPerMinute: 20 };
const passed = followingOf(seenOf('passed'));
const failed = followingOf(seenOf('failed', { detail: 'job "build" failed' }));
const notStarted = { at: 'not-started', why: 'stopped before it started' } as const;
const lost = {
  at: 'lost',
  problem: problemOf('Unknown.'),
  url: 'https://gitlab.test/p/-/pipelines/7',
} as const;
const faultsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    project: `bf-${index}`,
    problem: problemOf('It is missing.'),
  }));
const stop = { by: 'U0NORA', at: '2026-11-20T10:01:00.000Z' };

describe('the buttons', () => {
  interface Button {
    action_id: string;
    text: { text: string };
    value: string;
    style: string;
    confirm?: { text: { text: string } };
  }
  const buttons = (state: Invocation): Button[] => {
    const actions = invocationMessage(state, pacing).blocks.find(({ type }) => type === 'actions');
    return (actions?.['elements'] ?? []) as Button[];
  };
  test.each<[string, Invocation, string[]]>([
    ['while it is checked', invocationOf({ preflight: 'pending', projects: ['a'] }), ['Stop']],
    ['after a refused check', invocationOf({ preflight: 'failed', faults: faultsOf(1) }), ['Check again']],
    ['while one waits', invocationOf({ targets: targetsIn(2, { at: 'waiting' }) }), ['Stop']],
    [
      'while one waits and one failed',
      invocationOf({ targets: targetsIn(2, { at: 'waiting' }, failed) }),
      ['Retry failed (1)', 'Stop'],
    ],
    ['while all run', invocationOf({ targets: targetsIn(2, followingOf(null)) }), []],
    ['when three failed', invocationOf({ targets: targetsIn(3, failed) }), ['Retry failed (3)']],
    ['when all passed', invocationOf({ targets: targetsIn(3, passed) }), []],
    ['after a stop', invocationOf({ targets: targetsIn(2, notStarted), stop }), ['Retry failed (2)']],
    [
      'when somebody’s own pipeline failed: none, it is theirs',
      invocationOf({
        targets: targetsIn(1, failed),
        origin: { kind: 'gitlab', user: 'r', project: 'p', pipelineId: 1, url: 'https://g.test' },
      }),
      [],
    ],
  ])('%s', (_, state, labels) => {
    expect(buttons(state).map(({ text }) => text.text)).toEqual(labels);
    for (const { value } of buttons(state)) expect(value).toBe(state.id);
  });

  test.each<[number, string]>([
    [1, '1 target has not started yet and will not'],
    [3, '3 targets have not started yet and will not'],
  ])('that stop %i ask first, and look dangerous', (count, words) => {
    const [stopButton] = buttons(invocationOf({ targets: targetsIn(count, { at: 'waiting' }) }));
    expect(stopButton).toMatchObject({ action_id: invocationButtons.stop, style: 'danger' });
    expect(stopButton?.confirm?.text.text).toContain(words);
  });
});

describe('the next action', () => {
  const next = (state: Invocation) =>
    mrkdwnIn(invocationMessage(state, pacing).blocks).find((text) => text.startsWith('*Next:*'));
  test.each<[string, Invocation, string]>([
    ['is nothing while it is checked', invocationOf({ preflight: 'pending' }), 'nothing to do'],
    [
      'is to mend what was refused',
      invocationOf({ preflight: 'failed', faults: faultsOf(1) }),
      'Check again',
    ],
    ['is to wait while it runs', invocationOf({ targets: targetsIn(1, followingOf(null)) }), 'nothing to do'],
    [
      'is to wait for the rest after a stop',
      invocationOf({ targets: targetsIn(1, followingOf(null)), stop }),
      'no other will start',
    ],
    ['is to retry what failed', invocationOf({ targets: targetsIn(1, failed) }), 'Retry failed'],
    [
      'is to retry what others are held for',
      invocationOf({ targets: targetsIn(2, failed, { at: 'waiting', waitsFor: ['bf-001 failed'] }) }),
      'What is held starts once all before it passed',
    ],
    [
      'is to see what the held ones wait for when nothing runs',
      invocationOf({
        targets: targetsIn(2, passed, { at: 'waiting', waitsFor: ['core in eu-west-1 is NO-GO'] }),
      }),
      'see in the thread what the held ones wait for',
    ],
    ['is to look at what is lost', invocationOf({ targets: targetsIn(1, lost) }), 'look in GitLab'],
    [
      'is to go on in GitLab',
      invocationOf({ targets: targetsIn(1, followingOf(seenOf('manual'))) }),
      'go on in GitLab',
    ],
    [
      'is the deploy after a cut-off',
      invocationOf({ action: 'bring-all-code-to-release-branch', targets: targetsIn(1, passed) }),
      '/release deploy',
    ],
    ['is nothing after a deploy', invocationOf({ targets: targetsIn(1, passed) }), 'Every pipeline passed'],
  ])('%s', (_, state, words) => {
    expect(next(state)).toContain(words);
  });
});
