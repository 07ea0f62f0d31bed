import type { Pool, PoolClient } from 'pg';
import type { Change, Watches } from '../../core/ports.ts';
import { rolloutSubject, type Watch, type WatchKey, watchGroup } from '../../core/rollout/watch.ts';

interface Row {
  promotion: string;
  region: string;
  run: number;
  subject: unknown;
  due_at: Date;
  memo: unknown;
}

/** The open watches in PostgreSQL. Rows come and go with the events of a promotion; see {@link writeWatches}. */
export class StoreWatches implements Watches {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async due(group: string, by: Date): Promise<Watch[]> {
    const { rows } = await this.#pool.query<Row>(
      `select promotion, region, run, subject, due_at, memo from watch where watch_group = $1 and due_at <= $2
         order by due_at, promotion, region, run`,
      [group, by],
    );
    return rows.map(({ subject, due_at: dueAt, ...row }) => ({
      ...row,
      subject: rolloutSubject.parse(subject),
      dueAt,
    }));
  }

  async nextDue(group: string): Promise<Date | null> {
    const { rows } = await this.#pool.query<{ due_at: Date | null }>(
      'select min(due_at) as due_at from watch where watch_group = $1',
      [group],
    );
    return rows[0]?.due_at ?? null;
  }

  async groups(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ watch_group: string }>(
      'select distinct watch_group from watch order by watch_group',
    );
    return rows.map((row) => row.watch_group);
  }

  async note(looked: { key: WatchKey; dueAt: Date; memo: unknown }[]): Promise<void> {
    if (looked.length === 0) return;
    await this.#pool.query(
      `update watch set due_at = n.due_at, memo = n.memo
         from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::jsonb[])
           as n(promotion, region, run, due_at, memo)
         where watch.promotion = n.promotion and watch.region = n.region and watch.run = n.run`,
      [
        ...columns(looked.map(({ key }) => key)),
        looked.map(({ dueAt }) => dueAt),
        looked.map(({ memo }) => JSON.stringify(memo ?? null)),
      ],
    );
  }
}

function columns(keys: readonly WatchKey[]): [string[], string[], number[]] {
  return [
    keys.map(({ promotion }) => promotion),
    keys.map(({ region }) => region),
    keys.map(({ run }) => run),
  ];
}

/**
 * Opens and closes watches in the transaction of a change. One that is open already is due again, for the new
 * subject, and keeps what the looks before left.
 */
export async function writeWatches(
  client: PoolClient,
  { watch = [], unwatch = [] }: Pick<Change<never>, 'watch' | 'unwatch'>,
): Promise<void> {
  if (unwatch.length > 0)
    await client.query(
      `delete from watch using unnest($1::text[], $2::text[], $3::int[]) as o(promotion, region, run)
         where watch.promotion = o.promotion and watch.region = o.region and watch.run = o.run`,
      columns(unwatch),
    );
  if (watch.length > 0)
    await client.query(
      `insert into watch (promotion, region, run, watch_group, subject, due_at)
         select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::jsonb[], $6::timestamptz[])
       on conflict (promotion, region, run) do update
         set watch_group = excluded.watch_group, subject = excluded.subject, due_at = excluded.due_at`,
      [
        ...columns(watch.map(({ key }) => key)),
        watch.map(({ subject }) => watchGroup(subject.place)),
        watch.map(({ subject }) => JSON.stringify(subject)),
        watch.map(({ at }) => at),
      ],
    );
}
