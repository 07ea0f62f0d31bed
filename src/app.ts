import { awsOnDemand, rolloutsOnDemand } from './adapters/aws/on-demand.ts';
import { codeHostOf } from './adapters/gitlab/whole-host.ts';
import { Dispatcher } from './adapters/queue/dispatcher.ts';
import { JobQueue } from './adapters/queue/job-queue.ts';
import { SecretlintFinder } from './adapters/secrets/secretlint-finder.ts';
import { SentryTracker } from './adapters/sentry/sentry-tracker.ts';
import { unsetTracker } from './adapters/sentry/unset-tracker.ts';
import { SlackChat } from './adapters/slack/chat.ts';
import { SlackPeople } from './adapters/slack/people.ts';
import { createWebClient } from './adapters/slack/web-client.ts';
import { StoreDeliveries } from './adapters/store/deliveries.ts';
import { EventStore } from './adapters/store/event-store.ts';
import { sha256 } from './adapters/store/hash-chain.ts';
import { openDatabase } from './adapters/store/open-database.ts';
import { Outbox } from './adapters/store/outbox.ts';
import { StorePace } from './adapters/store/pace.ts';
import { createPool, endPool, storeSchema } from './adapters/store/pool.ts';
import { StoreWatches } from './adapters/store/watches.ts';
import { HttpWebProbe } from './adapters/web/web-probe.ts';
import type { Catalogue } from './core/catalogue/catalogue.ts';
import { once } from './core/once.ts';
import type { Logger } from './core/ports.ts';
import type { RecordKeeper } from './core/record-keeper.ts';
import type { Sources } from './core/sources.ts';
import { discoverOrder } from './jobs/discover.ts';
import { concurrency, handlersOf } from './jobs/index.ts';
import { newsOrders } from './jobs/rollout-news.ts';
import { type Settings, secretsOf } from './settings.ts';
import { giveSparePagesBack } from './spare-pages.ts';

export interface Bot {
  /** Where its HTTP interface listens; null for a process that only works. */
  url: string | null;
  /** Takes nothing new, finishes or gives back what is in hand, and lets go of everything. */
  stop(): Promise<void>;
}

/** What this process does: the Slack and HTTP edge, the work of the queues, or both. */
export interface Duties {
  edge: boolean;
  work: boolean;
}

/** How long work in hand may take to finish at a stop before it is given back, in ms. */
const stopGraceMs = 8_000;
/**
 * Database connections of one process. On PostgreSQL the queue keeps one open a kind of work to listen, besides
 * those it asks through; with Redis it opens none.
 */
const storeConnections = 10;
const queueConnections = 33;
/** How long one answer of a service outside may take, in ms. */
const answerMs = 15_000;

/** Puts the bot together: the only place that knows which adapter stands behind which port. */
export async function startBot(
  settings: Settings,
  catalogue: Catalogue,
  log: Logger,
  duties: Duties,
): Promise<Bot> {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  const stop = once(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  try {
    const url = await assemble(settings, catalogue, log, duties, closers);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  settings: Settings,
  catalogue: Catalogue,
  log: Logger,
  duties: Duties,
  closers: (() => Promise<unknown> | unknown)[],
): Promise<string | null> {
  const now = () => new Date();
  const storage = await openStorage(settings, log, closers);
  const { pool, store, outbox, queue } = storage;
  const client = createWebClient(settings.slack, log);
  const sources = sourcesOf(settings);
  const secrets = new SecretlintFinder(secretsOf(settings));
  const pace = new StorePace(pool, now);
  const aws = rolloutsOnDemand({ timeoutMs: answerMs }, catalogue.accounts, pace);
  const chat = new SlackChat(client, log);
  const deliveries = new StoreDeliveries(pool);
  const permalink: SlackChat['permalink'] = (place) => chat.permalink(place);

  if (duties.work) {
    const people = new SlackPeople(client, now, log);
    const handlers = handlersOf({
      store,
      codeHost: sources.codeHost,
      sources,
      secrets,
      keeper: await keeperOf(settings, catalogue),
      permalink,
      namesOf: people.namesOf,
      pace,
      aws,
      watches: new StoreWatches(pool),
      catalogue,
      digest: sha256,
      now,
      log,
      settleMs: settings.settleMs,
      chat,
      deliveries,
      desk: outbox,
    });
    const dispatcher = new Dispatcher({
      outbox,
      queue,
      handlers,
      concurrency,
      now,
      log,
      leaseMs: settings.leaseMs,
    });
    storage.onWork = () => dispatcher.relay();
    await outbox.order([discoverOrder(now()), ...newsOrders(catalogue.services, now())]);
    dispatcher.start();
    closers.push(() => dispatcher.stop(stopGraceMs));
    if (!duties.edge) closers.push(giveSparePagesBack(log));
  }

  if (!duties.edge) return null;
  // Bolt takes 45 MB and all that answers people some more, which a process that only works does without.
  const { startEdge } = await import('./edge.ts');
  const deps = { pool, store, outbox, deliveries, client, catalogue, secrets, permalink, now, log };
  return startEdge(settings, { ...deps, rollouts: aws.rollouts }, closers);
}

/** What checks may read of the outside. AWS takes its region, credentials and addresses from the SDK's own variables. */
function sourcesOf({ gitlab, sentry }: Settings): Sources {
  return {
    codeHost: codeHostOf({ ...gitlab, timeoutMs: answerMs }),
    web: new HttpWebProbe(),
    errors: sentry ? new SentryTracker({ ...sentry, timeoutMs: answerMs }) : unsetTracker,
    ...awsOnDemand({ timeoutMs: answerMs }),
  };
}

/**
 * Null when no Linear is configured or no phase keeps a record. One team keeps the records of all phases. Its SDK
 * takes 30 MB, which a bot without a record does without.
 */
async function keeperOf({ linear }: Settings, { phases }: Catalogue): Promise<RecordKeeper | null> {
  const team = phases.find(({ record }) => record !== null)?.record?.team;
  if (!linear || !team) return null;
  const { LinearKeeper } = await import('./adapters/linear/linear-keeper.ts');
  const { apiUrl: url, apiKey } = linear;
  return new LinearKeeper({ url, apiKey, team, timeoutMs: answerMs });
}

async function openStorage(settings: Settings, log: Logger, closers: (() => Promise<unknown> | unknown)[]) {
  const database = await openDatabase(settings);
  closers.push(database.close);
  const { url } = database;
  const now = () => new Date();
  const pool = createPool(url, storeSchema, log, { max: storeConnections });
  closers.push(() => endPool(pool));
  const queuePool = createPool(url, 'bullmq', log, { max: queueConnections });
  closers.push(() => endPool(queuePool));
  const queue = new JobQueue({ redisUrl: settings.redisUrl, pool: queuePool, log, lockMs: settings.leaseMs });
  closers.push(() => queue.close());
  const storage = {
    pool,
    queue,
    onWork: () => {},
    store: new EventStore(pool, now, () => storage.onWork()),
    outbox: new Outbox(pool, now, () => storage.onWork()),
  };
  return storage;
}
