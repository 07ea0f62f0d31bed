import type { Script } from '../script.ts';
import { type Shift, shiftTraffic } from '../shifting.ts';

const atOnce: Shift[] = [{ percent: 100, forMs: 5000 }];
const canary: Shift[] = [
  { percent: 10, forMs: 300_000 },
  { percent: 100, forMs: 5000 },
];
const linear: Shift[] = [20, 40, 60, 80, 100].map((percent) => ({ percent, forMs: 60_000 }));

export const shiftsTraffic: Script[] = [
  {
    id: 'blue-green',
    group: 'shifts traffic',
    says: 'Blue/green: all the traffic at once, then 5 minutes of bake time, then done',
    loadBalancer: true,
    rules: { strategy: 'BLUE_GREEN', bakeMinutes: 5 },
    play: (course) => shiftTraffic(course, atOnce),
  },
  {
    id: 'hook-awaiting',
    group: 'shifts traffic',
    says: 'Blue/green: a hook waits for somebody before production traffic is shifted',
    loadBalancer: true,
    rules: { strategy: 'BLUE_GREEN', bakeMinutes: 5 },
    play: (course) => shiftTraffic(course, atOnce, 'POST_TEST_TRAFFIC_SHIFT'),
  },
  {
    id: 'canary',
    group: 'shifts traffic',
    says: 'Canary: a tenth of the traffic for 5 minutes, then all of it',
    loadBalancer: true,
    rules: { strategy: 'CANARY', bakeMinutes: 2 },
    play: (course) => shiftTraffic(course, canary),
  },
  {
    id: 'linear',
    group: 'shifts traffic',
    says: 'Linear: a fifth of the traffic more each minute',
    loadBalancer: true,
    rules: { strategy: 'LINEAR', bakeMinutes: 2 },
    play: (course) => shiftTraffic(course, linear),
  },
];
