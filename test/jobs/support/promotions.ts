import { createHash } from 'node:crypto';
import { StoreDeliveries } from '../../../src/adapters/store/deliveries.ts';
import { EventStore } from '../../../src/adapters/store/event-store.ts';
import { Outbox } from '../../../src/adapters/store/outbox.ts';
import { StoreWatches } from '../../../src/adapters/store/watches.ts';
import type { RolloutSources } from '../../../src/checks/rollout/look.ts';
import type { Handler, Next, Work, WorkKind, WorkOrder } from '../../../src/core/ports.ts';
import { promotionId, type Start, startRollout } from '../../../src/core/promotion/acts.ts';
import type { PromotionPlan } from '../../../src/core/promotion/plan.ts';
import { type Promotion, type RegionState, regionState } from '../../../src/core/promotion/state.ts';
import { promotionStream } from '../../../src/core/promotion/stream.ts';
import type { RolloutVerdict } from '../../../src/core/rollout/verdict.ts';
import type { Sources } from '../../../src/core/sources.ts';
import { actOnPromotion, type RolloutDeps, recordPromotion } from '../../../src/jobs/promotion-deps.ts';
import { clock, database } from '../../adapters/store/stored.ts';
import { catalogueOf, releases } from '../../support/catalogue.ts';
import { keptLog } from '../../support/log.ts';

export const commit = 'abcdef1234567890abcdef1234567890abcdef12';
export const [first, second] = ['eu-west-1', 'us-east-1'];
export const path = 'betterfleet/bf-manage-core';
export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** A service of two regions, with no rule for logs unless told otherwise. */
export function planOf(change: Partial<PromotionPlan> = {}): PromotionPlan {
  const region = (name: string) => ({
    region: name,
    account: null,
    cluster: 'main',
    service: 'core',
    environment: `production-${name}`,
  });
  return {
    service: 'core',
    name: 'Core',
    project: 'p-001',
    path,
    owner: { name: 'Team Core', users: [], groups: [] },
    regions: [region(first), region(second)],
    freshMinutes: 30,
    rules: {
      soakSeconds: 30,
      deadlineSeconds: 600,
      emptyPasses: false,
      imageTag: '{commit}',
      logs: null,
      migration: null,
    },
    after: [],
    ...change,
  };
}

export function verdictOf(change: Partial<RolloutVerdict> = {}): RolloutVerdict {
  return {
    row: 15,
    outcome: 'pass',
    isFinal: false,
    reason: 'All tasks run.',
    remedy: '',
    deployment: 'ecs-svc/2',
    taskDefinition: 'core:2',
    digest: null,
    tasks: { running: 2, wanted: 2 },
    failures: [],
    excerpts: [],
    evidence: [],
    ...change,
  };
}

export const waitingVerdict = (change: Partial<RolloutVerdict> = {}) =>
  verdictOf({ outcome: 'waiting', reason: 'Tasks start.', tasks: { running: 0, wanted: 2 }, ...change });
export const failVerdict = (change: Partial<RolloutVerdict> = {}) =>
  verdictOf({ row: 8, outcome: 'fail', reason: 'A task ended.', remedy: 'Look.', ...change });

const notGiven = <T>(name: string) =>
  new Proxy({} as Record<string, unknown>, {
    get: (_, key) => {
      throw new Error(`The test gives no ${name}.${String(key)}`);
    },
  }) as T;

/** The jobs of promotions on a database of their own, with a clock that stands until it is moved. */
export async function promotions(
  given: { plan?: PromotionPlan; sources?: Partial<Sources>; aws?: RolloutSources; at?: string } = {},
) {
  const plan = given.plan ?? planOf();
  const pool = (await database()).pool();
  const time = clock(given.at);
  const store = new EventStore(pool, time.now, () => undefined);
  const outbox = new Outbox(pool, time.now, () => undefined);
  const id = promotionId(digest, plan.service, commit);
  const deps: RolloutDeps & { desk: Outbox } = {
    store,
    watches: new StoreWatches(pool),
    aws: given.aws ?? notGiven('aws'),
    sources: { ...notGiven<Sources>('sources'), ...given.sources } as Sources,
    deliveries: new StoreDeliveries(pool),
    permalink: async ({ ts }) => `https://slack.example/${ts}`,
    catalogue: catalogueOf(1, { services: [plan] }),
    secrets: { remove: async (text) => text.replaceAll('hunter2', '[removed]') },
    digest,
    now: time.now,
    log: keptLog(),
    settleMs: 30_000,
    desk: outbox,
  };

  const startOf = (change: Partial<Start> = {}): Start => ({
    plan,
    commit,
    channel: releases,
    region: first,
    source: 'gitlab-deployment/1',
    expected: { taskDefinition: null, digest: null, appliedAt: time.now().toISOString() },
    pipeline: { id: 7, url: 'https://gitlab.example/p/7' },
    ...change,
  });

  const stateOf = async (of = id): Promise<Promotion> => {
    const { state } = await store.read(promotionStream, of);
    if (!state) throw new Error('There is no promotion');
    return state;
  };

  return {
    deps,
    pool,
    store,
    outbox,
    time,
    id,
    plan,
    start: (change: Partial<Start> = {}) =>
      actOnPromotion(deps, id, 'gitlab:rita', (state) => startRollout(state, startOf(change))),
    record: (decide: Parameters<typeof recordPromotion>[2]) => recordPromotion(deps, id, decide),
    judge: (verdict: RolloutVerdict, region = first, run = 1) =>
      recordPromotion(deps, id, () => [{ type: 'RolloutJudged', data: { region, run, verdict } }]),
    state: stateOf,
    region: async (name = first): Promise<RegionState> => regionState(await stateOf(), name),
    async events(of = id): Promise<string[]> {
      return (await store.history(`promotion/${of}`)).map(({ type }) => type);
    },
    /** Open work of a kind, by key. */
    async work(kind: WorkKind): Promise<string[]> {
      const { rows } = await pool.query<{ key: string }>(
        'select key from outbox where kind = $1 and finished < wanted order by key',
        [kind],
      );
      return rows.map(({ key }) => key);
    },
    /** All open work is done: what comes after it stands out. */
    clear: () => pool.query('update outbox set finished = wanted, memo = null'),
    run: (handler: Handler, key: string, memo: unknown = null): Promise<Next> =>
      handler(workOf(key, memo), new AbortController().signal),
  };
}

export function workOf(key: string, memo: unknown = null): Work {
  return { kind: 'rollouts', key, payload: null, memo, failures: 0 };
}

/** A desk that keeps what is ordered. */
export function desk() {
  const ordered: WorkOrder[] = [];
  return { ordered, desk: { order: async (orders: WorkOrder[]) => void ordered.push(...orders) } };
}
