import { streamOf } from '../ecs/task.ts';
import type { Course } from './course.ts';
import type { Begun } from './tasks.ts';
import type { LogBehaviour } from './wish.ts';

/** A line of a task: ms after the task has started, and which container writes it. */
export interface Said {
  afterMs: number;
  text: string;
  from: 'main' | 'migration';
}

const main = (afterMs: number, text: string): Said => ({ afterMs, text, from: 'main' });
const migration = (afterMs: number, text: string): Said => ({ afterMs, text, from: 'migration' });

/** What the service writes when it starts as it should. */
export const startLines: Said[] = [
  main(300, 'INFO  starting manage with 2 workers'),
  main(900, 'INFO  configuration loaded environment=production'),
  main(2100, 'INFO  database connected pool=10'),
  main(2600, 'INFO  cache connected'),
  main(4000, 'INFO  Listening on port 8000'),
];

/** What it writes when it ends with an unhandled error. */
export const crashLines: Said[] = [
  main(300, 'INFO  starting manage with 2 workers'),
  main(900, 'ERROR unhandled exception, the process ends'),
  main(901, 'Traceback (most recent call last):'),
  main(902, '  File "/app/manage/__main__.py", line 41, in <module>'),
  main(903, '    serve(load_settings())'),
  main(904, '  File "/app/manage/settings.py", line 88, in load_settings'),
  main(905, '    raise ConfigurationError(f"{name} is not set")'),
  main(906, 'manage.errors.ConfigurationError: TARIFF_SERVICE_URL is not set'),
];

const migrated = [
  migration(200, 'INFO  migrations: 3 pending'),
  migration(600, 'INFO  migrations: applying 0041_depot_index'),
  migration(1200, 'INFO  migrations: applying 0042_charger_state'),
  migration(1700, 'INFO  migrations: applying 0043_tariff_zone'),
  migration(2200, 'INFO  migrations: 3 applied successfully'),
];

const failure = migration(
  2100,
  'ERROR migrations: 0043_tariff_zone failed: relation "tariff" does not exist',
);

/** When the container that migrates ends by itself. */
const migrationEnds = 2500;

const success = /Listening/;

/** Lines that are still on their way are found so much later. */
const late = 90_000;

/** What a task that starts writes, by how logs behave. */
export function linesOf(behaviour: LogBehaviour, lines: readonly Said[]): Said[] {
  switch (behaviour) {
    case 'normal':
    case 'late':
      return [...lines];
    case 'none':
      return [];
    case 'dropped':
      return lines.filter(({ text }, i) => i % 2 === 0 && !success.test(text));
    case 'failure-line':
      return [
        ...lines,
        main(5000, 'ERROR database connection refused host=db.internal port=5432 attempt=1'),
        main(6000, 'ERROR database connection refused host=db.internal port=5432 attempt=2'),
      ];
    case 'missing-success':
      return lines.filter(({ text }) => !success.test(text));
    case 'migration-ok':
      return [...migrated, ...lines];
    case 'migration-fails':
      return [...migrated.slice(0, -1), failure, ...lines];
    case 'migration-none-pending':
      return [migration(400, 'INFO  migrations: no pending migrations'), ...lines];
    case 'migration-hangs':
      return [...migrated.slice(0, 2), ...lines];
    case 'contradictory':
      return [...migrated, failure, ...lines];
  }
}

/** A container that migrates says what it does, also where nobody asked how it goes. */
function usualMigration(behaviour: LogBehaviour): Said[] {
  return behaviour.startsWith('migration') || behaviour === 'contradictory' ? [] : migrated;
}

/** Has a task write its lines, until it ends at `until`; the wish may have others written. */
export function write(
  course: Course,
  task: Pick<Begun, 'id' | 'index' | 'definition' | 'runsAfter'>,
  lines: readonly Said[],
  until: number = Number.POSITIVE_INFINITY,
): void {
  const { logs = 'normal', lines: own } = course.scene.wish;
  const { definition } = task;
  const said = own
    ? own
        .filter((line) => line.task === undefined || line.task === task.index)
        .map(({ afterMs, text, container }) => ({ afterMs, text, container }))
    : linesOf(logs, definition.migration === null ? lines : [...usualMigration(logs), ...lines]).map(
        ({ afterMs, text, from }) => ({
          afterMs,
          text,
          container: from === 'migration' ? (definition.migration ?? undefined) : undefined,
        }),
      );
  if (logs === 'none') return;
  for (const { afterMs, text, container } of said) {
    const after = task.runsAfter + afterMs;
    if (after >= until) continue;
    course.add(after, {
      kind: 'line',
      group: definition.logGroup,
      stream: streamOf(task, container),
      text,
      lateMs: logs === 'late' ? late : 0,
    });
  }
}

/** The container that migrates runs with its task and ends by itself, unless it hangs. */
export function migrate(course: Course, { id, definition, runsAfter }: Begun): void {
  if (definition.migration === null) return;
  const { logs = 'normal' } = course.scene.wish;
  course.add(runsAfter, { kind: 'task', id, set: { migration: { status: 'RUNNING', exitCode: null } } });
  if (logs === 'migration-hangs') return;
  course.add(runsAfter + migrationEnds, {
    kind: 'task',
    id,
    set: { migration: { status: 'STOPPED', exitCode: logs === 'migration-fails' ? 1 : 0 } },
  });
}
