import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kilo = 1_024;

/** Resident memory of one process now, in MB (10^6 bytes). */
export async function residentMb(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return (Number(stdout) * kilo) / 1e6;
}

/** The most that a process ever had resident, in MB; null where the system does not say (only Linux does). */
export async function peakResidentMb(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * kilo) / 1e6;
}

/**
 * A PostgreSQL with all its processes, in MB. Each page that they share counts once (proportional set size), for
 * their resident sizes added up count the shared buffers again and again. Null where the system does not say.
 */
export async function postgresMb(postmaster: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(postmaster)]);
  const pids = [postmaster, ...stdout.trim().split(/\s+/).map(Number)];
  const sizes = await Promise.all(pids.map(proportionalKb));
  return (sizes.reduce((sum, size) => sum + size, 0) * kilo) / 1e6;
}

/** A backend may end between the list and the look. */
async function proportionalKb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return '';
    throw error;
  });
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
}

/** Processor time that one process has used since its start, in s. */
export async function cpuSeconds(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'cputimes=', '-p', String(pid)]);
  return Number(stdout);
}
