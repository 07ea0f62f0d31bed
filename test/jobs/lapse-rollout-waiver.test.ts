import { expect, test } from 'vitest';
import { promotionKeys } from '../../src/core/promotion/orders.ts';
import { lapseRolloutWaiver } from '../../src/jobs/lapse-rollout-waiver.ts';
import { failVerdict, first, promotions } from './support/promotions.ts';

const minutes = 60_000;

/** A failed rollout that two people let through for an hour. */
async function waived() {
  const it = await promotions();
  await it.start();
  await it.judge(failVerdict());
  await it.record(() => [{ type: 'WatchEnded', data: { region: first, run: 1 } }]);
  const expiresAt = new Date(it.time.now().getTime() + 60 * minutes).toISOString();
  const signal = 'A task ended.';
  const waiver = { waiver: 'w1', region: first, run: 1, blocker: 'rollout', signal, title: 'ECS rollout' };
  await it.record(() => [
    { type: 'WaiverProposed', data: { ...waiver, reason: 'Known.', expiresAt } },
    { type: 'WaiverConfirmed', data: { waiver: 'w1' } },
  ]);
  const lapse = () => it.run(lapseRolloutWaiver(it.deps), `${it.id}/${expiresAt}`);
  const decision = async () => (await it.region()).decisions.at(-1)?.decision;
  return { ...it, expiresAt, lapse, decision };
}

test('a GO that rests on a waiver is taken back when it ends', async () => {
  const { lapse, decision, time } = await waived();
  expect(await decision()).toBe('GO');
  time.move(60 * minutes);
  expect(await lapse()).toEqual({ next: 'done' });
  expect(await decision()).toBe('NO-GO');
});

test('messages that show the waiver are written again', async () => {
  const { lapse, time, clear, work, id, state } = await waived();
  await clear();
  time.move(60 * minutes);
  await lapse();
  const [waiver] = (await state()).waivers;
  expect(await work('message')).toEqual(
    expect.arrayContaining([
      promotionKeys.parent(id),
      promotionKeys.rollout(id, first, 1),
      promotionKeys.notice(id, waiver?.seq ?? 0),
    ]),
  );
});

test('a worker whose clock is behind comes again at the end', async () => {
  const { lapse, decision, expiresAt, time } = await waived();
  time.move(60 * minutes - 1);
  expect(await lapse()).toEqual({ next: 'again', at: new Date(expiresAt) });
  expect(await decision()).toBe('GO');
});

test('coming twice concludes once', async () => {
  const { lapse, time, events } = await waived();
  time.move(60 * minutes);
  await lapse();
  const before = await events();
  await lapse();
  expect(await events()).toEqual(before);
});
