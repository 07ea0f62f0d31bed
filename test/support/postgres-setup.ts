import { rm } from 'node:fs/promises';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/adapters/store/embedded.ts';
import { migrate } from '../../src/adapters/store/migrate.ts';
import { serverFolder } from './server-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One real PostgreSQL for the suite, with a migrated template from which each test file copies its database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await serverFolder();
  const postgres = await startEmbeddedPostgres(dir);
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('create database gonogo_template');
  await client.end();
  await migrate(withDatabase(postgres.url, 'gonogo_template'));
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  };
}

export function withDatabase(url: string, name: string): string {
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.toString();
}
