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

/** What is known of a task that was described. */
export interface Known {
  /** Tells whether it is wanted. */
  origin: TaskOrigin;
  /** Null where nobody wanted it when it was described. */
  task: ObservedTask | null;
}

interface Kept extends Known {
  /** Ms since 1970. */
  listedAt: number;
}

/** Tasks by ARN whose description need not be read again, such as that of a stopped one. */
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

  get(arn: string): Known | undefined {
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
   * A description in our words; only the origin of one that is not wanted, for half of what ECS lists after a
   * deployment are the tasks of the one before.
   */
  inOurWords(task: Task, isWanted: (origin: TaskOrigin) => boolean): Known {
    const { startedBy = '', createdAt } = task;
    const origin = {
      service: serviceOf(task),
      startedBy: this.#texts.one(startedBy),
      madeAt: createdAt?.getTime() ?? null,
    };
    return { origin, task: isWanted(origin) ? this.#texts.of(observedTask(task)) : null };
  }

  /** Keeps what ECS listed at `now` (ms since 1970). */
  keep(arn: string, { origin, task }: Known, now: number): void {
    this.#kept.set(arn, { origin, task, listedAt: now });
  }

  /** ECS shows it no more, or shows something new of it at every look. */
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
