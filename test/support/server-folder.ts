import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'gonogo-server-';
const inMemory = '/dev/shm';
/** What the databases of a whole run and their log take at most, with room to spare. */
const roomNeeded = 4 * 1024 ** 3;
/** A folder this young may be of a run that has not begun to use its server yet. */
const settledAfterMs = 120_000;

/**
 * An empty folder for a PostgreSQL that only the tests use: in memory where that has room. Each test has a database
 * of its own, of some 300 files, and on a disk making and deleting those took two thirds of the processor (ext4 goes
 * through all lately deleted files for each new one).
 */
export async function serverFolder(): Promise<string> {
  const parent = (await roomIn(inMemory)) > roomNeeded ? inMemory : tmpdir();
  await clearLeftovers(parent);
  const folder = await mkdtemp(join(parent, prefix));
  // Root's server runs as another user, who must be able to reach it; otherwise it would live elsewhere and stay.
  await chmod(folder, 0o755);
  return folder;
}

async function roomIn(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** A run that was killed leaves its server and, worse where that is in memory, its data. */
async function clearLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (!name.startsWith(prefix) || (await isInUse(folder))) continue;
    const server = await pidIn(join(folder, 'postgres', 'postmaster.pid'));
    if (server !== null && isAlive(server)) process.kill(server, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

async function isInUse(folder: string): Promise<boolean> {
  // One that is gone by now was cleared by the run it belonged to.
  const info = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (info === null || Date.now() - info.birthtimeMs < settledAfterMs) return true;
  const users = join(folder, 'users');
  if (!existsSync(users)) return false;
  const pids = await Promise.all((await readdir(users)).map((name) => pidIn(join(users, name))));
  return pids.some((pid) => pid !== null && isAlive(pid));
}

async function pidIn(file: string): Promise<number | null> {
  if (!existsSync(file)) return null;
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
