import type { Pool } from 'pg';
import type { Clock, Pace } from '../../core/ports.ts';

/**
 * Permits at an even spacing, shared by all processes through one row a line. BullMQ's own limiter is a fixed
 * window, and at the edge of two windows lets twice its number through; this never does.
 */
export class StorePace implements Pace {
  readonly #pool: Pool;
  readonly #now: Clock;

  constructor(pool: Pool, now: Clock) {
    this.#pool = pool;
    this.#now = now;
  }

  async reserve(name: string, spacingMs: number): Promise<Date> {
    const { rows } = await this.#pool.query<{ slot: Date }>(
      `insert into pace (name, next_at) values ($1, $2::timestamptz + $3 * interval '1 ms')
       on conflict (name) do update set next_at = greatest(pace.next_at, $2) + $3 * interval '1 ms'
       returning next_at - $3 * interval '1 ms' as slot`,
      [name, this.#now(), spacingMs],
    );
    const slot = rows[0]?.slot;
    if (!slot) throw new Error(`No slot for ${name}`);
    return slot;
  }

  async holdUntil(name: string, at: Date): Promise<void> {
    await this.#pool.query(
      `insert into pace (name, next_at) values ($1, $2)
       on conflict (name) do update set next_at = greatest(pace.next_at, excluded.next_at)`,
      [name, at],
    );
  }
}
