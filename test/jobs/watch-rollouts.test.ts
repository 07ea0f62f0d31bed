import { describe, expect, test } from 'vitest';
import { OutsideError } from '../../src/core/ports.ts';
import { problem } from '../../src/core/problem.ts';
import { watchRollouts } from '../../src/jobs/watch-rollouts.ts';
import { at, container, crashed, deployment, observed, rolling, task } from '../checks/rollout/support.ts';
import { first } from './support/promotions.ts';
import { group, minutes, watching } from './support/watching.ts';

describe('a watched rollout', () => {
  test('passes, is looked at again 5 and 15 minutes later, and then no more', async () => {
    const { look, start, region, time, asked } = await watching();
    await start();
    const passedAt = time.now().getTime();
    expect(await look()).toEqual({ next: 'again', at: new Date(passedAt + 5 * minutes) });
    expect(await region()).toMatchObject({ phase: 'watching', verdict: { outcome: 'pass' }, marks: [] });
    time.move(5 * minutes);
    expect(await look()).toEqual({ next: 'again', at: new Date(passedAt + 15 * minutes) });
    time.move(10 * minutes);
    expect(await look()).toEqual({ next: 'done' });
    expect(await region()).toMatchObject({ phase: 'ended', marks: [5, 15] });
    expect(asked).toHaveLength(3);
  });

  test('that waits is looked at every 5 s, after a minute every 10 s', async () => {
    const { look, start, time, shown } = await watching(at(31));
    shown.now = rolling();
    await start();
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() + 5_000) });
    time.move(60_000);
    expect(await look()).toEqual({ next: 'again', at: new Date(time.now().getTime() + 10_000) });
  });

  test('that says the same at every look is recorded once, and costs no change and no search for secrets', async () => {
    const { look, start, time, shown, judged, deps } = await watching(at(31));
    shown.now = rolling();
    let searched = 0;
    const { remove } = deps.secrets;
    deps.secrets.remove = (text) => {
      searched += 1;
      return remove(text);
    };
    await start();
    await look();
    expect(searched).toBeGreaterThan(0);
    searched = 0;
    let changes = 0;
    const change = deps.store.change.bind(deps.store);
    deps.store.change = ((...of: Parameters<typeof change>) => {
      changes += 1;
      return change(...of);
    }) as typeof change;
    for (let n = 0; n < 3; n += 1) {
      time.move(5_000);
      await look();
    }
    expect([await judged(), changes, searched]).toEqual([1, 0, 0]);
  });

  test('that fails ends, with its NO-GO', async () => {
    const { look, start, shown, region } = await watching();
    shown.now = rolling([crashed(1), crashed(2)]);
    await start();
    expect(await look()).toEqual({ next: 'done' });
    expect(await region()).toMatchObject({ phase: 'ended', decisions: [{ decision: 'NO-GO' }] });
  });

  test('that AWS does not answer for after its pass keeps its GO for a minute', async () => {
    const { look, start, shown, region, time } = await watching();
    await start();
    await look();
    time.move(5 * minutes);
    const well = shown.now;
    shown.now = new OutsideError('unreachable', problem('aws-unread', { said: 'away' }), { cause: null });
    await look();
    time.move(20_000);
    await look();
    expect((await region()).decisions.map(({ decision }) => decision)).toEqual(['GO']);
    shown.now = well;
    time.move(20_000);
    await look();
    expect((await region()).marks).toEqual([5]);
    shown.now = new OutsideError('unreachable', problem('aws-unread', { said: 'away' }), { cause: null });
    time.move(10 * minutes);
    await look();
    expect((await region()).decisions.map(({ decision }) => decision)).toEqual(['GO']);
    time.move(60_000);
    await look();
    expect((await region()).decisions.at(-1)?.decision).toBe('INCONCLUSIVE');
  });
});

describe('a re-check', () => {
  test('of what was watched to its end is one look', async () => {
    const { look, start, record, shown, region, watches } = await watching();
    shown.now = rolling([crashed(1), crashed(2)]);
    await start();
    await look();
    await record(() => [{ type: 'RecheckRequested', data: { region: first, run: 1 } }]);
    expect(await watches()).toHaveLength(1);
    expect(await look()).toEqual({ next: 'done' });
    expect((await region()).phase).toBe('ended');
  });
});

describe('a crash', () => {
  test('after the event and before the note records nothing twice', async () => {
    const { look, start, deps, judged, shown } = await watching(at(31));
    shown.now = rolling();
    await start();
    const { watches } = deps;
    const dying = { ...deps, watches: { ...bound(watches), note: () => Promise.reject(new Error('died')) } };
    await expect(
      watchRollouts(dying)(
        { kind: 'rollouts', key: group, payload: null, memo: null, failures: 0 },
        new AbortController().signal,
      ),
    ).rejects.toThrow('died');
    expect(await judged()).toBe(1);
    await look();
    expect(await judged()).toBe(1);
  });

  test('that loses the memo makes the verdict no greener', async () => {
    const { look, start, pool, judged, time, region } = await watching();
    await start();
    await look();
    await pool.query('update watch set memo = null, due_at = $1', [time.now()]);
    await look();
    expect(await judged()).toBe(1);
    expect((await region()).marks).toEqual([]);
  });

  test('of a worker that lost the work to another notes nothing', async () => {
    const { start, deps, watches } = await watching();
    await start();
    const lost = new AbortController();
    const observe = deps.aws.rollouts.observe.bind(deps.aws.rollouts);
    deps.aws.rollouts.observe = async (...of) => {
      const looks = await observe(...of);
      lost.abort(new Error('lost'));
      return looks;
    };
    const work = { kind: 'rollouts', key: group, payload: null, memo: null, failures: 0 } as const;
    await expect(watchRollouts(deps)(work, lost.signal)).rejects.toThrow('lost');
    expect(await watches()).toMatchObject([{ memo: null }]);
  });
});

test('a group that nobody watches is done', async () => {
  const { look, asked } = await watching();
  expect(await look()).toEqual({ next: 'done' });
  expect(asked).toEqual([]);
});

test('an image of another commit never passes', async () => {
  const { look, start, shown, region } = await watching();
  const image = `registry.example/core:${'0'.repeat(40)}`;
  const other = [
    task(1, { containers: [container({ image })] }),
    task(2, { containers: [container({ image })] }),
  ];
  const observation = observed({ deployments: [deployment()], tasks: other });
  if (observation.kind === 'service')
    for (const one of observation.definitions[0]?.containers ?? []) one.image = image;
  shown.now = observation;
  await start();
  await look();
  expect((await region()).verdict?.outcome).not.toBe('pass');
});

function bound<T extends object>(of: T): T {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(of)) as (keyof T)[];
  const methods = names.map((name) => {
    const method = of[name];
    return [name, typeof method === 'function' ? method.bind(of) : method];
  });
  return Object.fromEntries(methods) as T;
}
