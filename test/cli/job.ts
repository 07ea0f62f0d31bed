import type { JobDeps, JobSettings } from '../../src/cli/pipeline-job.ts';
import { keptLog } from '../support/log.ts';

export const terminal: JobSettings['job'] = {
  id: null,
  startedAt: null,
  pipeline: null,
  pipelineCreatedAt: null,
};

/** A command's surroundings: its output is kept, and a sleep moves the clock on at once. */
export function jobOf(
  settings: Partial<JobSettings>,
  onSleep: (ms: number) => Promise<void> | void = () => undefined,
) {
  const written = { out: '', err: '' };
  let at = Date.parse('2026-11-21T12:00:00Z');
  let count = 0;
  const slept: number[] = [];
  const deps: JobDeps = {
    stdout: { write: (text: string) => (written.out += text) },
    stderr: { write: (text: string) => (written.err += text) },
    settings: {
      bot: null,
      cataloguePath: 'nowhere/release.yml',
      gitlab: null,
      sentry: null,
      job: terminal,
      ...settings,
    },
    secrets: [],
    now: () => new Date(at),
    sleep: async (ms) => {
      at += ms;
      slept.push(ms);
      await onSleep(ms);
    },
    unique: () => {
      count += 1;
      return `word-${count}`;
    },
    log: keptLog(),
  };
  return { deps, written, slept };
}
