import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TargetState } from '../../src/core/invocation/state.ts';
import { targetReply } from '../../src/views/target-reply.ts';
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
} from './states.ts';

const replyTo = (state: TargetState, project = 'bf-web', attempt = 1) => {
  const target = targetOf(project, state, attempt);
  return targetReply(invocationOf({ targets: [target] }), target);
};

describe('the reply of a target', () => {
  test.each<[string, TargetState]>([
    ['waiting', { at: 'waiting' }],
    ['waiting', { at: 'waiting', waitsFor: ['bf-core failed'] }],
    ['starting', { at: 'starting', runId: 'r', request: 1, since: '' }],
    ['running', followingOf(null)],
    ['passed', followingOf(seenOf('passed'))],
    ['failed', followingOf(seenOf('failed'))],
    ['failed', { at: 'failed', problem: problemOf('No.') }],
    ['canceled', followingOf(seenOf('canceled'))],
    ['skipped', followingOf(seenOf('skipped'))],
    ['waiting for a person in GitLab', followingOf(seenOf('manual'))],
    ['end unknown', { at: 'lost', problem: problemOf('Gone.'), url: 'https://gitlab.test/7' }],
    ['not started', { at: 'not-started', why: 'stopped before it started' }],
  ])('says "%s" first', (word, state) => {
    const body = replyTo(state);
    expectSlackTakes(body);
    expect(body.text).toBe(`bf-web: ${word}`);
    expect(firstLine(body)).toMatch(new RegExp(`^:[a-z_]+: \\*bf-web\\* ${word}`));
  });

  test.each(hostileTexts.map((text) => [text.slice(0, 30), text]))(
    'lets %j neither ping nor break it',
    (_, text) => {
      const downstream = Array.from({ length: 30 }, () => ({
        project: text,
        pipelineId: 1,
        status: text,
        url: 'https://gitlab.test/1',
      }));
      for (const state of [
        ...everyState(text),
        followingOf(seenOf('failed', { detail: text, downstream })),
      ]) {
        const body = replyTo(state, text);
        expectSlackTakes(body);
        expect(pingsIn(body)).toEqual([]);
      }
    },
  );

  test.each(hostileUrls.map((url) => [url.slice(0, 40), url]))(
    'lets the address %j neither ping nor break it',
    (_, url) => {
      const downstream = Array.from({ length: 30 }, () => ({
        project: 'p',
        pipelineId: 1,
        status: 'success',
        url,
      }));
      const lost = { at: 'lost', problem: problemOf('Gone.'), url } as const;
      for (const state of [
        lost,
        followingOf(seenOf('failed', { url, lookAt: url, detail: 'x', downstream }), url),
      ]) {
        const body = replyTo(state);
        expectSlackTakes(body);
        expect(pingsIn(body)).toEqual([]);
      }
    },
  );

  test('can be made of any state whatever, and is the same each time', () => {
    fc.assert(
      fc.property(anyInvocation, (state) => {
        for (const target of state.targets) {
          const body = targetReply(state, target);
          expectSlackTakes(body);
          expect(pingsIn(body)).toEqual([]);
          expect(targetReply(state, target)).toEqual(body);
        }
      }),
      { numRuns: 150, seed: 20261120 },
    );
  });

  test('with more downstream pipelines than fit counts the rest', () => {
    const downstream = Array.from({ length: 30 }, (_, index) => ({
      project: `group/p-${index}`,
      pipelineId: index,
      status: 'success',
      url: `https://gitlab.test/group/p-${index}/-/pipelines/${index}`,
    }));
    const shown = mrkdwnIn(replyTo(followingOf(seenOf('passed', { downstream }))).blocks).join('\n');
    const listed = shown.split('\n').filter((line) => line.startsWith('↳ <')).length;
    expect(listed + Number(/…and (\d+) more/.exec(shown)?.[1])).toBe(30);
  });

  test('says which try it is, and when a pipeline was found instead of started again', () => {
    const adopted = { ...followingOf(null), adopted: true } as TargetState;
    const shown = mrkdwnIn(replyTo(adopted, 'bf-web', 3).blocks).join('\n');
    expect(shown).toContain('try 3');
    expect(shown).toContain('it was not started twice');
  });

  test('that is held says for what, and how it goes on', () => {
    const body = replyTo({ at: 'waiting', waitsFor: ['bf-core failed', 'bf-web has not passed yet'] });
    const shown = mrkdwnIn(body.blocks).join('\n');
    expect(shown).toContain('• bf-core failed\n• bf-web has not passed yet\n');
    expect(shown).toContain('It starts by itself');
    expect(shown).toContain('*Retry failed*');
    expect(mrkdwnIn(replyTo({ at: 'waiting' }).blocks).join()).not.toContain('Held');
  });

  test.each<[string, string]>([
    ['failed', 'Retry failed'],
    ['canceled', 'Retry failed'],
    ['skipped', 'Retry failed'],
    ['manual', 'press play'],
  ])('that is %s says what to do', (outcome, words) => {
    const state = followingOf(seenOf(outcome as 'failed'));
    expect(mrkdwnIn(replyTo(state).blocks).join()).toContain(words);
  });
});
