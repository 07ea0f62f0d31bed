import { join } from 'node:path';
import pMap from 'p-map';
import { awsControl } from '../../sandbox/aws/control-client.ts';
import { EventStore } from '../../src/adapters/store/event-store.ts';
import { sha256 } from '../../src/adapters/store/hash-chain.ts';
import { migrate } from '../../src/adapters/store/migrate.ts';
import { createPool, endPool, storeSchema } from '../../src/adapters/store/pool.ts';
import { promotionId, startRollout } from '../../src/core/promotion/acts.ts';
import type { PromotionPlan } from '../../src/core/promotion/plan.ts';
import type { RolloutRules } from '../../src/core/rollout/rules.ts';
import { actOnPromotion } from '../../src/jobs/promotion-deps.ts';
import { engineer, projectPaths, releases, writeCatalogue } from './catalogue.ts';
import { AskedOfAws } from './fleet-requests.ts';
import { noteLooks } from './look-notes.ts';
import { dataFolder } from './postgres.ts';
import { asShipped, type Launch, type Stage, startProcess } from './process.ts';

export interface FleetWish {
  regions: readonly string[];
  /** Services of each region; each is one promotion through all of them. */
  services: number;
  script: Parameters<ReturnType<typeof awsControl>['addFleet']>[0]['script'];
  /** The last rollout begins so long after the first, in ms. */
  spreadMs: number;
  rules: RolloutRules;
  /** How the worker is started; as it is shipped when absent. */
  launch?: Launch;
}

const cluster = 'fleet';
const prefix = 'svc';
const tasksEach = 2;
/** So many rollouts are opened at once. */
const sideBySide = 8;

/** AWS, Slack and GitLab in a process of their own, one worker of the bot, and a fleet that rolls. */
export async function startFleet(stage: Stage, wish: FleetWish, database: string) {
  const services = await startProcess(stage, 'bench/stage/fleet-services.ts', []);
  const said = services.said as { commit: string; environment: Record<string, string> };
  const aws = awsControl(said.environment['AWS_ENDPOINT_URL_ECS'] ?? '');
  const cataloguePath = join(await dataFolder(stage), 'release.yml');
  await writeCatalogue(cataloguePath, { projects: 1, pipelinesPerMinute: 60 });
  // A worker finds the database as the bot beside it has left it.
  await migrate(database);
  const settings = { ...said.environment, DATABASE_URL: database, GONOGO_CATALOGUE: cataloguePath };
  const worker = await startProcess(stage, 'src/main.ts', ['worker'], settings, wish.launch ?? asShipped);
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const pool = createPool(database, storeSchema, log, { max: sideBySide });
  stage.defer(() => endPool(pool));
  const now = () => new Date();
  const store = new EventStore(pool, now, quiet);
  const notes = await noteLooks(pool);
  return {
    aws,
    pool,
    worker,
    notes,
    asked: new AskedOfAws(aws),
    /** Every rollout begins in AWS and is watched; gives when the first and the last were (ms since 1970). */
    open: async (): Promise<{ from: number; to: number }> => {
      const { script, spreadMs } = wish;
      const appliedAt = now().toISOString();
      const image = `registry.example/svc:${said.commit}`;
      const fleet = { cluster, prefix, count: wish.services, desired: tasksEach, script, spreadMs, image };
      for (const region of wish.regions) await aws.addFleet({ ...fleet, region });
      const from = Date.now();
      const names = Array.from(
        { length: wish.services },
        (_, i) => `${prefix}-${String(i + 1).padStart(4, '0')}`,
      );
      const each = names.flatMap((name) => wish.regions.map((region) => ({ name, region })));
      await pMap(
        each,
        async ({ name, region }) => {
          const plan = planOf(name, wish);
          const expected = { taskDefinition: null, digest: null, appliedAt };
          const start = { plan, commit: said.commit, channel: releases, region, source: `bench/${region}` };
          const acted = await actOnPromotion(
            { store, now },
            promotionId(sha256, name, said.commit),
            `slack:${engineer}`,
            (state) => startRollout(state, { ...start, expected, pipeline: null }),
          );
          if ('problem' in acted) throw new Error(acted.problem.what);
        },
        { concurrency: sideBySide },
      );
      return { from, to: Date.now() };
    },
    /** How many rollouts are watched now. */
    watched: async (): Promise<number> => {
      const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from watch');
      return rows[0]?.count ?? 0;
    },
    stop: async () => {
      await worker.stop();
      await services.stop();
    },
  };
}

export type Fleet = Awaited<ReturnType<typeof startFleet>>;

function planOf(service: string, { regions, rules }: FleetWish): PromotionPlan {
  const [path = ''] = projectPaths(1);
  return {
    service,
    name: service,
    project: 'p-001',
    path,
    owner: { name: 'The team', users: [], groups: [] },
    regions: regions.map((region) => {
      return { region, account: null, cluster, service, environment: `production/${region}` };
    }),
    freshMinutes: 30,
    rules,
    after: [],
  };
}
