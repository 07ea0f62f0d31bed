import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import botNode from '../scripts/bot-node.json' with { type: 'json' };

/** The bot as a process of its own. */
export interface BotProcess {
  /** Where its HTTP interface listens. */
  url: string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '..');

/** Starts `gonogo serve` with these settings and nothing else of this process's environment that it reads. Rejects when it ends before it is ready. */
export async function startBotProcess(settings: Readonly<Record<string, string>>): Promise<BotProcess> {
  const { PATH, HOME, TMPDIR } = process.env;
  const { compileCache, flags, environment } = botNode;
  const child = spawn(process.execPath, [...flags, join(root, 'src', 'main.ts'), 'serve'], {
    env: {
      NODE_COMPILE_CACHE: join(root, compileCache),
      ...environment,
      ...(PATH && { PATH }),
      ...(HOME && { HOME }),
      ...(TMPDIR && { TMPDIR }),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await ready(child);
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Reads the line that the bot prints when it is ready. */
async function ready(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The bot has no output');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The bot ended with ${code} before it was ready`);
    }),
  ]);
  const { url } = JSON.parse(first) as { url: string };
  return url;
}
