import type { PromotionEvent } from '../../src/core/promotion/events.ts';
import { promotionChange } from '../../src/core/promotion/orders.ts';
import { promotionStream } from '../../src/core/promotion/stream.ts';
import { commit, failed, id, planWith } from '../core/promotion/samples.ts';
import { releases } from '../support/catalogue.ts';
import { releaseStage } from './release-stage.ts';

export const eu = 'eu-west-1';
const plan = planWith();

/** The Slack edge with one service; what jobs would record is recorded with `tell`. */
export async function promotionStage() {
  const it = await releaseStage({ services: [plan] });
  const tell = (events: PromotionEvent[], actor = 'gonogo', of = id) =>
    it.store.change(promotionStream, of, (snapshot) =>
      promotionChange(of, snapshot, events, { actor, at: it.time.now() }),
    );
  const promotion = async () => {
    const { state } = await it.store.read(promotionStream, id);
    if (!state) throw new Error('no promotion');
    return state;
  };
  return {
    ...it,
    tell,
    promotion,
    region: async () => (await promotion()).regions[eu],
    types: async () => (await it.store.history(`promotion/${id}`)).map(({ type }) => type),
    /** Keys of the work of one kind that is open. */
    ordered: async (kind: string) => {
      const { rows } = await it.db
        .pool()
        .query<{ key: string }>('select key from outbox where kind = $1', [kind]);
      return rows.map(({ key }) => key);
    },
    start: (run = 1, of = id, sha = commit) =>
      tell(
        [
          ...(run === 1
            ? [{ type: 'PromotionOpened' as const, data: { commit: sha, plan, channel: releases } }]
            : []),
          {
            type: 'RolloutStarted',
            data: {
              region: eu,
              run,
              source: `test/${run}`,
              expected: {
                commit: sha,
                taskDefinition: null,
                digest: null,
                appliedAt: it.time.now().toISOString(),
                before: null,
              },
              pipeline: null,
            },
          },
        ],
        'gonogo',
        of,
      ),
    fail: (run = 1) =>
      tell([
        { type: 'RolloutJudged', data: { region: eu, run, verdict: failed } },
        { type: 'WatchEnded', data: { region: eu, run } },
      ]),
  };
}
