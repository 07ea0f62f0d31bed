import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/adapters/store/embedded.ts';

/** A folder that the server’s own user may reach, and every server started in it stopped at the end. */
async function place() {
  const dir = await mkdtemp(join(tmpdir(), 'gonogo-embedded-'));
  await chmod(dir, 0o755);
  const started: EmbeddedPostgres[] = [];
  onTestFinished(async () => {
    for (const postgres of started) await postgres.stop().catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  });
  return async () => {
    const postgres = await startEmbeddedPostgres(dir);
    started.push(postgres);
    return postgres;
  };
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  // The server may end while this connection is being closed.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ v: unknown }>(sql)).rows.map(({ v }) => v);
  } finally {
    await client.end();
  }
}

test('a second start joins the server of the first, whoever leaves last ends it, and the data stays', async () => {
  const start = await place();
  const first = await start();
  await ask(first.url, 'create table kept (v int)');
  await ask(first.url, 'insert into kept values (42)');
  const second = await start();
  expect(second.url).toBe(first.url);
  await second.stop();
  expect(await ask(first.url, 'select v from kept')).toEqual([42]);
  await first.stop();
  await expect(ask(first.url, 'select 1 as v')).rejects.toThrow('ECONNREFUSED');
  const again = await start();
  expect(await ask(again.url, 'select v from kept')).toEqual([42]);
  expect(await ask(again.url, 'show listen_addresses')).toHaveLength(1);
  expect(new URL(again.url).password).toBe(new URL(first.url).password);
});

test('the one that started it may leave first', async () => {
  const start = await place();
  const first = await start();
  const second = await start();
  await first.stop();
  expect(await ask(second.url, 'select 7 as v')).toEqual([7]);
  await second.stop();
  await expect(ask(second.url, 'select 1 as v')).rejects.toThrow('ECONNREFUSED');
});

test('two starts at once make one server', async () => {
  const start = await place();
  const [one, other] = await Promise.all([start(), start()]);
  expect(one?.url).toBe(other?.url);
});

test('nobody gets in without the password, and nobody from elsewhere', async () => {
  const start = await place();
  const { url } = await start();
  const without = new URL(url);
  without.password = 'guessed';
  await expect(ask(without.toString(), 'select 1 as v')).rejects.toThrow('password authentication failed');
  expect(await ask(url, "select setting as v from pg_settings where name = 'listen_addresses'")).toEqual([
    '127.0.0.1',
  ]);
});
