import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { runMigrations } from 'bullmq';
import { Client } from 'pg';
import { storeSchema } from './pool.ts';

const dir = join(import.meta.dirname, 'migrations');

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
    if (!(await isUpToDate(client))) await runOurs(client);
    await runMigrations(client);
  } finally {
    await client.end();
  }
}

/** Whether each of our migrations was applied. Most starts find it so, and do without the runner and its 5 MB. */
async function isUpToDate(client: Client): Promise<boolean> {
  const table = `${storeSchema}.migration`;
  const { rows: found } = await client.query('select 1 where to_regclass($1) is not null', [table]);
  if (found.length === 0) return false;
  const { rows } = await client.query<{ name: string }>(`select name from ${table}`);
  const applied = new Set(rows.map(({ name }) => name));
  return (await readdir(dir)).every((file) => applied.has(parse(file).name));
}

async function runOurs(client: Client): Promise<void> {
  const { runner } = await import('node-pg-migrate');
  await runner({
    dbClient: client,
    dir,
    direction: 'up',
    migrationsTable: 'migration',
    schema: storeSchema,
    migrationsSchema: storeSchema,
    createSchema: true,
    createMigrationsSchema: true,
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
}
