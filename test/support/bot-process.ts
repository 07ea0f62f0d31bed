import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** How a process ended; both null while it runs. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real gonogo process, as an operator would run it. */
export interface BotProcess {
  /** Address of its HTTP interface; null for a worker. */
  url: string | null;
  /** How it ended, or null while it runs. */
  ending(): Ending | null;
  /** SIGKILL: no handler runs. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL to one that does not go. Resolves with how it ended. */
  stop(): Promise<Ending>;
  /** The last lines that it logged. */
  log(): string[];
}

const main = join(import.meta.dirname, '../../src/main.ts');
const keptLines = 2_000;
/** Node keeps what it compiled there, which halves the cost of a start; a process that is killed writes nothing. */
const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), 'gonogo-test-compile-cache') };
let warmed: Promise<void> | null = null;
/** How long a start may take before the test gives up on it, in ms. */
const startPatienceMs = 60_000;
/** How long a process may take to end by itself, in ms; the grace of the bot is 8 s, on a busy machine it takes longer. */
const stopPatienceMs = 60_000;

/**
 * Starts `gonogo serve` or `gonogo worker` (with these arguments) on the Node that runs the test, with nothing in
 * its environment but PATH and `settings`. Resolves when it says that it is ready; rejects with its log otherwise.
 */
export async function startBotProcess(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<BotProcess> {
  warmed ??= warmUp();
  await warmed;
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], ...compileCache, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
  let ending: Ending | null = null;
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      ending = { code, signal };
      resolve(ending);
    });
  });
  const ready = new Promise<string | null>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { ready?: boolean; url?: string | null };
      if (said.ready) resolve(said.url ?? null);
    });
    const fail = (why: string) =>
      reject(new Error(`gonogo ${args.join(' ')} ${why}:\n${lines.slice(-20).join('\n')}`));
    ended.then(({ code, signal }) => fail(`ended with ${code ?? signal} before it was ready`), reject);
    setTimeout(() => fail('was not ready in time'), startPatienceMs).unref();
  });
  const kill = async () => {
    if (!ending) child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    if (!ending) child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
    const end = await ended;
    clearTimeout(late);
    return end;
  };
  try {
    return { url: await ready, ending: () => ending, kill, stop, log: () => [...lines] };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** One start that ends by itself, so that the cache is written before the first process that may be killed. */
async function warmUp(): Promise<void> {
  const env = { PATH: process.env['PATH'], ...compileCache };
  await promisify(execFile)(process.execPath, [main, '--help'], { env });
}
