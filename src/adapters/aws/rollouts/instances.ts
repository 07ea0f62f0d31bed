import { type ECSClient, ListContainerInstancesCommand } from '@aws-sdk/client-ecs';
import { OutsideError } from '../../../core/ports.ts';
import type { PacedCalls } from './calls.ts';
import { pagesOf } from './pages.ts';
import { type Ended, endOf, isDenied } from './read.ts';

/** Instances come and go slowly. */
const keptForMs = 30_000;

/** Counts the container instances of clusters of one account and region: what a DAEMON service runs on. */
export class InstanceCounter {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #kept = new Map<string, { count: number | null; at: number }>();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  /** Null where it may not be known. */
  async count(cluster: string, now: number, signal: AbortSignal): Promise<{ value: number | null } | Ended> {
    const kept = this.#kept.get(cluster);
    if (kept && kept.at > now - keptForMs) return { value: kept.count };
    try {
      const count = await this.#read(cluster, signal);
      this.#kept.set(cluster, { count, at: now });
      return { value: count };
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error;
      if (!isDenied(error)) return endOf(error);
      this.#kept.set(cluster, { count: null, at: now });
      return { value: null };
    }
  }

  async #read(cluster: string, signal: AbortSignal): Promise<number> {
    const [read] = await pagesOf(
      this.#calls,
      'ListContainerInstances',
      [cluster],
      (_, token) => {
        const command = new ListContainerInstancesCommand({ cluster, ...token });
        return (abortSignal) => this.#client.send(command, { abortSignal });
      },
      signal,
    );
    if (!read) throw new Error('A list was not read');
    if ('error' in read) throw read.error;
    return read.value.reduce((sum, { containerInstanceArns = [] }) => sum + containerInstanceArns.length, 0);
  }
}
