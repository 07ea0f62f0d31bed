import type { Task } from '@aws-sdk/client-ecs';
import type { ObservedTask } from '../../../core/rollout/observation.ts';
import { observedTask, serviceOf } from './task-shape.ts';

/** ECS shows a stopped task for an hour; what was not listed for so long is forgotten. */
const keptForMs = 3_600_000;
/** More are not kept, however many a cluster has: those that were listed longest ago go first. */
const keptAtMost = 50_000;

interface Kept {
  /** Name of its service; null: of none. Never changes. */
  service: string | null;
  /** Null where nobody has asked about its service since it was first seen. */
  task: ObservedTask | null;
  /** Ms since 1970. */
  listedAt: number;
}

/** Tasks as they were last described, by ARN. The description of a stopped one is final. */
export class TaskCache {
  readonly #kept = new Map<string, Kept>();
  readonly #atMost: number;

  constructor(atMost: number = keptAtMost) {
    this.#atMost = atMost;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(arn: string): Pick<Kept, 'service' | 'task'> | undefined {
    return this.#kept.get(arn);
  }

  /** Notes that ECS still lists them at `now` (ms since 1970), and forgets what it has long not listed. */
  listed(arns: Iterable<string>, now: number): void {
    for (const arn of arns) {
      const kept = this.#kept.get(arn);
      if (kept) this.#put(arn, { ...kept, listedAt: now });
    }
    this.#forgetOld(now);
  }

  /** Keeps a description; only the owner of one whose service is not `wanted`. */
  described(task: Task, wanted: (service: string) => boolean, now: number): void {
    const service = serviceOf(task);
    const isWanted = service !== null && wanted(service);
    this.#put(task.taskArn ?? '', { service, task: isWanted ? observedTask(task) : null, listedAt: now });
  }

  /** ECS shows it no more. */
  forget(arn: string): void {
    this.#kept.delete(arn);
  }

  /** The last to be put is the last of the map: so the first is the one that was listed longest ago. */
  #put(arn: string, kept: Kept): void {
    this.#kept.delete(arn);
    this.#kept.set(arn, kept);
  }

  #forgetOld(now: number): void {
    for (const [arn, { listedAt }] of this.#kept) {
      if (this.#kept.size <= this.#atMost && listedAt > now - keptForMs) return;
      this.#kept.delete(arn);
    }
  }
}
