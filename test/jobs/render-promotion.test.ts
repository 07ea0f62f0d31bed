import { expect, test } from 'vitest';
import type { Store } from '../../src/core/ports.ts';
import { promotionKeys } from '../../src/core/promotion/orders.ts';
import { renderMessage } from '../../src/jobs/render-message.ts';
import { id, type Life, minutes, planWith } from '../core/promotion/samples.ts';
import { catalogueOf } from '../support/catalogue.ts';
import { ap, at, eu, stories, us } from '../views/promotion-stories.ts';
import { textOf } from '../views/release-reads.ts';

const parent = promotionKeys.parent(id);

/** What the job would say for a key, where nothing but this promotion is known. */
function render(life: Life, key: string, now = at) {
  const store = {
    latest: async () => [id],
    read: async (_kind: unknown, of: string) => ({ state: of === id ? life.state : null, seq: 1 }),
  } as unknown as Store;
  const catalogue = catalogueOf(1, { services: [planWith()] });
  return renderMessage({ store, catalogue, digest: (text) => text, now: () => now }, key);
}

test('the parent message has the gate of the next region', async () => {
  const wanted = await render(stories.provisional(), parent);
  expect(wanted).toMatchObject({ parent: null, broadcast: false });
  expect(wanted && textOf(wanted.body)).toContain('*us-east-1* may start until');
  const late = await render(stories.provisional(), parent, minutes(120));
  expect(late && textOf(late.body)).toContain('*us-east-1* is held');
});

test('a rollout is a reply below it, and one that is over is left alone', async () => {
  const life = stories.secondRun();
  expect(await render(life, promotionKeys.rollout(id, eu, 2))).toMatchObject({ parent, broadcast: false });
  expect(await render(life, promotionKeys.rollout(id, eu, 1))).toBeNull();
  expect(await render(life, promotionKeys.rollout(id, us, 1))).toBeNull();
});

test('a notice is a reply, in the channel too where the channel learns something new', async () => {
  const life = stories.takenBack();
  const shown = life.now().notices.map(async ({ seq, region }) => {
    const wanted = await render(life, promotionKeys.notice(id, seq));
    expect(wanted?.parent).toBe(parent);
    return `${region} ${wanted?.broadcast}`;
  });
  expect(await Promise.all(shown)).toEqual([`${eu} false`, `${us} false`, `${eu} true`, `${us} false`]);
  const last = stories.everywhere().now().notices.at(-1);
  expect(last?.region).toBe(ap);
  const wanted = await render(stories.everywhere(), promotionKeys.notice(id, last?.seq ?? 0));
  expect(wanted?.broadcast).toBe(true);
});

test.each([parent.replace(id, 'core.unknown'), promotionKeys.notice(id, 999), `promotion/${id}/nonsense/x`])(
  'there is nothing to say for %s',
  async (key) => {
    expect(await render(stories.crashed(), key)).toBeNull();
  },
);
