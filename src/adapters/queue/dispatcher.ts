import { randomUUID } from 'node:crypto';
import type { Clock, Handler, Logger, WorkKind } from '../../core/ports.ts';
import type { LeasedWork, OpenWork, Outbox } from '../store/outbox.ts';
import type { JobQueue, QueuedWork } from './job-queue.ts';

export interface DispatcherOptions {
  outbox: Outbox;
  queue: JobQueue;
  handlers: Readonly<Record<WorkKind, Handler>>;
  concurrency: Readonly<Record<WorkKind, number>>;
  now: Clock;
  log: Logger;
  /** How long a piece of work stays with a process that says nothing more, in ms. */
  leaseMs: number;
}

/** How often rows that the queue does not have are looked for, besides at each order, in ms. */
const relayEveryMs = 1_000;
/** How late a row must be before the queue is suspected to have lost it, in ms. */
const overdueMs = 3_000;
const relayBatch = 500;
/** Finished rows are kept this long, so that a redelivery is recognised, in ms. */
const keepFinishedMs = 7 * 24 * 3_600_000;

/**
 * Between the store and the queue. The relay turns open outbox rows into jobs; a job leases its row, runs the
 * handler and records how it left it. Whatever the queue loses, the relay finds again in the store.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #owner = randomUUID();
  readonly #stopping = new AbortController();
  #relaying: Promise<void> | null = null;
  #relayAgain = false;
  #timer: NodeJS.Timeout | null = null;
  #lastSweep = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  start(): void {
    const { queue, concurrency } = this.#options;
    for (const [kind, count] of Object.entries(concurrency) as [WorkKind, number][])
      queue.work(kind, count, (work) => this.#run(work));
    this.#timer = setInterval(() => this.relay(), relayEveryMs);
    this.relay();
  }

  /** Looks for rows that the queue lacks, soon; calls in quick succession become one. */
  relay(): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#relaying) {
      this.#relayAgain = true;
      return;
    }
    this.#relaying = this.#relayOnce()
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error }, 'Work could not be handed to the queue; trying again'),
      )
      .finally(() => {
        this.#relaying = null;
        if (!this.#relayAgain) return;
        this.#relayAgain = false;
        this.relay();
      });
  }

  /** Stops the relay, lets the handlers in hand finish or give back their work, then stops the workers. */
  async stop(graceMs: number): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    const hurry = setTimeout(() => this.#stopping.abort(new Error('gonogo is stopping')), graceMs);
    await this.#options.queue.stopWorking();
    clearTimeout(hurry);
    this.#stopping.abort(new Error('gonogo is stopping'));
    await this.#relaying;
  }

  async #relayOnce(): Promise<void> {
    const { outbox, queue } = this.#options;
    const rows = await outbox.unqueued(relayBatch);
    const lost = await this.#overdueNowAndThen();
    await queue.addAll([...rows, ...lost].map((row) => ({ ...row, delayMs: this.#delayOf(row) })));
    await outbox.markQueued(...rows, ...lost);
    if (rows.length === relayBatch) this.#relayAgain = true;
  }

  #delayOf({ runAt }: OpenWork): number {
    return Math.max(0, runAt.getTime() - this.#options.now().getTime());
  }

  async #overdueNowAndThen() {
    const { outbox, now } = this.#options;
    const at = now().getTime();
    if (at - this.#lastSweep < overdueMs) return [];
    this.#lastSweep = at;
    await outbox.sweep(new Date(at - keepFinishedMs));
    return outbox.overdue(new Date(at - overdueMs), relayBatch);
  }

  /** A job whose row is done, is in other hands or was nudged since has nothing to do: a newer job takes over. */
  async #run(queued: QueuedWork): Promise<Date | null> {
    const { outbox, leaseMs } = this.#options;
    const lease = await outbox.lease(queued, `${this.#owner}/${randomUUID()}`, leaseMs);
    if (!lease) return null;
    if ('at' in lease) return lease.at;
    return this.#handle(lease.work);
  }

  async #handle(work: LeasedWork): Promise<Date | null> {
    const { outbox, handlers, now, log } = this.#options;
    const lost = new AbortController();
    const keeping = this.#keepLease(work, lost);
    try {
      const next = await handlers[work.kind](work, AbortSignal.any([this.#stopping.signal, lost.signal]));
      if (next.next === 'done') return await outbox.finish(work);
      return await outbox.postpone(work, next.at, next.memo);
    } catch (error) {
      const at = new Date(now().getTime() + backoffMs(work.failures));
      log.warn(
        { err: error, kind: work.kind, key: work.key, failures: work.failures + 1, again: at },
        'Work failed; trying again',
      );
      const text = error instanceof Error ? error.message : String(error);
      return await outbox.fail(work, text, at);
    } finally {
      clearInterval(keeping);
    }
  }

  /** Renews the lease while the handler works; a handler that lost it is told to stop. */
  #keepLease(work: LeasedWork, lost: AbortController): NodeJS.Timeout {
    const { outbox, leaseMs, log } = this.#options;
    let until = Date.now() + leaseMs;
    return setInterval(async () => {
      try {
        if (await outbox.renew(work, leaseMs)) until = Date.now() + leaseMs;
        else lost.abort(new Error('Another worker has this work'));
      } catch (error) {
        log.warn({ err: error, kind: work.kind, key: work.key }, 'A lease could not be renewed');
        if (Date.now() > until) lost.abort(new Error('The lease ended'));
      }
    }, leaseMs / 3);
  }
}

/** 0.5 s, 1 s, 2 s … at most 30 s, in ms. */
export function backoffMs(failures: number): number {
  return Math.min(30_000, 500 * 2 ** Math.min(failures, 10));
}
