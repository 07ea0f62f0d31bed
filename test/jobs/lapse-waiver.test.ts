import { expect, test } from 'vitest';
import type { Store, WorkOrder } from '../../src/core/ports.ts';
import { lapseWaiver } from '../../src/jobs/lapse-waiver.ts';
import { stories } from '../views/release-states.ts';

const end = '2026-11-21T12:00:00.000Z';

/** A release in which nothing follows from the end but what is shown. */
function lapsing(at: string) {
  const ordered: WorkOrder[] = [];
  const state = {
    ...stories.go().release,
    waivers: [{ gate: 'mrs', expiresAt: end }],
  };
  const store = {
    change: () => Promise.resolve({ state, seq: 1 }),
    read: () => Promise.resolve({ state, seq: 1 }),
  } as unknown as Store;
  const handler = lapseWaiver({
    store,
    now: () => new Date(at),
    digest: (text) => text,
    desk: { order: async (orders) => void ordered.push(...orders) },
  });
  const run = () =>
    handler(
      { kind: 'lapse', key: `2026.47/${end}`, payload: null, memo: null, failures: 0 },
      AbortSignal.timeout(1_000),
    );
  return { run, ordered };
}

test('a waiver that ends is told, even where nothing else follows from it', async () => {
  const { run, ordered } = lapsing(end);
  expect(await run()).toEqual({ next: 'done' });
  expect(ordered.map(({ kind, key }) => `${kind} ${key}`)).toContain('message release/2026.47/parent');
});

test('a worker whose clock is behind comes again at the end', async () => {
  const { run, ordered } = lapsing('2026-11-21T11:59:58.000Z');
  expect(await run()).toEqual({ next: 'again', at: new Date(end) });
  expect(ordered).toEqual([]);
});
