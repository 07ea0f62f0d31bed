import {
  type DesiredStatus,
  type ECSClient,
  ListTasksCommand,
  type ListTasksCommandInput,
  type ListTasksCommandOutput,
} from '@aws-sdk/client-ecs';
import type { OutsideError } from '../../../core/ports.ts';
import type { PacedCalls, Send } from './calls.ts';
import { pagesOf } from './pages.ts';
import { nameOf } from './read.ts';

/** ARNs of listed tasks, with what ECS wants of them. */
export type TaskList = Map<string, DesiredStatus>;

/** The tasks of a whole cluster, or those of each service by its name. */
export type Listed =
  | { whole: TaskList }
  | { byService: Map<string, { value: TaskList } | { error: OutsideError }> };

/** What a service has, as DescribeServices counts it: says how many pages its list may have. */
export interface Counted {
  name: string;
  tasks: number;
}

/** AWS lists so many tasks on a page. */
const tasksAPage = 100;
/** How long it is believed that a cluster has as many pages as it had. */
const believedForMs = 600_000;

/**
 * Lists tasks in as few calls as it can: those of a whole cluster where that has fewer pages than the services have
 * lists. How many pages a cluster has is known from the last time; the first time it is tried, and given up where it
 * turns out to cost more.
 */
export class TaskLister {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  /** Pages of a whole cluster, or how many were read when it was given up. */
  readonly #pages = new Map<string, { pages: number; at: number }>();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
  }

  /**
   * Every task that ECS shows of these services, others' too. Throws {@link OutsideError} where a whole cluster could
   * not be listed. RUNNING before STOPPED: a task that stops in between is listed twice rather than never.
   */
  async list(
    cluster: string,
    services: readonly Counted[],
    now: number,
    signal: AbortSignal,
  ): Promise<Listed> {
    const costByName = services.reduce(
      (sum, { tasks }) => sum + Math.max(1, Math.ceil(tasks / tasksAPage)) + 1,
      0,
    );
    const last = this.#pages.get(cluster);
    const pages = last && last.at > now - believedForMs ? last.pages : 0;
    if (services.length > 1 && pages <= costByName) {
      const whole = await this.#whole(cluster, { expected: pages, most: costByName }, now, signal);
      if (whole) return { whole };
    }
    return { byService: await this.#byService(cluster, services, signal) };
  }

  /** Null when it has more pages than `most`. */
  async #whole(
    cluster: string,
    { expected, most }: { expected: number; most: number },
    now: number,
    signal: AbortSignal,
  ): Promise<TaskList | null> {
    const list: TaskList = new Map();
    const call = this.#calls.inSequence('ListTasks', expected, signal);
    let pages = 0;
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      let token: { nextToken?: string } | null = {};
      do {
        if (pages === most) {
          this.#pages.set(cluster, { pages: pages + 1, at: now });
          return null;
        }
        pages += 1;
        const page: ListTasksCommandOutput = await call(this.#page({ cluster, desiredStatus, ...token }));
        for (const arn of page.taskArns ?? []) list.set(arn, desiredStatus);
        // Only a page without a token is the last; an empty one is not.
        const { nextToken } = page;
        token = nextToken === undefined ? null : { nextToken };
      } while (token !== null);
    }
    this.#pages.set(cluster, { pages, at: now });
    return list;
  }

  async #byService(cluster: string, services: readonly Counted[], signal: AbortSignal) {
    const lists = new Map<string, { value: TaskList } | { error: OutsideError }>(
      services.map(({ name }) => [name, { value: new Map() }]),
    );
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      const open = services.filter(({ name }) => !('error' in (lists.get(name) ?? {})));
      const read = await pagesOf(
        this.#calls,
        'ListTasks',
        open,
        ({ name }, token) => this.#page({ cluster, desiredStatus, serviceName: name, ...token }),
        signal,
      );
      for (const [i, { name }] of open.entries()) {
        const [pages, list] = [read[i], lists.get(name)];
        if (!pages || !list || 'error' in list) continue;
        if (!('error' in pages))
          for (const arn of pages.value.flatMap(({ taskArns = [] }) => taskArns))
            list.value.set(arn, desiredStatus);
        // A service that was deleted since it was described has no tasks any more.
        else if (!isGone(pages.error)) lists.set(name, pages);
      }
    }
    return lists;
  }

  #page(asked: ListTasksCommandInput): Send<ListTasksCommandOutput> {
    const command = new ListTasksCommand(asked);
    return (abortSignal) => this.#client.send(command, { abortSignal });
  }
}

function isGone(error: OutsideError): boolean {
  return ['ServiceNotFoundException', 'ServiceNotActiveException'].includes(nameOf(error));
}
