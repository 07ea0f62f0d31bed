import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { Logger } from '../../core/ports.ts';

/** The schema that holds our tables; BullMQ's PostgreSQL backend keeps its own beside it. */
export const storeSchema = 'gonogo';

/**
 * A pool that survives the server going away: without an error listener an idle client's end would end the
 * process. `searchPath` pins the schema of every connection.
 */
export function createPool(url: string, searchPath: string, log: Logger, config: PoolConfig = {}): Pool {
  const pool = new Pool({
    connectionString: url,
    options: `-c search_path=${searchPath} -c TimeZone=UTC`,
    application_name: 'gonogo',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    ...config,
  });
  // BullMQ adds a listener of its own for each queue and worker that shares the pool.
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection ended'));
  // One in use, between two queries, has nobody else to tell: its next query fails, and the work is tried again.
  pool.on('connect', (client) =>
    client.on('error', (error) => log.debug({ err: error }, 'A database connection ended')),
  );
  return pool;
}

/** How long connections in use may take to come back at the end, in ms. */
const endGraceMs = 3_000;

/**
 * Ends a pool. A connection that somebody still holds (BullMQ keeps one to listen, and loses sight of it when it
 * is stopped while starting) would keep \`end\` waiting for ever, so it is cut after a grace.
 */
export async function endPool(pool: Pool): Promise<void> {
  const cut = setTimeout(() => {
    for (const client of (pool as unknown as { _clients: PoolClient[] })._clients) client.release(true);
  }, endGraceMs);
  await pool.end();
  clearTimeout(cut);
}
