import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { expect, inject, onTestFinished, test } from 'vitest';
import { migrate } from '../../../src/adapters/store/migrate.ts';
import { withDatabase } from '../../support/postgres-setup.ts';

const run = promisify(execFile);

async function emptyDatabase(): Promise<string> {
  const server = inject('postgresUrl');
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await query(server, `create database ${name}`);
  onTestFinished(async () => {
    await query(server, `drop database ${name} with (force)`);
  });
  return withDatabase(server, name);
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const tables = (url: string) =>
  query(
    url,
    "select table_name as name from information_schema.tables where table_schema = 'gonogo' order by 1",
  );
const applied = (url: string) => query(url, 'select name from gonogo.migration order by id');
const names = (...all: string[]) => all.map((name) => ({ name }));
const expected = names('claim', 'delivery', 'event', 'migration', 'outbox', 'pace', 'stream', 'watch');
const migrations = names('0001_events-and-outbox', '0002_rollout-watches');

test('five processes that start at once on an empty database make it once', async () => {
  const url = await emptyDatabase();
  const module = join(import.meta.dirname, '../../../src/adapters/store/migrate.ts');
  const script = `const { migrate } = await import(${JSON.stringify(module)}); await migrate(${JSON.stringify(url)});`;
  await Promise.all(
    Array.from({ length: 5 }, () => run(process.execPath, ['--input-type=module', '--eval', script])),
  );
  expect(await tables(url)).toEqual(expected);
  expect(await applied(url)).toEqual(migrations);
});

test('ten calls at once in one process do too', async () => {
  const url = await emptyDatabase();
  await Promise.all(Array.from({ length: 10 }, () => migrate(url)));
  expect(await tables(url)).toEqual(expected);
});

test('a database that is up to date stays as it is', async () => {
  const url = await emptyDatabase();
  await migrate(url);
  await query(url, "insert into gonogo.pace values ('line', now())");
  await migrate(url);
  expect(await query(url, 'select name from gonogo.pace')).toEqual([{ name: 'line' }]);
});

test('a database that does not answer is an error', async () => {
  await expect(migrate('postgres://gonogo:x@127.0.0.1:1/postgres')).rejects.toThrow('ECONNREFUSED');
});
