import type { Course } from './course.ts';
import { complete, drainOld, startTasks } from './going-well.ts';
import { usual } from './tempo.ts';

/** One step of a shift of traffic: the share of the new revision, and how long it stays so. */
export interface Shift {
  percent: number;
  forMs: number;
}

/**
 * Blue/green, canary and linear: the new revision is scaled up beside the old one, gets test traffic, then production
 * traffic step by step, is baked, and the old one is taken away.
 *
 * @param holdAt stage at which a hook waits for somebody, for ever
 */
export function shiftTraffic(course: Course, steps: readonly Shift[], holdAt?: string): void {
  const bake = course.scene.service.rules.bakeMinutes * 60_000;
  const stage = (after: number, name: string, trafficPercent: number) => {
    course.rollout(after, { stage: name, trafficPercent });
    const held = holdAt === name;
    if (held)
      course.rollout(after, { hooks: [{ id: `${name.toLowerCase()}-approval`, status: 'AWAITING_ACTION' }] });
    return held;
  };
  stage(500, 'PRE_SCALE_UP', 0);
  stage(1500, 'SCALE_UP', 0);
  let at = startTasks(course, 2000, usual).healthyAfter;
  for (const [name, lasts] of [
    ['POST_SCALE_UP', 2000],
    ['TEST_TRAFFIC_SHIFT', 5000],
    ['POST_TEST_TRAFFIC_SHIFT', 3000],
  ] as const) {
    if (stage(at, name, 0)) return;
    at += lasts;
  }
  for (const { percent, forMs } of steps) {
    stage(at, 'PRODUCTION_TRAFFIC_SHIFT', percent);
    at += forMs;
  }
  stage(at, 'POST_PRODUCTION_TRAFFIC_SHIFT', 100);
  stage(at + 2000, 'BAKE_TIME', 100);
  at += 2000 + bake;
  stage(at, 'CLEAN_UP', 100);
  const over = drainOld(course, at, usual) + usual.scheduler;
  complete(course, over);
}
