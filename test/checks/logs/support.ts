import type { LogFacts } from '../../../src/checks/logs/judge-logs.ts';
import type { LogProgress } from '../../../src/checks/logs/progress.ts';
import { LogReading, type ReadingScope } from '../../../src/checks/logs/reading.ts';
import type { LogLine } from '../../../src/core/rollout/logs.ts';
import type { ObservedContainer, ObservedTask } from '../../../src/core/rollout/observation.ts';
import type { LogRules, MigrationRules } from '../../../src/core/rollout/rules.ts';

/** When the tasks of a test started, in ms since 1970. */
export const start = Date.parse('2026-11-21T10:00:00.000Z');
/** So many seconds after it. */
export const at = (seconds: number) => new Date(start + seconds * 1_000);

/** Ids as ECS gives them. */
export const [one, two, three, old] = ['1a', '2b', '3c', '0d'].map((digits) => digits.repeat(16)) as [
  string,
  string,
  string,
  string,
];

export const rules: LogRules = {
  container: 'app',
  group: null,
  success: [{ name: 'Listening', pattern: 'Listening on port \\d+', quorum: 'each' }],
  failure: [
    { name: 'Database unreachable', pattern: 'ECONNREFUSED.*5432', cause: 'The database does not answer.' },
  ],
  timeoutSeconds: 150,
};

export const migration: MigrationRules = { ...rules, container: 'migrate', success: [], timeoutSeconds: 150 };

export function container(change: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    name: 'app',
    image: 'registry.example/app:1',
    digest: null,
    status: 'RUNNING',
    exitCode: null,
    reason: null,
    health: 'UNKNOWN',
    ...change,
  };
}

export function task(id: string, change: Partial<ObservedTask> = {}): ObservedTask {
  return {
    id,
    taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/app:7',
    startedBy: 'ecs-svc/1',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    health: 'UNKNOWN',
    createdAt: at(-20).toISOString(),
    startedAt: at(0).toISOString(),
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    containers: [container()],
    ...change,
  };
}

export function stopped(id: string, seconds: number, change: Partial<ObservedTask> = {}): ObservedTask {
  const end = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stoppedAt: at(seconds).toISOString() };
  return task(id, { ...end, ...change });
}

export const streamOf = (id: string, name = 'app') => `core/${name}/${id}`;

let lines = 0;
/** A line of a task, so many seconds after the start. */
export function line(id: string, seconds: number, text: string, name = 'app'): LogLine {
  lines += 1;
  const ms = start + Math.round(seconds * 1_000);
  return { id: `3${ms}${String(lines).padStart(9, '0')}`, at: ms, stream: streamOf(id, name), text };
}

export function scopeOf(
  tasks: ObservedTask[],
  seconds: number,
  its: LogRules | MigrationRules = rules,
): ReadingScope {
  return { deployment: 'ecs-svc/1', rules: its, container: its.container, tasks, began: at(seconds) };
}

/** One read after the other. */
export function read(
  reads: readonly { at: number; lines: LogLine[]; drained?: boolean }[],
  tasks: ObservedTask[],
  its: LogRules | MigrationRules = rules,
): LogProgress {
  let progress: LogProgress | null = null;
  for (const { at: seconds, lines: page, drained = true } of reads) {
    const reading = new LogReading(progress, scopeOf(tasks, seconds, its));
    reading.take(page);
    progress = JSON.parse(JSON.stringify(reading.end(drained))) as LogProgress;
  }
  return progress ?? new LogReading(null, scopeOf(tasks, 0, its)).before;
}

export function facts(tasks: ObservedTask[], seconds: number, change: Partial<LogFacts> = {}): LogFacts {
  const wanted = tasks.filter(({ stoppedAt }) => stoppedAt === null).length;
  return { tasks, wanted, drained: true, throttled: false, now: at(seconds), ...change };
}
