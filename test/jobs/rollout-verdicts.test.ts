import { describe, expect, test } from 'vitest';
import { type Promotion, regionState } from '../../src/core/promotion/state.ts';
import type { RolloutVerdict } from '../../src/core/rollout/verdict.ts';
import type { Watch } from '../../src/core/rollout/watch.ts';
import { nextMark, verdictEvents } from '../../src/jobs/rollout-verdicts.ts';
import { failVerdict, first, planOf, promotions, verdictOf, waitingVerdict } from './support/promotions.ts';

/** A watched rollout: what a look says is recorded, at a time that is moved. */
async function watched() {
  const it = await promotions();
  await it.start();
  const watchOf = async (): Promise<Watch> => {
    const [watch] = await it.deps.watches.due(`-/${first}`, new Date('2100-01-01'));
    if (!watch) throw new Error('It is not watched');
    return watch;
  };
  let watch = await watchOf();
  const look = async (verdict: RolloutVerdict, since = watch.subject.watchedSince) => {
    const before = (await it.events()).length;
    await it.record((state) => verdictEvents(state, { watch, verdict, since }, it.time.now()));
    return (await it.events()).slice(before).filter((type) => type !== 'RegionDecided');
  };
  return {
    ...it,
    look,
    /** A person asks for another look after the watch had ended. */
    recheck: async () => {
      await it.record(() => [{ type: 'RecheckRequested', data: { region: first, run: 1 } }]);
      watch = await watchOf();
    },
    minutes: (count: number) => it.time.move(count * 60_000),
    mark: async (): Promise<Date | null> => nextMark(await it.state(), watch),
    isWatched: async () => (await it.deps.watches.groups()).length > 0,
  };
}

describe('what a look says', () => {
  test('is recorded once, and again when it is something else', async () => {
    const { look } = await watched();
    expect(await look(waitingVerdict())).toEqual(['RolloutJudged']);
    expect(await look(waitingVerdict())).toEqual([]);
    expect(await look(waitingVerdict({ reason: 'It is placed.' }))).toEqual(['RolloutJudged']);
    expect(await look(waitingVerdict({ reason: 'It is placed.', row: 9 }))).toEqual(['RolloutJudged']);
  });

  test('is no news when only its evidence differs', async () => {
    const { look } = await watched();
    await look(waitingVerdict());
    const evidence = [{ label: 'a', value: 'b', url: null, at: '2026-11-20T10:00:00.000Z' }];
    expect(await look(waitingVerdict({ evidence }))).toEqual([]);
  });

  test('tells how many tasks run at most every 10 s', async () => {
    const { look, time } = await watched();
    await look(waitingVerdict());
    const more = waitingVerdict({ tasks: { running: 1, wanted: 2 } });
    time.move(9_999);
    expect(await look(more)).toEqual([]);
    time.move(1);
    expect(await look(more)).toEqual(['RolloutJudged']);
  });

  test.each([
    ['fail', failVerdict()],
    ['inconclusive', failVerdict({ outcome: 'inconclusive' })],
  ])('%s ends the watch in the same change', async (_, verdict) => {
    const { look, isWatched, record } = await watched();
    expect(await look(verdict)).toEqual(['RolloutJudged', 'WatchEnded']);
    expect(await isWatched()).toBe(false);
    await record(() => []);
    expect(await look(verdict)).toEqual([]);
  });

  test('is nothing for a run that is over', async () => {
    const { look, start, region } = await watched();
    await start({ source: 'gitlab-deployment/2' });
    expect((await region()).run).toBe(2);
    expect(await look(failVerdict())).toEqual([]);
  });
});

describe('a pass', () => {
  test('is looked at again 5 and 15 minutes later, and then no more', async () => {
    const { look, mark, minutes, time, isWatched, region } = await watched();
    const passedAt = time.now().getTime();
    expect(await look(verdictOf())).toEqual(['RolloutJudged']);
    expect(await mark()).toEqual(new Date(passedAt + 5 * 60_000));
    minutes(4.9);
    expect(await look(verdictOf())).toEqual([]);
    minutes(0.1);
    expect(await look(verdictOf())).toEqual(['RolloutConfirmed']);
    expect(await mark()).toEqual(new Date(passedAt + 15 * 60_000));
    expect((await region()).confirmedAt).toBe(time.now().toISOString());
    minutes(10);
    expect(await isWatched()).toBe(true);
    expect(await look(verdictOf())).toEqual(['RolloutConfirmed', 'WatchEnded']);
    expect(await mark()).toBeNull();
    expect((await region()).marks).toEqual([5, 15]);
    expect(await isWatched()).toBe(false);
  });

  test('that becomes final is told with the re-check that sees it', async () => {
    const { look, minutes } = await watched();
    await look(verdictOf());
    minutes(5);
    expect(await look(verdictOf({ row: 14, isFinal: true }))).toEqual(['RolloutJudged', 'RolloutConfirmed']);
  });

  test('that nobody looked at for long answers both re-checks with one look', async () => {
    const { look, minutes } = await watched();
    await look(verdictOf());
    minutes(20);
    expect(await look(verdictOf())).toEqual(['RolloutConfirmed', 'RolloutConfirmed', 'WatchEnded']);
  });

  test('is taken back by a failure', async () => {
    const { look, minutes, events, region } = await watched();
    await look(verdictOf());
    minutes(5);
    expect(await look(failVerdict())).toEqual(['RolloutJudged', 'WatchEnded']);
    expect((await region()).decisions.map(({ decision }) => decision)).toEqual(['GO', 'NO-GO']);
    expect(await events()).toContain('WatchEnded');
  });

  test('stands for a minute while the look after it is not settled, and not longer', async () => {
    const { look, minutes, time, region } = await watched();
    await look(verdictOf());
    minutes(5);
    const since = time.now().toISOString();
    time.move(59_999);
    expect(await look(waitingVerdict(), since)).toEqual([]);
    expect((await region()).decisions.at(-1)?.decision).toBe('GO');
    time.move(1);
    expect(await look(waitingVerdict(), since)).toEqual(['RolloutJudged']);
    expect((await region()).decisions.at(-1)?.decision).toBe('INCONCLUSIVE');
    expect(await look(verdictOf(), since)).toEqual(['RolloutJudged', 'RolloutConfirmed']);
  });
});

describe('a re-check that a person asked for', () => {
  async function ended(verdict: RolloutVerdict) {
    const it = await watched();
    await it.look(verdict);
    it.minutes(20);
    if (verdict.outcome === 'pass') await it.look(verdict);
    await it.recheck();
    return it;
  }

  test('of a pass is one look, and confirms it', async () => {
    const { look, region, time, isWatched } = await ended(verdictOf());
    time.move(1_000);
    expect(await look(verdictOf())).toEqual(['RolloutConfirmed', 'WatchEnded']);
    expect((await region()).confirmedAt).toBe(time.now().toISOString());
    expect((await region()).marks).toEqual([5, 15]);
    expect(await isWatched()).toBe(false);
  });

  test('of a failure that stays one ends the watch and says nothing anew', async () => {
    const { look } = await ended(failVerdict());
    expect(await look(failVerdict())).toEqual(['WatchEnded']);
  });

  test('of a failure that passes now is a first pass, with the looks after it', async () => {
    const { look, mark, time, isWatched } = await ended(failVerdict());
    expect(await look(verdictOf())).toEqual(['RolloutJudged']);
    expect(await mark()).toEqual(new Date(time.now().getTime() + 5 * 60_000));
    expect(await isWatched()).toBe(true);
  });
});

test('nothing is decided for a promotion without that region', () => {
  const promotion = { plan: planOf(), regions: {} } as unknown as Promotion;
  expect(regionState(promotion, first).run).toBe(0);
  const watch = { promotion: 'x', region: first, run: 1 } as Watch;
  const looked = { watch, verdict: verdictOf(), since: '2026-11-20T10:00:00.000Z' };
  expect(verdictEvents(promotion, looked, new Date())).toEqual([]);
});
