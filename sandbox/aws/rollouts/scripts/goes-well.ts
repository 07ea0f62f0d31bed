import { complete, drainOld, rollWell, startTasks } from '../going-well.ts';
import type { Script } from '../script.ts';
import { stops } from '../stops.ts';
import { exit, startTask } from '../tasks.ts';
import { fast, usual } from '../tempo.ts';

export const goesWell: Script[] = [
  {
    id: 'healthy',
    group: 'goes well',
    says: 'All tasks start, pass the load balancer after 2 min 30, the old ones are drained: completed in about 5 minutes',
    loadBalancer: true,
    play: (course) => void rollWell(course, usual),
  },
  {
    id: 'healthy-fast',
    group: 'goes well',
    says: 'A small image without a load balancer: completed in about 20 seconds',
    loadBalancer: false,
    play: (course) => void rollWell(course, fast),
  },
  {
    id: 'spot',
    group: 'goes well',
    says: 'A Spot task is interrupted in the middle and replaced: nothing is wrong',
    play: (course) => {
      const { tasks, runsAfter } = startTasks(course, 2000, usual);
      const [first, second] = tasks;
      if (first) exit(course, first, first.runsAfter + 10_000, stops.spot(), usual);
      if (second) exit(course, second, second.runsAfter + 12_000, stops.termination(), usual);
      const again = startTasks(course, runsAfter + 20_000, usual, { count: Math.min(2, tasks.length) });
      complete(course, drainOld(course, again.healthyAfter + usual.scheduler, usual) + usual.scheduler);
    },
  },
  {
    id: 'placement-recovers',
    group: 'goes well',
    says: 'No capacity at first, then tasks are placed and run',
    play: (course) => {
      course.event(
        10_000,
        'was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
      );
      rollWell(course, usual, 40_000);
    },
  },
  {
    id: 'dies-later',
    group: 'goes well',
    says: 'Goes well and completes; after 6 minutes one task crashes again and again',
    loadBalancer: false,
    play: (course) => {
      const { tasks, healthyAfter } = startTasks(course, 500, fast);
      complete(course, drainOld(course, healthyAfter + fast.scheduler, fast) + fast.scheduler);
      let [dying] = tasks;
      // The scheduler brings it back each time; it crashes again.
      for (let time = 0, at = 340_000; dying && time < 6; time += 1) {
        exit(course, dying, at, stops.crash(), fast);
        dying = startTask(course, at + 5000, 0, fast);
        at = dying.runsAfter + 20_000;
      }
    },
  },
];
