import { describe, expect, test } from 'vitest';
import { regionState } from '../../src/core/promotion/state.ts';
import type { LogExcerpt } from '../../src/core/rollout/verdict.ts';
import { excerptText } from '../../src/views/rollout-log.ts';
import { rolloutReply } from '../../src/views/rollout-reply.ts';
import { finding, type Life, minutes, verdict } from '../core/promotion/samples.ts';
import { at, eu, handedOver, opened, stories, us, wide } from './promotion-stories.ts';
import { hostile, strangersIn, textOf } from './release-reads.ts';
import { expectSlackTakes } from './slack-reads.ts';

function replyOf(life: Life, region = eu, run = 1) {
  const body = rolloutReply(life.now(), { region, run }, at);
  if (!body) throw new Error('nothing to say');
  return body;
}

describe('the reply of a rollout', () => {
  test('has what ECS says verbatim, its cause, the exit code, the lines and what to do', () => {
    const body = replyOf(stories.crashed());
    expectSlackTakes(body);
    const shown = textOf(body);
    expect(shown).toContain(':no_entry: *NO-GO · FAIL* · *eu-west-1*\nTasks stop again and again.');
    expect(shown).toContain('*Next:* alert. Call Manage team about eu-west-1 now');
    expect(shown).toContain('• The application ended by itself.');
    expect(shown).toContain('exit code 1');
    expect(shown).toContain('ECS says: `Essential container in task exited`');
    expect(shown).toContain('▶ 12:01:59 Error: connect ECONNREFUSED');
    expect(shown).toContain('Deployment `ecs-svc/1` · Task definition `core:42` · Image `sha256:1`');
    expect(shown).toContain('<https://eu-west-1.console.aws.test/ecs|Service>: core');
  });

  test.each(Object.keys(stories).filter((name) => name !== 'opened') as (keyof typeof stories)[])(
    'is taken by Slack in the story "%s" and pings nobody else',
    (name) => {
      const life = stories[name]();
      const run = life.now().regions[eu]?.run ?? 0;
      const body = replyOf(life, eu, run);
      expectSlackTakes(body);
      expect(strangersIn(body)).toEqual([]);
    },
  );

  test('tells the re-checks that were done, and the checks after it with what they found', () => {
    const life = stories.provisional();
    life.do(minutes(6), [{ type: 'RolloutConfirmed', data: { region: eu, run: 1, mark: 5 } }]);
    const shown = textOf(replyOf(life));
    expect(shown).toContain('re-checked 5 min after the first pass');
    expect(shown).toContain(':white_check_mark: *No obvious spike* pass: No obvious spike.');
    expect(textOf(replyOf(stories.spiked()))).toContain(
      ':x: *No obvious spike* fail: A spike. → The owner looks.',
    );
    expect(textOf(replyOf(stories.checking()))).toContain('*No obvious spike* open');
  });

  test('says what an earlier region does to it, and offers nobody to hand that over to', () => {
    const body = replyOf(stories.takenBack(), us);
    expect(textOf(body)).toContain('• *eu-west-1 comes first*: eu-west-1 is not GO (NO-GO).');
    expect(textOf(body)).toContain('*Next:* see eu-west-1 through first');
  });

  test('of a run that is over is left as it is', () => {
    const promotion = stories.secondRun().now();
    expect(rolloutReply(promotion, { region: eu, run: 1 }, at)).toBeNull();
    expect(rolloutReply(promotion, { region: eu, run: 2 }, at)).not.toBeNull();
    expect(rolloutReply(promotion, { region: us, run: 0 }, at)).toBeNull();
  });

  test('tells the check that failed before those that passed, where not all have room', () => {
    const after = Array.from({ length: 20 }, (_, index) => ({
      id: `c${index}`,
      title: `Check ${index}`,
      check: 'log-spike',
      with: {},
    }));
    const life = opened({ after }).started(eu, minutes(1)).judged(eu, minutes(2));
    for (const { id: check } of after) {
      const outcome = check === 'c19' ? ('fail' as const) : ('pass' as const);
      const data = { region: eu, run: 1, check, finding: finding({ outcome, reason: 'Said. '.repeat(40) }) };
      life.do(minutes(3), [{ type: 'RolloutChecked', data }]);
    }
    const shown = textOf(replyOf(life));
    expect(shown).toMatch(/…and \d+ more checks/);
    expect(shown).toContain(':x: *Check 19* fail');
  });

  test.each(['&<>'.repeat(400), 'Something went wrong. '.repeat(40), 'x'])(
    'with 20 checks, 10 failures and 60 lines of %j stays within Slack’s limits',
    (text) => {
      const body = replyOf(wide(2, text), 'eu-region-1');
      expectSlackTakes(body);
      expect(textOf(body)).toContain('*Checks after the rollout*');
      // The same with three regions before it that are not GO, in the owner's hands, and not watched any more.
      const life = handedOver(wide(4, text), 'eu-region-3');
      life.do(minutes(9), [{ type: 'WatchEnded', data: { region: 'eu-region-3', run: 1 } }]);
      const promotion = life.now();
      const region = regionState(promotion, 'eu-region-3');
      const pipeline = { id: 1, url: `https://gitlab.test/${'p'.repeat(460)}` };
      const regions = { ...promotion.regions, 'eu-region-3': { ...region, pipeline } };
      const full = rolloutReply({ ...promotion, regions }, { region: 'eu-region-3', run: 1 }, at);
      expect(full && textOf(full)).toContain('*Checks after the rollout*');
      if (full) expectSlackTakes(full);
    },
  );

  test.each(hostile)('with the text %j is taken and pings nobody', (_, text) => {
    const body = replyOf(wide(2, text), 'eu-region-0');
    expectSlackTakes(body);
    expect(strangersIn(body)).toEqual([]);
    // A fence opens and closes; one more would let the lines run into the text below.
    for (const block of body.blocks) {
      const said = textOf({ text: '', blocks: [block] });
      expect((said.match(/```/g) ?? []).length % 2).toBe(0);
    }
  });
});

describe('an excerpt of the log', () => {
  const line = (index: number, hit = false) => ({
    at: minutes(0).toISOString(),
    text: `line ${index} ${'x'.repeat(80)}`,
    hit,
  });
  const excerpt = (hits: number[], count = 60): LogExcerpt => ({
    title: 'Last lines',
    task: null,
    lines: Array.from({ length: count }, (_, index) => line(index, hits.includes(index))),
    url: null,
  });

  test('loses whole lines from the top, and says how many', () => {
    const text = excerptText(excerpt([59]), 2_000);
    const [, left = ''] = /(\d+) earlier lines left out/.exec(text) ?? [];
    const shown = text.split('\n').filter((one) => / line \d+ x{80}$/.test(one));
    expect(shown).toHaveLength(60 - Number(left));
    expect(shown.at(-1)).toMatch(/^▶ 12:00:00 line 59 /);
    expect(text.length).toBeLessThanOrEqual(2_000);
  });

  test('keeps the line that was found, even where later ones have to go', () => {
    const text = excerptText(excerpt([4]), 2_000);
    expect(text).toContain('▶ 12:00:00 line 4 ');
    expect(text).toContain('4 earlier lines left out.');
    expect(text).toMatch(/\d+ later lines left out\./);
    expect(text.length).toBeLessThanOrEqual(2_000);
  });

  test('that fits is shown whole, and one without lines says so', () => {
    expect(excerptText(excerpt([], 5), 2_000)).not.toContain('left out');
    expect(excerptText(excerpt([], 0), 2_000)).toBe('*Last lines*: no line.');
  });

  test('cannot end its own block', () => {
    const hostileLine = { at: minutes(0).toISOString(), text: '``` <!channel> `', hit: false };
    const text = excerptText({ ...excerpt([]), lines: [hostileLine] }, 2_000);
    expect(text.match(/```/g)).toHaveLength(2);
    expect(text).not.toContain('<!');
  });
});

test('the verdict of another outcome than the decision is told beside it', () => {
  const life = stories.provisional().judged(eu, minutes(7), verdict({ row: 14, isFinal: true }));
  expect(textOf(replyOf(life))).toContain('*GO · PASS final*');
});
