import { type Failing, failAll } from '../failing.ts';
import type { Script } from '../script.ts';
import { type StopName, stops } from '../stops.ts';
import { aboutOf, pendTask } from '../tasks.ts';
import { usual } from '../tempo.ts';

function failing(
  id: string,
  says: string,
  stop: StopName,
  how: Pick<Failing, 'phase' | 'failsAfter' | 'neverTrips'>,
  rest: Partial<Script> = {},
): Script {
  return {
    id,
    group: 'tasks do not start',
    says,
    play: (course) => {
      const why = stops[stop](aboutOf(course));
      failAll(course, {
        ...how,
        stop: why,
        // ECS tells of these as of tasks that it could not place, with the reason.
        ...(why.reason.startsWith('ResourceInitializationError')
          ? { event: () => `was unable to place a task. Reason: ${why.reason}.` }
          : {}),
      });
    },
    ...rest,
  };
}

const placement =
  'was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

export const doesNotStart: Script[] = [
  failing(
    'image-pull',
    'The image is not in the registry; the circuit breaker never counts far enough',
    'imagePull',
    {
      phase: 'pull',
      failsAfter: 42_000,
      neverTrips: true,
    },
  ),
  failing('missing-secret', 'A secret of the task definition does not exist', 'missingSecret', {
    phase: 'pull',
    failsAfter: 28_000,
  }),
  failing('eni', 'The network interface of the task cannot be set up', 'eni', {
    phase: 'pull',
    failsAfter: 35_000,
  }),
  failing(
    'log-group-missing',
    'The log group of the task definition does not exist',
    'logGroupMissing',
    { phase: 'start', failsAfter: 30_000 },
    { missesLogGroup: true },
  ),
  failing('cannot-start', 'The command of the container is not in its image', 'cannotStart', {
    phase: 'start',
    failsAfter: 27_000,
  }),
  failing('exec-format', 'The image is for another processor', 'execFormat', {
    phase: 'start',
    failsAfter: 27_000,
  }),
  {
    id: 'placement',
    group: 'tasks do not start',
    says: 'No task can be placed: there is no task at all, only an event',
    play: (course) => {
      course.event(12_000, placement);
      course.event(320_000, placement);
    },
  },
  {
    id: 'never-starts',
    group: 'tasks do not start',
    says: 'All tasks stay PENDING for ever',
    play: (course) => {
      for (let i = 0; i < course.desired; i += 1) pendTask(course, 2000, i, usual);
    },
  },
];
