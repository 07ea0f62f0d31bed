import pMap from 'p-map';
import { OutsideError } from '../../../core/ports.ts';
import { reading } from '../clients.ts';
import { type Rate, Turns, type Waiting } from '../turns.ts';

/** The operations of ECS that looks are made of, each with the bucket in which AWS counts it. */
const bucketOf = {
  DescribeServices: 'services',
  ListTasks: 'tasks',
  DescribeTasks: 'tasks',
  DescribeTaskDefinition: 'task-definitions',
  ListServiceDeployments: 'service-deployments',
  DescribeServiceDeployments: 'service-deployments',
  DescribeServiceRevisions: 'service-deployments',
  ListContainerInstances: 'instances',
} as const;
export type EcsOperation = keyof typeof bucketOf;
type Bucket = (typeof bucketOf)[EcsOperation];

/** By account and region (facts: limits). For the last two AWS names no figure: the lowest of the others. */
const granted: Record<Bucket, Rate> = {
  services: { burst: 100, perSecond: 20 },
  tasks: { burst: 100, perSecond: 20 },
  'service-deployments': { burst: 50, perSecond: 20 },
  'task-definitions': { burst: 50, perSecond: 20 },
  instances: { burst: 50, perSecond: 20 },
};

/** So many calls of one batch are on their way at once: more of their answers would only fill the memory. */
const atOnce = 5;

/** Calls made since the start, by operation. */
export type CallCounts = Partial<Record<EcsOperation, number>>;

/** One call; `signal` ends it. */
export type Send<T> = (signal: AbortSignal) => Promise<T>;

export type Answer<T> = { value: T } | { error: OutsideError };

/** Calls to ECS in one account and region, in their turn. A throttle is waited for, until `signal` ends. */
export class PacedCalls {
  readonly #turns: Record<Bucket, Turns>;
  readonly #counts: CallCounts;

  /** @param place names account and region in the lines of the pace */
  constructor(place: string, waiting: Waiting, counts: CallCounts) {
    const turns = (bucket: Bucket) => new Turns(`aws/${place}/${bucket}`, granted[bucket], waiting);
    this.#turns = {
      services: turns('services'),
      tasks: turns('tasks'),
      'service-deployments': turns('service-deployments'),
      'task-definitions': turns('task-definitions'),
      instances: turns('instances'),
    };
    this.#counts = counts;
  }

  /** Makes the calls; each ends for itself, in their order. Rejects with the reason of `signal` only. */
  async all<T>(
    operation: EcsOperation,
    sends: readonly Send<T>[],
    signal: AbortSignal,
  ): Promise<Answer<T>[]> {
    const turns = this.#turns[bucketOf[operation]];
    const answers: Answer<T>[] = [];
    for (let at = 0; at < sends.length; at += turns.most) {
      const batch = sends.slice(at, at + turns.most);
      await turns.take(batch.length, signal);
      const answered = await pMap(batch, (send) => this.#make(operation, turns, send, signal), {
        concurrency: atOnce,
      });
      answers.push(...answered);
    }
    return answers;
  }

  /**
   * For calls that follow from each other, such as the pages of a list: what it gives makes one of them, and throws
   * {@link OutsideError}, or the reason of `signal`. Turns for as many as are `expected` are taken together, for a turn
   * at a time would leave a bucket unused that is full.
   */
  inSequence(
    operation: EcsOperation,
    expected: number,
    signal: AbortSignal,
  ): <T>(send: Send<T>) => Promise<T> {
    const turns = this.#turns[bucketOf[operation]];
    let next = Math.min(Math.max(1, expected), turns.most);
    let left = 0;
    return async (send) => {
      if (left === 0) {
        left = next;
        next = 1;
        await turns.take(left, signal);
      }
      left -= 1;
      const answer = await this.#make(operation, turns, send, signal);
      if ('error' in answer) throw answer.error;
      return answer.value;
    };
  }

  async #make<T>(
    operation: EcsOperation,
    turns: Turns,
    send: Send<T>,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    for (let time = 1; ; time += 1) {
      this.#counts[operation] = (this.#counts[operation] ?? 0) + 1;
      try {
        return { value: await reading(signal, () => send(signal)) };
      } catch (error) {
        if (signal.aborted || !(error instanceof OutsideError)) throw error;
        if (error.kind !== 'busy') return { error };
        await turns.hold(time);
        await turns.take(1, signal);
      }
    }
  }
}
