import { createHash } from 'node:crypto';
import {
  createPostgresBackend,
  DelayedError,
  type Job,
  type PostgresConnectionOptions,
  Queue,
  Worker,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger, WorkKind } from '../../core/ports.ts';

/** What a job carries: which outbox row, and which nudge of it; everything else is read from the store. */
interface JobData {
  key: string;
  wanted: string;
}

/**
 * One nudge of one outbox row. Each nudge has a job of its own, so bringing work forward is adding a job, and an
 * older one finds itself outdated. (Promoting the delayed job instead is a race in BullMQ's PostgreSQL backend:
 * it may put a job back that has just become active.)
 */
export interface QueuedWork extends JobData {
  kind: WorkKind;
}

const OnPostgres = withBackend(createPostgresBackend);
const prefix = 'gonogo';
/** BullMQ makes a temporary table for each bulk on PostgreSQL, which a few jobs are not worth. */
const fewestForBulk = 8;

/** The parts of BullMQ's classes used here; they are the same on both backends. */
interface ProducerQueue {
  add(name: string, data: JobData, opts: object): Promise<unknown>;
  addBulk(jobs: { name: string; data: JobData; opts: object }[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}
type ActiveJob = Pick<Job<JobData>, 'data' | 'moveToDelayed'>;
interface RunningWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** Does one job and says when it is to run again, or null when it is finished. */
export type Runner = (work: QueuedWork) => Promise<Date | null>;

export interface JobQueueOptions {
  /** Redis when given; otherwise the PostgreSQL pool, whose search path must include `bullmq`. */
  redisUrl: string | null;
  pool: Pool;
  log: Logger;
  /** How long a worker may be silent before another takes over its job, in ms. */
  lockMs: number;
}

/**
 * BullMQ as transport. Jobs have ids that follow from kind, key and nudge, so adding one twice adds one; they are
 * removed when they end, because the store, not the queue, remembers what was done.
 */
export class JobQueue {
  readonly #options: JobQueueOptions;
  readonly #queues = new Map<WorkKind, ProducerQueue>();
  readonly #workers: RunningWorker[] = [];
  readonly #redis: Redis[] = [];

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Makes sure that each piece of work has a job, which comes in its `delayMs`. One that is there already stays. */
  async addAll(works: readonly (QueuedWork & { delayMs: number })[]): Promise<void> {
    const kinds = new Set(works.map(({ kind }) => kind));
    await Promise.all(
      [...kinds].map((kind) =>
        this.#addOfKind(
          kind,
          works.filter((work) => work.kind === kind),
        ),
      ),
    );
  }

  async #addOfKind(kind: WorkKind, works: readonly (QueuedWork & { delayMs: number })[]): Promise<void> {
    const queue = this.#queue(kind);
    const jobs = works.map(jobOf);
    if (jobs.length >= fewestForBulk) await queue.addBulk(jobs);
    else await Promise.all(jobs.map(({ name, data, opts }) => queue.add(name, data, opts)));
  }

  /** Starts working on one kind, `concurrency` jobs at a time. */
  work(kind: WorkKind, concurrency: number, run: Runner): void {
    const { redisUrl, pool, lockMs, log } = this.#options;
    const process = async (job: ActiveJob, token?: string) => {
      const again = await run({ kind, ...job.data });
      if (!again) return;
      await job.moveToDelayed(again.getTime(), token);
      throw new DelayedError();
    };
    // A stalled job is only transport: the outbox brings the work back however often that happens.
    const options = { concurrency, lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: 1_000 };
    const worker: RunningWorker = redisUrl
      ? new Worker<JobData>(kind, process, {
          ...options,
          connection: this.#client(redisUrl, 'worker'),
          prefix,
        })
      : new OnPostgres.Worker<JobData>(kind, process, { ...options, connection: asBackendPool(pool) });
    worker.on('error', (error) => log.warn({ err: error, kind }, 'The queue does not answer'));
    this.#workers.push(worker);
  }

  /** Stops taking jobs and waits for those in hand. */
  async stopWorking(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.close()));
  }

  async close(): Promise<void> {
    await this.stopWorking();
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    for (const client of this.#redis) client.disconnect();
  }

  #queue(kind: WorkKind): ProducerQueue {
    const known = this.#queues.get(kind);
    if (known) return known;
    const { redisUrl, pool, log } = this.#options;
    const queue: ProducerQueue = redisUrl
      ? new Queue<JobData>(kind, { connection: this.#client(redisUrl, 'queue'), prefix })
      : new OnPostgres.Queue<JobData>(kind, { connection: asBackendPool(pool) });
    queue.on('error', (error) => log.warn({ err: error, kind }, 'The queue does not answer'));
    this.#queues.set(kind, queue);
    return queue;
  }

  /** A producer should fail at once when Redis is away (the relay tries again); a worker should wait for it. */
  #client(redisUrl: string, use: 'queue' | 'worker'): Redis {
    const client = new Redis(redisUrl, {
      maxRetriesPerRequest: use === 'worker' ? null : 1,
      enableOfflineQueue: use === 'worker',
    });
    client.on('error', (error) => this.#options.log.debug({ err: error }, 'Redis does not answer'));
    this.#redis.push(client);
    return client;
  }
}

/** BullMQ declares only the part of a pool that it uses, in overloads that the real type does not spell alike. */
function asBackendPool(pool: Pool): PostgresConnectionOptions {
  return pool as unknown as PostgresConnectionOptions;
}

function jobOf({ delayMs: delay, ...work }: QueuedWork & { delayMs: number }) {
  const { kind, key, wanted } = work;
  const opts = { jobId: jobIdOf(work), delay, removeOnComplete: true, removeOnFail: true };
  return { name: kind, data: { key, wanted }, opts };
}

/** BullMQ allows no `:` in an id and no id of digits alone. */
function jobIdOf({ kind, key, wanted }: QueuedWork): string {
  return `${kind}-${createHash('sha256').update(key).digest('hex').slice(0, 32)}-${wanted}`;
}
