import { Pool, type PoolConfig } from 'pg';
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
  pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection ended'));
  return pool;
}
