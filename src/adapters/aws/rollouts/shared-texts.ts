import type { ObservedTask } from '../../../core/rollout/observation.ts';

/** More are not remembered at once; then it begins anew, and what was shared stays so. */
const mostTexts = 20_000;

/**
 * The tasks of a deployment name one task definition, one image and one digest, and each of them is a text of its own
 * for every task that is read. Of tens of thousands that are kept, this lets each text be there once.
 */
export class SharedTexts {
  readonly #known = new Map<string, string>();

  /** The same task, with texts that were seen before in the place of its own. */
  of(task: ObservedTask): ObservedTask {
    return {
      ...task,
      taskDefinition: this.one(task.taskDefinition),
      startedBy: this.one(task.startedBy),
      containers: task.containers.map((container) => ({
        ...container,
        name: this.one(container.name),
        image: this.one(container.image),
        digest: container.digest === null ? null : this.one(container.digest),
      })),
    };
  }

  /** The same text, as it was seen first. */
  one(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= mostTexts) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
