import { SecretlintFinder } from '../../../src/adapters/secrets/secretlint-finder.ts';
import { lookAtRollouts, type WatchMemo, watchMemo } from '../../../src/checks/rollout/look.ts';
import { OutsideError } from '../../../src/core/ports.ts';
import { problem } from '../../../src/core/problem.ts';
import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type { Observation } from '../../../src/core/rollout/observation.ts';
import type { RolloutQuestion, TaskLogQuery } from '../../../src/core/rollout/sources.ts';
import type { RolloutSubject } from '../../../src/core/rollout/watch.ts';
import { line, logRules, observed, region, start, subjectOf } from './support.ts';

export const secret = 'hunter2-very-secret';
export const secrets = new SecretlintFinder([secret]);
export const busy = new OutsideError('busy', problem('aws-unread', { said: 'It is slow.' }), { cause: null });
export const denied = new OutsideError('refused', problem('aws-refused', { said: 'AccessDenied' }), {
  cause: null,
});

interface Shown {
  observation?: Observation;
  error?: OutsideError;
  lines?: LogLine[];
  logError?: OutsideError;
}

/** An AWS that shows what it is told, by service, and a clock at so many seconds after the apply. */
export function aws(shown: Record<string, Shown> | Shown, seconds = 120) {
  const of = (service: string): Shown => {
    const own = (shown as Record<string, Shown>)[service];
    return own ?? (shown as Shown);
  };
  const state = { seconds };
  const questions: RolloutQuestion[][] = [];
  const queries: TaskLogQuery[] = [];
  const sources = {
    rollouts: {
      observe: async (_: unknown, asked: readonly RolloutQuestion[]) => {
        questions.push([...asked]);
        return asked.map(({ service }) => {
          const { error, observation } = of(service);
          return error ? { error } : { observation: observation ?? observed() };
        });
      },
      snapshot: () => Promise.reject(new Error('not asked')),
    },
    taskLogs: {
      read: async (query: TaskLogQuery, page: (lines: LogLine[]) => void) => {
        queries.push(query);
        const { logError, lines = [] } = of(query.group.replace('/ecs/', ''));
        page(
          lines.filter((one) => one.at >= query.from.getTime() && one.at <= start + state.seconds * 1_000),
        );
        if (logError) throw logError;
        return { kind: 'drained' as const, url: 'https://console.example/logs' };
      },
    },
  };
  const now = () => new Date(start + state.seconds * 1_000);
  const look = async (subject: RolloutSubject, memo: WatchMemo | null = null) => {
    const place = { account: null, region };
    const [one] = await lookAtRollouts(sources, place, [{ subject, memo }], { now, secrets }, unaborted());
    if (!one) throw new Error('no look');
    // A memo is kept as JSON between two looks.
    return {
      ...one,
      verdict: await one.verdict(),
      memo: watchMemo.parse(JSON.parse(JSON.stringify(one.memo))),
    };
  };
  return { sources, questions, queries, look, state, now };
}

export const unaborted = () => new AbortController().signal;
export const withLogs = subjectOf({ rules: { logs: logRules } });
export const readyLines = [line(1, 45, 'Server is ready'), line(2, 46, 'Server is ready')];
