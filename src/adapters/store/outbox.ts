import type { Pool, PoolClient } from 'pg';
import type { Clock, Work, WorkDesk, WorkKind, WorkOrder, WorkTimes } from '../../core/ports.ts';
import { inTransaction } from './transaction.ts';

/** Opens the work, or nudges it when it is already known; `once` leaves known work alone. */
export async function writeOrders(
  client: PoolClient,
  orders: readonly WorkOrder[],
  now: Date,
): Promise<void> {
  // One order in all transactions, so that two of them touching the same rows cannot deadlock.
  const sorted = [...orders].sort((a, b) => (a.kind + a.key < b.kind + b.key ? -1 : 1));
  for (const batch of batches(sorted)) await writeBatch(client, batch, now);
}

/** Neighbours that one statement can write: all of one way, and no row twice. */
function batches(sorted: readonly WorkOrder[]): WorkOrder[][] {
  const result: WorkOrder[][] = [];
  for (const order of sorted) {
    const batch = result.at(-1);
    const last = batch?.at(-1);
    const isSame = last?.kind === order.kind && last.key === order.key;
    if (batch && last && !isSame && whenKnown(last) === whenKnown(order)) batch.push(order);
    else result.push([order]);
  }
  return result;
}

const nudge = `update set wanted = outbox.wanted + 1, payload = coalesce(excluded.payload, outbox.payload),
  run_at = excluded.run_at, queued_at = null, failures = 0, changed_at = excluded.changed_at`;

/** Somebody may have looked before this, or will look too late to see what it is about. */
const isMissed = 'outbox.finished >= outbox.wanted or outbox.lease_until > $5 or outbox.failures > 0';

/**
 * What becomes of a row that is there already. The patient way leaves one alone that is open, in nobody's hands and in
 * no trouble; the crowded way does where it comes no later than it is asked for, for a row that is nudged faster than
 * its jobs come would never be taken on: each job would be outdated. It is locked all the same, so whoever takes it on
 * sees what this transaction has changed.
 */
function whenKnown({ once, patient, crowded }: WorkOrder): string {
  if (once) return 'nothing';
  if (patient) return `${nudge} where ${isMissed}`;
  return crowded ? `${nudge} where ${isMissed} or outbox.run_at > excluded.run_at` : nudge;
}

async function writeBatch(client: PoolClient, orders: readonly WorkOrder[], now: Date): Promise<void> {
  await client.query(
    `insert into outbox (kind, key, payload, run_at, changed_at)
       select kind, key, payload, run_at, $5 from unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[])
         with ordinality as o(kind, key, payload, run_at, nr) order by nr
     on conflict (kind, key) do ${orders[0] ? whenKnown(orders[0]) : 'nothing'}`,
    [
      orders.map(({ kind }) => kind),
      orders.map(({ key }) => key),
      orders.map(({ payload }) => (payload === undefined ? null : JSON.stringify(payload))),
      orders.map(({ at }) => at ?? now),
      now,
    ],
  );
}

/** Work taken on by this process until its lease ends. */
export interface LeasedWork extends Work {
  /** The nudge that this run answers; newer ones keep the row open. */
  wanted: string;
  owner: string;
}

/** A newer nudge has set its own time, which stands. */
const unlessNudged = 'case when wanted > $4::bigint then run_at else $5::timestamptz end';

/** What became of an attempt to lease: the work, or when to try again, or null when this job has nothing to do. */
export type Lease = { work: LeasedWork } | { at: Date } | null;

export interface OpenWork {
  kind: WorkKind;
  key: string;
  /** The number of its last nudge. */
  wanted: string;
  runAt: Date;
}

/**
 * The rows of work to be done. A row stays open until its result is recorded, so the queue can always be
 * filled from here; the lease keeps two workers from doing one thing when the queue delivers it twice.
 */
export class Outbox implements WorkDesk, WorkTimes {
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

  async dueAt(kind: WorkKind, key: string): Promise<Date | null> {
    const { rows } = await this.#pool.query<{ run_at: Date }>(
      'select run_at from outbox where kind = $1 and key = $2 and finished < wanted',
      [kind, key],
    );
    return rows[0]?.run_at ?? null;
  }

  /** Rows that the queue does not have since their last nudge. */
  async unqueued(limit: number): Promise<OpenWork[]> {
    return this.#open(
      'select kind, key, wanted, run_at from outbox where finished < wanted and queued_at is null order by run_at limit $1',
      [limit],
    );
  }

  /**
   * Rows whose time came a while ago and that nobody works on: the queue may have lost them. At most `limit` of each
   * kind, the oldest first: one that is lost must not wait behind the long line of another kind, such as of messages.
   */
  async overdue(since: Date, limit: number): Promise<OpenWork[]> {
    return this.#open(
      `select kind, key, wanted, run_at from (
         select *, row_number() over (partition by kind order by run_at) as place from outbox
           where finished < wanted and run_at < $2 and (lease_until is null or lease_until < $3)) as late
         where place <= $1 order by run_at`,
      [limit, since, this.#now()],
    );
  }

  async #open(sql: string, values: unknown[]): Promise<OpenWork[]> {
    const { rows } = await this.#pool.query<Omit<OpenWork, 'runAt'> & { run_at: Date }>(sql, values);
    return rows.map(({ run_at, ...row }) => ({ ...row, runAt: run_at }));
  }

  /** Notes that the queue has a job for these nudges of rows; not for a row that has had a newer one since it was read. */
  async markQueued(...rows: OpenWork[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#pool.query(
      `update outbox set queued_at = $4 from (
         select kind, key from unnest($1::text[], $2::text[], $3::bigint[]) as o(kind, key, wanted)
           join outbox using (kind, key, wanted)
           where queued_at is null for update of outbox skip locked) as free
         where outbox.kind = free.kind and outbox.key = free.key`,
      [
        rows.map(({ kind }) => kind),
        rows.map(({ key }) => key),
        rows.map(({ wanted }) => wanted),
        this.#now(),
      ],
    );
  }

  /** Takes on one nudge of a row. Whoever finds the row in other hands leaves it: it is queued again when they are done. */
  async lease(
    { kind, key, wanted }: Pick<OpenWork, 'kind' | 'key' | 'wanted'>,
    owner: string,
    leaseMs: number,
  ): Promise<Lease> {
    const now = this.#now();
    const open =
      'kind = $1 and key = $2 and wanted = $3 and finished < wanted and (lease_until is null or lease_until <= $4)';
    const { rows } = await this.#pool.query<Pick<Work, 'payload' | 'memo' | 'failures'>>(
      `update outbox set lease_owner = $5, lease_until = $6 where ${open} and run_at <= $4
         returning payload, memo, failures`,
      [kind, key, wanted, now, owner, new Date(now.getTime() + leaseMs)],
    );
    const row = rows[0];
    if (row) return { work: { kind, key, ...row, wanted, owner } };
    const { rows: early } = await this.#pool.query<{ run_at: Date }>(
      `select run_at from outbox where ${open} and run_at > $4`,
      [kind, key, wanted, now],
    );
    return early[0] ? { at: early[0].run_at } : null;
  }

  /** Keeps a lease; false when it was lost. */
  async renew(work: LeasedWork, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'update outbox set lease_until = $4 where kind = $1 and key = $2 and lease_owner = $3',
      [work.kind, work.key, work.owner, new Date(this.#now().getTime() + leaseMs)],
    );
    return rowCount === 1;
  }

  /** Records that the nudge which this run answered is done; null, for nothing is left to its job. */
  async finish(work: LeasedWork): Promise<null> {
    await this.#settle(work, 'finished = $4::bigint, memo = null, failures = 0', []);
    return null;
  }

  /** Puts the work off until `at`. Null when a newer nudge came meanwhile: then that one's job goes on. */
  async postpone(work: LeasedWork, at: Date, memo: unknown): Promise<Date | null> {
    return this.#settle(work, `run_at = ${unlessNudged}, memo = $6, failures = 0`, [
      at,
      memo === undefined ? null : JSON.stringify(memo),
    ]);
  }

  /** Notes a failure and puts the work off; it stays open for ever. */
  async fail(work: LeasedWork, error: string, at: Date): Promise<Date | null> {
    return this.#settle(work, `run_at = ${unlessNudged}, failures = failures + 1, last_error = $6`, [
      at,
      error,
    ]);
  }

  /**
   * Gives the row back. The job of a newer nudge may have come, found the row in other hands and gone; or it may be
   * going just now, and another of its id would be none. So the row is nudged once more, for a job with an id of its own.
   */
  async #settle(work: LeasedWork, set: string, values: unknown[]): Promise<Date | null> {
    const { rows } = await this.#pool.query<{ run_at: Date; nudged: boolean }>(
      `update outbox set ${set}, lease_owner = null, lease_until = null,
           queued_at = case when wanted > $4::bigint then null else queued_at end,
           wanted = case when wanted > $4::bigint then wanted + 1 else wanted end
         where kind = $1 and key = $2 and lease_owner = $3
       returning run_at, wanted > $4::bigint as nudged`,
      [work.kind, work.key, work.owner, work.wanted, ...values],
    );
    const row = rows[0];
    if (row?.nudged) this.#onWork();
    return row && !row.nudged ? row.run_at : null;
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
