import { onTestFinished } from 'vitest';
import { rolloutApi } from '../../src/adapters/http/rollout-api.ts';
import { startHttp } from '../../src/adapters/http/server.ts';
import { EventStore } from '../../src/adapters/store/event-store.ts';
import { sha256 } from '../../src/adapters/store/hash-chain.ts';
import { createPool, endPool, storeSchema } from '../../src/adapters/store/pool.ts';
import { promotionId } from '../../src/core/promotion/acts.ts';
import type { PromotionEvent } from '../../src/core/promotion/events.ts';
import { promotionChange } from '../../src/core/promotion/orders.ts';
import { regionState } from '../../src/core/promotion/state.ts';
import { promotionStream } from '../../src/core/promotion/stream.ts';
import type { Rollouts } from '../../src/core/rollout/sources.ts';
import type { RolloutVerdict } from '../../src/core/rollout/verdict.ts';
import { finding, planWith, verdict } from '../core/promotion/samples.ts';
import { catalogueOf } from '../support/catalogue.ts';
import { freshDatabase } from '../support/database.ts';
import { keptLog } from '../support/log.ts';

export const token = 'a-token-for-pipelines';
export const eu = 'eu-west-1';
export const us = 'us-east-1';

/** The real routes for pipelines on the real store; time stands still until a test moves it. */
export async function promotionTown(
  parts: {
    plans?: ReturnType<typeof planWith>[];
    waves?: { name: string; services: string[] }[];
    token?: string | null;
    rollouts?: Pick<Rollouts, 'snapshot'>;
  } = {},
) {
  const database = await freshDatabase();
  const log = keptLog();
  const pool = createPool(database.url, storeSchema, log);
  onTestFinished(async () => {
    await endPool(pool);
    await database.drop();
  });
  let at = Date.parse('2026-11-21T12:00:00Z');
  const now = () => new Date(at);
  const store = new EventStore(pool, now, () => undefined);
  const { plans: services = [planWith()], waves = [] } = parts;
  const none = { primary: 'ecs-svc/0', taskDefinition: 'core:41', serviceDeployment: null };
  const routes = rolloutApi({
    token: parts.token === undefined ? token : parts.token,
    store,
    catalogue: catalogueOf(1, { services, waves }),
    digest: sha256,
    rollouts: parts.rollouts ?? { snapshot: async () => ({ ...none, at: now().toISOString() }) },
    threadOf: async (id) => `https://slack.example/${id}`,
    now,
    log,
  });
  const http = await startHttp(routes, null, { host: '127.0.0.1', port: 0 }, log);
  onTestFinished(http.close);

  /** Records what a watch would; events of the present run. */
  const record = async (
    sha: string,
    events: (run: number) => PromotionEvent[],
    region = eu,
    service = 'core',
  ) => {
    const id = promotionId(sha256, service, sha);
    await store.change(promotionStream, id, (before) => {
      const run = before.state ? regionState(before.state, region).run : 0;
      return promotionChange(id, before, events(run), { actor: 'gonogo', at: now() });
    });
  };
  return {
    url: http.url,
    log,
    store,
    now,
    /** Moves the clock on. */
    pass: (ms: number) => {
      at += ms;
    },
    judged: (sha: string, said: Partial<RolloutVerdict> = {}, region = eu, service = 'core') =>
      record(
        sha,
        (run) => [{ type: 'RolloutJudged', data: { region, run, verdict: verdict(said) } }],
        region,
        service,
      ),
    checked: (sha: string, region = eu, service = 'core') =>
      record(
        sha,
        (run) => [{ type: 'RolloutChecked', data: { region, run, check: 'spike', finding: finding() } }],
        region,
        service,
      ),
    ended: (sha: string, region = eu) =>
      record(sha, (run) => [{ type: 'WatchEnded', data: { region, run } }], region),
    ask: async (
      method: 'GET' | 'POST',
      path: string,
      body?: unknown,
      headers: Record<string, string> = { authorization: `Bearer ${token}` },
    ) => {
      const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
      const response = await fetch(`${http.url}${path}`, { method, headers, ...sent });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

export type PromotionTown = Awaited<ReturnType<typeof promotionTown>>;
