import type { Task } from '@aws-sdk/client-ecs';
import type { ObservedTask } from '../../../core/rollout/observation.ts';
import { SharedTexts } from './shared-texts.ts';
import { observedTask, serviceOf } from './task-shape.ts';

/** ECS shows a stopped task for an hour; what was not listed for so long is forgotten. */
const keptForMs = 3_600_000;
/** More are not kept, however many a cluster has: those that were listed longest ago go first. */
const keptAtMost = 50_000;

/** Where a task comes from. */
export interface TaskOrigin {
  /** Name of its service; null: of none. */
  service: string | null;
  /** Id of its deployment; empty where that is not told. */
  startedBy: string;
  /** Ms since 1970; null as long as ECS does not say, which is before it is PENDING. */
  madeAt: number | null;
}

interface Kept {
  /** Tells whether it is wanted. */
  origin: TaskOrigin;
  /** Null where nobody wanted it when it was described. */
  task: ObservedTask | null;
  /** Ms since 1970. */
  listedAt: number;
}

/** Tasks as they were last described, by ARN. The description of a stopped one is final. */
export class TaskCache {
  readonly #kept = new Map<string, Kept>();
  readonly #texts = new SharedTexts();
  readonly #atMost: number;

  constructor(atMost: number = keptAtMost) {
    this.#atMost = atMost;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(arn: string): Pick<Kept, 'origin' | 'task'> | undefined {
    return this.#kept.get(arn);
  }

  /** Notes that ECS still lists them at `now` (ms since 1970), and forgets what it has long not listed. */
  listed(arns: Iterable<string>, now: number): void {
    for (const arn of arns) {
      const kept = this.#kept.get(arn);
      if (kept) kept.listedAt = now;
    }
    this.#forgetOld(now);
  }

  /**
   * Keeps a description; only the origin of one that is not wanted, for half of what ECS lists after a deployment are
   * the tasks of the one before.
   */
  described(task: Task, isWanted: (origin: TaskOrigin) => boolean, now: number): void {
    const { taskArn = '', startedBy = '', createdAt } = task;
    const origin = {
      service: serviceOf(task),
      startedBy: this.#texts.one(startedBy),
      madeAt: createdAt?.getTime() ?? null,
    };
    const wanted = isWanted(origin) ? this.#texts.of(observedTask(task)) : null;
    this.#kept.set(taskArn, { origin, task: wanted, listedAt: now });
  }

  /** ECS shows it no more. */
  forget(arn: string): void {
    this.#kept.delete(arn);
  }

  #forgetOld(now: number): void {
    this.#kept.forEach(({ listedAt }, arn) => {
      if (listedAt <= now - keptForMs) this.#kept.delete(arn);
    });
    if (this.#kept.size <= this.#atMost) return;
    const byAge = [...this.#kept].sort(([, a], [, b]) => a.listedAt - b.listedAt);
    for (const [arn] of byAge.slice(0, byAge.length - this.#atMost)) this.#kept.delete(arn);
  }
}
