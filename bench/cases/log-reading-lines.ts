import type { ObservedTask } from '../../src/core/rollout/observation.ts';
import type { LogRules } from '../../src/core/rollout/rules.ts';

/** What the benchmark of reading logs reads: the lines of four new tasks and four old ones, and six patterns. */

export const region = 'eu-west-1';
export const group = '/ecs/production/bf-manage-core';
/** AWS gives so many lines a page at most. */
export const linesAPage = 10_000;

const newTasks = 4;
const idOf = (task: number) => String(task).repeat(32);
/** When the tasks started, and how long they wrote, in ms. */
export const startedAt = Date.parse('2026-11-21T10:00:00.000Z');
export const spanMs = 120_000;

export const rules: LogRules = {
  container: 'app',
  group: null,
  success: [
    { name: 'Listening', pattern: 'Listening on port \\d+', quorum: 'each' },
    { name: 'Started', pattern: 'Started [A-Za-z]+ in [\\d.]+ seconds', quorum: 'any' },
    { name: 'Migrated', pattern: '(?i)migrations? (applied|up to date)', quorum: 'any' },
  ],
  failure: [
    { name: 'Panic', pattern: '^panic: .*', cause: null },
    { name: 'No database', pattern: 'ECONNREFUSED.*5432', cause: null },
    { name: 'Fatal', pattern: '^(FATAL|ERROR) .*(database|redis)', cause: null },
  ],
  timeoutSeconds: 150,
};

export function tasks(): ObservedTask[] {
  return Array.from({ length: newTasks }, (_, i) => ({
    id: idOf(i),
    taskDefinition: 'core:7',
    startedBy: 'ecs-svc/7',
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    health: 'HEALTHY',
    createdAt: new Date(startedAt - 20_000).toISOString(),
    startedAt: new Date(startedAt).toISOString(),
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    containers: [],
  }));
}

/** Line `n` of `total`, as FilterLogEvents shows it: about 120 characters, what is awaited among the first thousand. */
export function event(n: number, total: number) {
  const task = n % (2 * newTasks);
  const timestamp = startedAt + Math.floor((n / total) * spanMs);
  return {
    eventId: `38${String(timestamp).padStart(15, '0')}${String(n).padStart(39, '0')}`,
    timestamp,
    logStreamName: `core/app/${idOf(task)}`,
    message: messageOf(n),
    ingestionTime: timestamp + 2_000,
  };
}

function messageOf(n: number): string {
  if (n >= 800 && n < 808) return 'INFO  Listening on port 8080';
  if (n === 816) return 'INFO  Started Application in 7.314 seconds; migrations up to date';
  const trace = (n * 2_654_435_761) % 0xffff_ffff;
  return `INFO  [worker-${n % 16}] request finished method=GET path=/api/v1/chargers/${n} status=200 durationMs=${n % 300} trace=${trace.toString(16)}`;
}
