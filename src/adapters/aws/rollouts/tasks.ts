import { DescribeTasksCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { OutsideError } from '../../../core/ports.ts';
import type { ObservedTask } from '../../../core/rollout/observation.ts';
import type { PacedCalls } from './calls.ts';
import { endOf, partsOf, type Read } from './read.ts';
import { TaskCache } from './task-cache.ts';
import { type Listed, type TaskList, TaskLister } from './task-lists.ts';

/** AWS describes at most so many tasks of one cluster in one call (facts: limits). */
const tasksACall = 100;

/** A service whose tasks are asked for. */
export interface Wanted {
  name: string;
  /** So many tasks it has, as DescribeServices counts them. */
  tasks: number;
  /** Ids of deployments whose running tasks change nothing: neither PRIMARY nor under test. */
  settled: ReadonlySet<string>;
}

/** Tasks of services of one account and region; describes only those that can have changed. */
export class TaskReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #lister: TaskLister;
  readonly #cache = new TaskCache();

  constructor(client: ECSClient, calls: PacedCalls) {
    this.#client = client;
    this.#calls = calls;
    this.#lister = new TaskLister(client, calls);
  }

  /** By service: every task that ECS still shows, running and stopped, of all its deployments. */
  async read(
    cluster: string,
    services: readonly Wanted[],
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Read<ObservedTask[]>>> {
    const all = (read: Read<ObservedTask[]>) => new Map(services.map(({ name }) => [name, read]));
    try {
      const listed = await this.#lister.list(cluster, services, now, signal);
      const list = togetherOf(listed);
      this.#cache.listed(list.keys(), now);
      await this.#describe(cluster, list, services, now, signal);
      return new Map(services.map(({ name }) => [name, this.#answer(name, listed, list)]));
    } catch (error) {
      if (error instanceof OutsideError) return all(endOf(error));
      throw error;
    }
  }

  /** Throws {@link OutsideError}: of a task that could not be described it is not known whose it is. */
  async #describe(
    cluster: string,
    list: TaskList,
    services: readonly Wanted[],
    now: number,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = new Map(services.map((service) => [service.name, service]));
    const open = [...list].filter(([arn, desired]) => this.#canHaveChanged(arn, desired, wanted));
    const sends = partsOf(open, tasksACall).map((part) => {
      const command = new DescribeTasksCommand({ cluster, tasks: part.map(([arn]) => arn) });
      return (abortSignal: AbortSignal) => this.#client.send(command, { abortSignal });
    });
    for (const answer of await this.#calls.all('DescribeTasks', sends, signal)) {
      if ('error' in answer) throw answer.error;
      for (const task of answer.value.tasks ?? [])
        this.#cache.described(task, (name) => wanted.has(name), now);
      // One that ECS has ceased to show since it listed it.
      for (const { arn = '', reason } of answer.value.failures ?? [])
        if (reason === 'MISSING') this.#cache.forget(arn);
    }
  }

  #canHaveChanged(arn: string, desired: string, wanted: ReadonlyMap<string, Wanted>): boolean {
    const known = this.#cache.get(arn);
    if (!known) return true;
    const service = wanted.get(known.service ?? '');
    if (!service) return false;
    const { task } = known;
    if (!task) return true;
    if (task.lastStatus === 'STOPPED') return false;
    return !(desired === 'RUNNING' && task.lastStatus === 'RUNNING' && service.settled.has(task.startedBy));
  }

  #answer(name: string, listed: Listed, list: TaskList): Read<ObservedTask[]> {
    const own = 'whole' in listed ? { value: list } : listed.byService.get(name);
    if (own && 'error' in own) return endOf(own.error);
    const tasks = [...(own?.value.keys() ?? [])].flatMap((arn) => {
      const known = this.#cache.get(arn);
      return known?.service === name && known.task ? [known.task] : [];
    });
    return { value: tasks };
  }
}

function togetherOf(listed: Listed): TaskList {
  if ('whole' in listed) return listed.whole;
  return new Map([...listed.byService.values()].flatMap((list) => ('error' in list ? [] : [...list.value])));
}
