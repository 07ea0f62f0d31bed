import { type Failing, failAll } from '../failing.ts';
import { startTasks } from '../going-well.ts';
import { crashLines, type Said, startLines } from '../lines.ts';
import type { Script } from '../script.ts';
import { type StopName, stops } from '../stops.ts';
import { aboutOf, pendTask } from '../tasks.ts';
import { usual } from '../tempo.ts';

const quickly: Said[] = startLines.slice(0, 2);
const memory: Said[] = [
  ...startLines.slice(0, 3),
  { afterMs: 6000, text: 'WARN  memory at 93 % of 1024 MiB', from: 'main' },
];

function failing(
  id: string,
  says: string,
  stop: StopName,
  how: Pick<Failing, 'phase' | 'failsAfter' | 'lines' | 'event'>,
  rest: Partial<Script> = {},
): Script {
  return {
    id,
    group: 'tasks fail',
    says,
    play: (course) => failAll(course, { ...how, stop: stops[stop](aboutOf(course)) }),
    ...rest,
  };
}

const crash = { phase: 'run', failsAfter: 4000, lines: crashLines } as const;

export const tasksFail: Script[] = [
  failing('crash-loop', 'The app crashes on start until the circuit breaker rolls back', 'crash', crash),
  failing(
    'crash-no-breaker',
    'The app crashes on start, for ever: there is no circuit breaker',
    'crash',
    crash,
    {
      rules: { breaker: { enable: false, rollback: false } },
    },
  ),
  failing(
    'crash-no-rollback',
    'The circuit breaker stops the deployment, but does not roll back',
    'crash',
    crash,
    {
      rules: { breaker: { enable: true, rollback: false } },
    },
  ),
  failing('exit-zero', 'The app ends with exit code 0, which is a failure in a service too', 'exitZero', {
    phase: 'run',
    failsAfter: 6000,
    lines: [...quickly, { afterMs: 2000, text: 'INFO  nothing to do, good bye', from: 'main' }],
  }),
  failing('out-of-memory', 'The container is killed because it needs too much memory', 'outOfMemory', {
    phase: 'run',
    failsAfter: 9000,
    lines: memory,
  }),
  failing('killed', 'The container is killed (137), and ECS does not say why', 'killed', {
    phase: 'run',
    failsAfter: 9000,
    lines: quickly,
  }),
  {
    id: 'elb-health',
    group: 'tasks fail',
    says: 'The app runs, but the load balancer finds it unhealthy',
    loadBalancer: true,
    play: (course) => {
      const about = aboutOf(course);
      failAll(course, {
        phase: 'unhealthy',
        failsAfter: 75_000,
        lines: startLines,
        stop: stops.elbHealth(about),
        event: (task) =>
          `(task ${task}) (port 8000) is unhealthy in (target-group ${about.targetGroup}) due to (reason Health checks failed with these codes: [502]).`,
      });
    },
  },
  failing(
    'container-health',
    'The app runs, but the health check of its container fails',
    'containerHealth',
    {
      phase: 'unhealthy',
      failsAfter: 95_000,
      lines: [...startLines, { afterMs: 40_000, text: 'WARN  GET /health 503 in 2 ms', from: 'main' }],
      event: (task) => `(task ${task}) failed container health checks.`,
    },
    { healthCheck: true },
  ),
  {
    id: 'slow',
    group: 'tasks fail',
    says: 'All tasks but one run; the last stays PENDING for ever',
    desired: (wished) => Math.max(2, wished),
    play: (course) => {
      startTasks(course, 2000, usual, { count: course.desired - 1 });
      pendTask(course, 2000, course.desired - 1, usual);
    },
  },
];
