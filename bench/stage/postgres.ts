import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/adapters/store/embedded.ts';
import type { Stage } from './process.ts';

/** A folder for an embedded PostgreSQL, gone at the end together with a server that is still running in it. */
export async function dataFolder(stage: Stage): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonogo-bench-'));
  stage.defer(async () => {
    await endServer(folder);
    await rm(folder, { recursive: true, force: true });
  });
  // Where root runs this, the server runs as somebody else, who must reach its data.
  await chmod(folder, 0o711);
  return folder;
}

/** A PostgreSQL for the databases of a case; on its own, as in production. */
export async function startPostgres(stage: Stage): Promise<string> {
  const { url } = await startEmbeddedPostgres(await dataFolder(stage));
  return url;
}

let databases = 0;

/** A new, empty database on the server at `url`. */
export async function freshDatabase(url: string): Promise<string> {
  databases += 1;
  const name = `bench_${process.pid}_${databases}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.toString();
}

/** The process id of the PostgreSQL that runs in a bot's data folder; null when none does. */
export async function serverPid(folder: string): Promise<number | null> {
  const file = join(folder, 'postgres', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : Number(text.split('\n')[0]);
}

/** Ends ours, and that of a bot that was killed and left it behind. SIGINT is PostgreSQL's fast shutdown. */
async function endServer(folder: string): Promise<void> {
  const pid = await serverPid(folder);
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
    throw error;
  }
  while ((await serverPid(folder)) !== null) await new Promise((resume) => setTimeout(resume, 50));
}
