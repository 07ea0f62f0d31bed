import type { Task } from './task.ts';

/** Every task that a cluster ever had, in the order in which they came: what stopped is told apart by its times. */
export class TaskShelf {
  readonly #byId = new Map<string, Task>();
  readonly #byService = new Map<string, Task[]>();

  add(task: Task): void {
    this.#byId.set(task.id, task);
    const mates = this.#byService.get(task.service);
    if (mates) mates.push(task);
    else this.#byService.set(task.service, [task]);
  }

  all(): IterableIterator<Task> {
    return this.#byId.values();
  }

  byId(id: string): Task | undefined {
    return this.#byId.get(id);
  }

  ofService(name: string): readonly Task[] {
    return this.#byService.get(name) ?? [];
  }
}
