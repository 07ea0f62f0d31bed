import type { Task } from '@aws-sdk/client-ecs';
import type { ObservedTask } from '../../../core/rollout/observation.ts';
import { SharedTexts } from './shared-texts.ts';
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
  readonly #texts = new SharedTexts();
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
      if (kept) kept.listedAt = now;
    }
    this.#forgetOld(now);
  }

  /** Keeps a description; only the owner of one whose service is not `wanted`. */
  described(task: Task, wanted: (service: string) => boolean, now: number): void {
    const service = serviceOf(task);
    const isWanted = service !== null && wanted(service);
    const kept = { service, task: isWanted ? this.#texts.of(observedTask(task)) : null, listedAt: now };
    this.#kept.set(task.taskArn ?? '', kept);
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
