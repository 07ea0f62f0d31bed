import { describe, expect, test } from 'vitest';
import { TaskCache } from '../../../../src/adapters/aws/rollouts/task-cache.ts';

const hour = 3_600_000;
const task = (taskArn: string) => ({ taskArn, group: 'service:a', lastStatus: 'STOPPED' });
const keep = (cache: TaskCache, arn: string, now: number) =>
  cache.keep(
    arn,
    cache.inOurWords(task(arn), () => true),
    now,
  );

describe('a described task', () => {
  test('is kept as long as ECS lists it, and an hour more', () => {
    const cache = new TaskCache();
    keep(cache, 't', 0);
    cache.listed(['t'], hour - 1);
    cache.listed([], 2 * hour - 2);
    expect(cache.get('t')).toMatchObject({ origin: { service: 'a' }, task: { lastStatus: 'STOPPED' } });
    cache.listed([], 2 * hour);
    expect(cache.get('t')).toBeUndefined();
  });

  test('that was listed longest ago goes when there are too many', () => {
    const cache = new TaskCache(2);
    for (const [at, arn] of ['t1', 't2', 't3'].entries()) keep(cache, arn, at);
    cache.listed(['t1'], 4);
    expect([cache.size, cache.get('t1')?.origin.service, cache.get('t2')]).toEqual([2, 'a', undefined]);
  });

  test('that nobody wants has an origin and nothing more', () => {
    const cache = new TaskCache();
    const made = { startedBy: 'ecs-svc/1', createdAt: new Date(1) };
    const nobody = () => false;
    const own = cache.inOurWords({ ...task('t'), ...made }, nobody);
    expect([own, cache.inOurWords({ group: 'family:cron' }, nobody)]).toMatchObject([
      { origin: { service: 'a', startedBy: 'ecs-svc/1', madeAt: 1 }, task: null },
      { origin: { service: null, startedBy: '', madeAt: null }, task: null },
    ]);
  });
});
