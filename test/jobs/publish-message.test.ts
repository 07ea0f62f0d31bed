import { expect, test } from 'vitest';
import { promotionKeys } from '../../src/core/promotion/orders.ts';
import { publishMessage } from '../../src/jobs/publish-message.ts';
import { first, promotions, waitingVerdict } from './support/promotions.ts';

/** A reply whose parent does not stand in Slack yet. */
async function reply() {
  const it = await promotions();
  await it.start();
  await it.judge(waitingVerdict());
  const { deps, time, id } = it;
  const handler = publishMessage({
    ...deps,
    chat: {
      post: () => Promise.reject(new Error('posted before its parent')),
      update: () => Promise.reject(new Error('updated')),
      find: () => Promise.reject(new Error('searched')),
      permalink: () => Promise.reject(new Error('linked')),
    },
    pace: {
      reserve: () => Promise.reject(new Error('took a turn before its parent')),
      holdUntil: () => Promise.reject(new Error('held')),
    },
  });
  const later = (ms: number) => new Date(time.now().getTime() + ms);
  const run = () => it.run(handler, promotionKeys.rollout(id, first, 1));
  return { ...it, run, later };
}

test('a reply looks for its parent again when that has had its turn, and takes no turn before', async () => {
  const { run, deps, id, later } = await reply();
  const parent = { kind: 'message', key: promotionKeys.parent(id) } as const;
  expect(await run()).toEqual({ next: 'again', at: later(2_000) });
  const leased = await deps.desk.lease({ ...parent, wanted: '1' }, 'somebody', 10_000);
  if (!leased || 'at' in leased) throw new Error('The parent was not leased');
  await deps.desk.postpone(leased.work, later(90_000), { slot: 1 });
  expect(await run()).toEqual({ next: 'again', at: later(92_000) });
});
