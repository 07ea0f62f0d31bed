import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import botNode from '../../scripts/bot-node.json' with { type: 'json' };

/** Everything to be ended after a case, the last started first; also on Ctrl-C, also while it is still starting. */
export type Stage = AsyncDisposableStack;

/** A program of this project as a process of its own. */
export interface Running {
  pid: number;
  child: ChildProcess;
  /** The first line of JSON that it printed. */
  said: Record<string, unknown>;
  /** Milliseconds from before the spawn to that line. */
  startMs: number;
  /** SIGTERM, and SIGKILL to one that does not go. */
  stop(): Promise<void>;
}

/** How Node is started: its flags, and what the C library reads of the environment. */
export interface Launch {
  flags: readonly string[];
  environment: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');

/** As the bot is started by its image and its scripts. */
export const asShipped: Launch = {
  flags: botNode.flags,
  environment: { ...botNode.environment, NODE_COMPILE_CACHE: join(root, botNode.compileCache) },
};
/** As anybody starts a program. */
export const plainly: Launch = { flags: [], environment: {} };

/** How long a process may take to say that it is ready, and to end when it was asked to, in ms. */
const startPatienceMs = 120_000;
const stopPatienceMs = 20_000;
const keptLines = 40;

/**
 * Starts a TypeScript file of this project on this Node, with nothing in its environment but PATH, `env` and what `launch` says.
 * Resolves with its first line of JSON; rejects with the end of its log when it ends before.
 */
export async function startProcess(
  stage: Stage,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  launch: Launch = plainly,
): Promise<Running> {
  const began = performance.now();
  const child = spawn(process.execPath, [...launch.flags, join(root, file), ...args], {
    env: { PATH: process.env['PATH'], ...launch.environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    cwd: root,
  });
  const log: string[] = [];
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(String(code ?? signal)));
  });
  const stop = () => stopped(child, ended);
  stage.defer(stop);
  if (!child.stdout || !child.stderr) throw new Error(`${file} has no output`);
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (log.length > keptLines) log.shift();
  });
  const lines = createInterface({ input: child.stdout });
  const said = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Error(`${file} ${args.join(' ').slice(0, 60)} ${why}\n${log.join('\n')}`));
    lines.once('line', (line) => resolve(JSON.parse(line) as Record<string, unknown>));
    ended.then((how) => fail(`ended with ${how} before it was ready`));
    setTimeout(() => fail('was not ready in time'), startPatienceMs).unref();
  });
  const startMs = performance.now() - began;
  return { pid: child.pid ?? 0, child, said, startMs, stop };
}

async function stopped(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
  await ended;
  clearTimeout(late);
}
