import type { Pool, PoolClient } from 'pg';
import type { Clock, Work, WorkDesk, WorkKind, WorkOrder } from '../../core/ports.ts';
import { inTransaction } from './transaction.ts';

/** Opens the work, or nudges it when it is already known; `once` leaves known work alone. */
export async function writeOrders(
  client: PoolClient,
  orders: readonly WorkOrder[],
  now: Date,
): Promise<void> {
  // One order in all transactions, so that two of them touching the same rows cannot deadlock.
  const sorted = [...orders].sort((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1));
  for (const order of sorted) {
    await client.query(
      `insert into outbox (kind, key, payload, run_at, changed_at) values ($1, $2, $3, $4, $5)
       on conflict (kind, key) do ${
         order.once
           ? 'nothing'
           : `update set wanted = outbox.wanted + 1, payload = coalesce(excluded.payload, outbox.payload),
                run_at = excluded.run_at, queued_at = null, failures = 0, changed_at = excluded.changed_at`
       }`,
      [
        order.kind,
        order.key,
        order.payload === undefined ? null : JSON.stringify(order.payload),
        order.at ?? now,
        now,
      ],
    );
  }
}

/** Work taken on by this process until its lease ends. */
export interface LeasedWork extends Work {
  /** The nudge that this run answers; newer ones keep the row open. */
  wanted: bigint;
  owner: string;
}

/** What became of an attempt to lease: the work, or when to try again, or null when there is nothing to do. */
export type Lease = { work: LeasedWork } | { at: Date } | null;

export interface OpenWork {
  kind: WorkKind;
  key: string;
  runAt: Date;
}

interface OutboxRow {
  payload: unknown;
  memo: unknown;
  wanted: string;
  finished: string;
  failures: number;
  run_at: Date;
  lease_until: Date | null;
}

/**
 * The rows of work to be done. A row stays open until its result is recorded, so the queue can always be
 * filled from here; the lease keeps two workers from doing one thing when the queue delivers it twice.
 */
export class Outbox implements WorkDesk {
  readonly #pool: Pool;
  readonly #now: Clock;
  readonly #onWork: () => void;

  constructor(pool: Pool, now: Clock, onWork: () => void) {
    this.#pool = pool;
    this.#now = now;
    this.#onWork = onWork;
  }

  async order(orders: WorkOrder[]): Promise<void> {
    await inTransaction(this.#pool, (client) => writeOrders(client, orders, this.#now()));
    this.#onWork();
  }

  /** Rows that the queue does not have since their last nudge. */
  async unqueued(limit: number): Promise<OpenWork[]> {
    return this.#open(
      'select kind, key, run_at from outbox where finished < wanted and queued_at is null order by run_at limit $1',
      [limit],
    );
  }

  /** Rows whose time came a while ago and that nobody works on: the queue may have lost them. */
  async overdue(since: Date, limit: number): Promise<OpenWork[]> {
    return this.#open(
      `select kind, key, run_at from outbox where finished < wanted and run_at < $2
         and (lease_until is null or lease_until < $2) order by run_at limit $1`,
      [limit, since],
    );
  }

  async #open(sql: string, values: unknown[]): Promise<OpenWork[]> {
    const { rows } = await this.#pool.query<{ kind: WorkKind; key: string; run_at: Date }>(sql, values);
    return rows.map(({ kind, key, run_at }) => ({ kind, key, runAt: run_at }));
  }

  /** Notes that the queue has a job for a row as it stood at `runAt`. */
  async markQueued({ kind, key, runAt }: OpenWork): Promise<void> {
    await this.#pool.query(
      'update outbox set queued_at = $4 where kind = $1 and key = $2 and run_at = $3 and queued_at is null',
      [kind, key, runAt, this.#now()],
    );
  }

  async lease(kind: WorkKind, key: string, owner: string, leaseMs: number): Promise<Lease> {
    return inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<OutboxRow>(
        'select payload, memo, wanted, finished, failures, run_at, lease_until from outbox where kind = $1 and key = $2 for update',
        [kind, key],
      );
      const row = rows[0];
      const now = this.#now();
      if (!row || BigInt(row.finished) >= BigInt(row.wanted)) return null;
      if (row.lease_until && row.lease_until > now) return { at: row.lease_until };
      if (row.run_at > now) return { at: row.run_at };
      await client.query(
        'update outbox set lease_owner = $3, lease_until = $4 where kind = $1 and key = $2',
        [kind, key, owner, new Date(now.getTime() + leaseMs)],
      );
      const { payload, memo, failures } = row;
      return { work: { kind, key, payload, memo, failures, wanted: BigInt(row.wanted), owner } };
    });
  }

  /** Keeps a lease; false when it was lost. */
  async renew(work: LeasedWork, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'update outbox set lease_until = $4 where kind = $1 and key = $2 and lease_owner = $3',
      [work.kind, work.key, work.owner, new Date(this.#now().getTime() + leaseMs)],
    );
    return rowCount === 1;
  }

  /** Records that the nudge which this run answered is done. Answers when to run again, if a newer one came. */
  async finish(work: LeasedWork): Promise<Date | null> {
    return this.#settle(work, 'finished = $4, memo = null, failures = 0', [work.wanted.toString()]);
  }

  /** Puts the work off until `at`, or at once when a newer nudge came meanwhile. */
  async postpone(work: LeasedWork, at: Date, memo: unknown): Promise<Date | null> {
    return this.#settle(
      work,
      'run_at = case when wanted > $4 then run_at else $5::timestamptz end, memo = $6, failures = 0',
      [work.wanted.toString(), at, memo === undefined ? null : JSON.stringify(memo)],
    );
  }

  /** Notes a failure and puts the work off; it stays open for ever. */
  async fail(work: LeasedWork, error: string, at: Date): Promise<Date | null> {
    return this.#settle(
      work,
      'run_at = $5::timestamptz, failures = failures + 1, last_error = $6, wanted = greatest(wanted, $4)',
      [work.wanted.toString(), at, error],
    );
  }

  async #settle(work: LeasedWork, set: string, values: unknown[]): Promise<Date | null> {
    const { rows } = await this.#pool.query<{ run_at: Date; open: boolean }>(
      `update outbox set ${set}, lease_owner = null, lease_until = null
         where kind = $1 and key = $2 and lease_owner = $3
       returning run_at, finished < wanted as open`,
      [work.kind, work.key, work.owner, ...values],
    );
    const row = rows[0];
    return row?.open ? row.run_at : null;
  }

  /** Open rows by kind, for the metrics and for tests that wait until all is done. */
  async openCounts(): Promise<Record<string, number>> {
    const { rows } = await this.#pool.query<{ kind: string; count: number }>(
      'select kind, count(*)::int as count from outbox where finished < wanted group by kind',
    );
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }

  /** Forgets finished rows older than `before`; a redelivery older than that is not recognised any more. */
  async sweep(before: Date): Promise<void> {
    await this.#pool.query('delete from outbox where finished >= wanted and changed_at < $1', [before]);
  }
}
