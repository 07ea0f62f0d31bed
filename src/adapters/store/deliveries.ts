import type { Pool } from 'pg';
import type { Deliveries, Delivery } from '../../core/ports.ts';

interface Row {
  channel: string;
  ts: string | null;
  digest: string | null;
  intended_at: Date | null;
  written_at: Date | null;
}

/** Where our messages stand in Slack, by their key. */
export class StoreDeliveries implements Deliveries {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async get(key: string): Promise<Delivery | null> {
    const { rows } = await this.#pool.query<Row>(
      'select channel, ts, digest, intended_at, written_at from delivery where key = $1',
      [key],
    );
    const row = rows[0];
    if (!row) return null;
    const { channel, ts, digest } = row;
    return { channel, ts, digest, intendedAt: row.intended_at, writtenAt: row.written_at };
  }

  async put(
    key: string,
    { channel, ts, digest, intendedAt, writtenAt }: Delivery,
    was: Pick<Delivery, 'ts' | 'intendedAt'> | null,
  ): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `insert into delivery (key, channel, ts, digest, intended_at, written_at) values ($1,$2,$3,$4,$5,$6)
       on conflict (key) do update set channel = $2, ts = $3, digest = $4, intended_at = $5, written_at = $6
         where delivery.ts is not distinct from $7 and delivery.intended_at is not distinct from $8`,
      [key, channel, ts, digest, intendedAt, writtenAt, was?.ts ?? null, was?.intendedAt ?? null],
    );
    return rowCount === 1;
  }
}
