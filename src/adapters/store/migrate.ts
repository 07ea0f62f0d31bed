import { join } from 'node:path';
import { runMigrations } from 'bullmq';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { storeSchema } from './pool.ts';

/**
 * Brings the database up to this version of gonogo: our tables and the queue's. Several processes may start
 * at once: an advisory lock lets one work and the others wait, then find nothing to do.
 */
export async function migrate(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'gonogo',
  });
  await client.connect();
  try {
    await runner({
      dbClient: client,
      dir: join(import.meta.dirname, 'migrations'),
      direction: 'up',
      migrationsTable: 'migration',
      schema: storeSchema,
      migrationsSchema: storeSchema,
      createSchema: true,
      createMigrationsSchema: true,
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    await runMigrations(client);
  } finally {
    await client.end();
  }
}
