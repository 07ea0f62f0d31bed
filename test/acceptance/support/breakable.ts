import { Client } from 'pg';
import { inject } from 'vitest';
import type { Town } from '../../support/town.ts';

/** Takes a town's database away, open connections included, and gives it back; the server itself runs on. */
export function databaseOf(town: Town) {
  const name = new URL(town.database.url).pathname.slice(1);
  const onServer = async (...statements: string[]) => {
    const client = new Client({ connectionString: inject('postgresUrl') });
    await client.connect();
    try {
      for (const sql of statements) await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    away: () =>
      onServer(
        `alter database ${name} with allow_connections false`,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
      ),
    back: () => onServer(`alter database ${name} with allow_connections true`),
  };
}
