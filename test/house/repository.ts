import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The top folder of this repository. */
export const root = join(import.meta.dirname, '..', '..');

/** The text of one of its files. */
export function textOf(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end and never rejects for its exit code; -1 when it was ended by a signal. */
export function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((done, failed) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      if (error && typeof error.code === 'string') return failed(error);
      const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0;
      done({ code, stdout, stderr });
    });
  });
}

/** Runs Biome as it is installed here. */
export function biome(args: readonly string[], cwd = root): Promise<Ended> {
  return run(process.execPath, [join(root, 'node_modules/@biomejs/biome/bin/biome'), ...args], { cwd });
}
