import { describe, expect, test } from 'vitest';
import { OutsideError } from '../../src/core/ports.ts';
import { problem } from '../../src/core/problem.ts';
import { promotionKeys } from '../../src/core/promotion/orders.ts';
import type { PageLoad, Sources } from '../../src/core/sources.ts';
import { checkRollout } from '../../src/jobs/check-rollout.ts';
import { loaded } from '../checks/support/release.ts';
import { failVerdict, first, planOf, promotions, verdictOf } from './support/promotions.ts';

const health = {
  id: 'health',
  title: 'It is healthy',
  check: 'http-health',
  with: { url: 'https://{region}.example/health' },
};

/** A rollout that passed, with a check after it that loads a page. */
async function passed(answer: () => PageLoad | Promise<PageLoad>, check: object = health) {
  const urls: string[] = [];
  const web = {
    load: async (url: string) => {
      urls.push(url);
      return answer();
    },
  } as unknown as Sources['web'];
  const plan = planOf({ after: [{ ...health, ...check }] });
  const it = await promotions({ plan, sources: { web } });
  await it.start();
  await it.judge(verdictOf());
  const key = promotionKeys.check(it.id, first, 'health');
  const look = (memo: unknown = null) => it.run(checkRollout(it.deps), key, memo);
  const found = async () => (await it.region()).checks['health'];
  const decision = async () => (await it.region()).decisions.at(-1)?.decision;
  return { ...it, key, look, found, decision, urls };
}

describe('a check after a rollout', () => {
  test('is ordered with the pass, and its yes makes it GO', async () => {
    const { work, key, look, found, decision, urls } = await passed(() => loaded({ status: 200 }));
    expect(await work('rollout-check')).toEqual([key]);
    expect(await decision()).toBeUndefined();
    expect(await look()).toEqual({ next: 'done' });
    expect(await found()).toMatchObject({ outcome: 'pass' });
    expect(await decision()).toBe('GO');
    expect(urls[0]).toBe('https://eu-west-1.example/health');
  });

  test('that fails makes it NO-GO', async () => {
    const { look, found, decision } = await passed(() => loaded({ status: 500 }));
    await look();
    expect(await found()).toMatchObject({ outcome: 'fail' });
    expect(await decision()).toBe('NO-GO');
  });

  test('that ran twice is recorded once', async () => {
    const { look, events } = await passed(() => loaded({ status: 200 }));
    await look();
    await look();
    expect((await events()).filter((type) => type === 'RolloutChecked')).toHaveLength(1);
  });

  test('is not run for a pass that was taken back', async () => {
    const { look, judge, urls } = await passed(() => loaded({ status: 200 }));
    await judge(failVerdict());
    expect(await look()).toEqual({ next: 'done' });
    expect(urls).toEqual([]);
  });

  test('without an answer is inconclusive after some looks, and goes on', async () => {
    const silence = () =>
      Promise.reject(
        new OutsideError('unreachable', problem('aws-unread', { said: 'hunter2' }), { cause: null }),
      );
    const { look, found, decision } = await passed(silence);
    let next = await look();
    for (let n = 0; n < 4 && next.next === 'again'; n += 1) next = await look(next.memo);
    expect(next.next).toBe('again');
    expect(await found()).toMatchObject({ outcome: 'inconclusive' });
    expect((await found())?.reason).toContain('[removed]');
    expect(await decision()).toBe('INCONCLUSIVE');
  });

  test('that this gonogo does not have is inconclusive', async () => {
    const { look, found } = await passed(() => loaded(), { check: 'no-such' });
    expect(await look()).toEqual({ next: 'done' });
    expect(await found()).toMatchObject({
      outcome: 'inconclusive',
      remedy: 'Whoever keeps the catalogue (release.yml) corrects it; then deploy again.',
    });
  });
});
