import { DescribeTaskDefinitionCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { ObservedDefinition } from '../../../core/rollout/observation.ts';
import type { PacedCalls } from './calls.ts';
import { observedDefinition } from './definition-shape.ts';
import { type Ended, endOf, nameOf } from './read.ts';

/** More are not kept; those that were read first go first. */
const keptAtMost = 5_000;

/** Task definitions of one account and region. One never changes, so each is read once. */
export class DefinitionReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #kept = new Map<string, ObservedDefinition>();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  /** By ARN; one that was deleted is not among them. */
  async read(
    arns: Iterable<string>,
    signal: AbortSignal,
  ): Promise<Map<string, { value: ObservedDefinition } | Ended>> {
    const asked = [...new Set(arns)].filter((arn) => arn !== '');
    const found = new Map<string, { value: ObservedDefinition } | Ended>();
    for (const arn of asked) {
      const kept = this.#kept.get(arn);
      if (kept) found.set(arn, { value: kept });
    }
    const open = asked.filter((arn) => !found.has(arn));
    const sends = open.map((arn) => (abortSignal: AbortSignal) => {
      return this.#client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }), { abortSignal });
    });
    const answers = await this.#calls.all('DescribeTaskDefinition', sends, signal);
    for (const [i, arn] of open.entries()) {
      const answer = answers[i];
      if (answer && 'error' in answer) {
        // ECS's word for one that is no more.
        if (nameOf(answer.error) !== 'ClientException') found.set(arn, endOf(answer.error));
      } else if (answer?.value.taskDefinition)
        found.set(arn, { value: this.#keep(arn, observedDefinition(answer.value.taskDefinition)) });
    }
    return found;
  }

  #keep(arn: string, definition: ObservedDefinition): ObservedDefinition {
    const [first] = this.#kept.keys();
    if (this.#kept.size >= keptAtMost && first !== undefined) this.#kept.delete(first);
    this.#kept.set(arn, definition);
    return definition;
  }
}
