import { DescribeTasksCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { OutsideError } from '../../../core/ports.ts';
import type { ObservedTask } from '../../../core/rollout/observation.ts';
import type { PacedCalls } from './calls.ts';
import { endOf, partsOf, type Read } from './read.ts';
import { type Known, TaskCache, type TaskOrigin } from './task-cache.ts';
import { type Listed, type TaskList, TaskLister } from './task-lists.ts';

/** AWS describes at most so many tasks of one cluster in one call (facts: limits). */
const tasksACall = 100;

/** A service whose tasks are asked for. */
export interface Wanted {
  name: string;
  /** So many tasks it has, as DescribeServices counts them. */
  tasks: number;
  /** Tasks that were made before this are not needed, but for those of the PRIMARY deployment. */
  since: Date;
  /** Id of its PRIMARY deployment or task set; null: none. */
  primary: string | null;
  /** Whether a deployment of it is one whose running tasks change nothing: neither PRIMARY nor under test. */
  isSettled(deployment: string): boolean;
}

/** Tasks of services of one account and region; describes only those that can have changed. */
export class TaskReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #lister: TaskLister;
  readonly #cache: TaskCache;

  constructor(client: ECSClient, calls: PacedCalls, cache = new TaskCache()) {
    this.#client = client;
    this.#calls = calls;
    this.#cache = cache;
    this.#lister = new TaskLister(client, calls);
  }

  /** By service: the tasks that ECS still shows of all its deployments, as far as they are wanted. */
  async read(
    cluster: string,
    services: readonly Wanted[],
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Read<ObservedTask[]>>> {
    const all = (read: Read<ObservedTask[]>) => new Map(services.map(({ name }) => [name, read]));
    try {
      const wanted = new Map(services.map((service) => [service.name, service]));
      const listed = await this.#lister.list(cluster, services, now, signal);
      const list = togetherOf(listed);
      this.#cache.listed(list.keys(), now);
      const known = await this.#describe(cluster, list, wanted, now, signal);
      const shown = tasksByService(list, known, wanted);
      return new Map(services.map(({ name }) => [name, answerOf(name, listed, shown)]));
    } catch (error) {
      if (error instanceof OutsideError) return all(endOf(error));
      throw error;
    }
  }

  /**
   * By ARN: those of the list, as they are now. Of what is described only what is final is kept for later looks; what
   * runs is read again at each, and thousands of it would only fill the memory until then.
   * Throws {@link OutsideError}: of a task that could not be described it is not known whose it is.
   */
  async #describe(
    cluster: string,
    list: TaskList,
    wanted: ReadonlyMap<string, Wanted>,
    now: number,
    signal: AbortSignal,
  ): Promise<Map<string, Known>> {
    const open: string[] = [];
    const known = new Map<string, Known>();
    list.forEach((desired, arn) => {
      const kept = this.#cache.get(arn);
      if (!kept || canHaveChanged(kept, desired, wanted)) open.push(arn);
      else known.set(arn, kept);
    });
    const sends = partsOf(open, tasksACall).map((tasks) => async (abortSignal: AbortSignal) => {
      const command = new DescribeTasksCommand({ cluster, tasks });
      const answer = await this.#client.send(command, { abortSignal });
      // Kept in our words at once: what the SDK made of it is several times as large.
      for (const task of answer.tasks ?? []) {
        const { taskArn: arn = '' } = task;
        const described = this.#cache.inOurWords(task, (origin) => isWanted(origin, wanted));
        known.set(arn, described);
        if (canHaveChanged(described, list.get(arn), wanted)) this.#cache.forget(arn);
        else this.#cache.keep(arn, described, now);
      }
      // One that ECS has ceased to show since it listed it.
      for (const { arn = '', reason } of answer.failures ?? [])
        if (reason === 'MISSING') this.#cache.forget(arn);
    });
    for (const answer of await this.#calls.all('DescribeTasks', sends, signal))
      if ('error' in answer) throw answer.error;
    return known;
  }
}

/** The listed tasks that are wanted by the name of their service, in the order of the list. */
function tasksByService(
  list: TaskList,
  known: ReadonlyMap<string, Known>,
  wanted: ReadonlyMap<string, Wanted>,
): Map<string, ObservedTask[]> {
  const shown = new Map<string, ObservedTask[]>();
  list.forEach((_, arn) => {
    const { origin, task } = known.get(arn) ?? {};
    if (!origin?.service || !task || !isWanted(origin, wanted)) return;
    const { service } = origin;
    const own = shown.get(service);
    if (own) own.push(task);
    else shown.set(service, [task]);
  });
  return shown;
}

/** Whether a listed task can be another than the one that is known. `desired` is the status that the list gives it. */
function canHaveChanged(
  { origin, task }: Known,
  desired: string | undefined,
  wanted: ReadonlyMap<string, Wanted>,
): boolean {
  const service = wanted.get(origin.service ?? '');
  if (!service || !isWanted(origin, wanted)) return false;
  if (!task) return true;
  if (task.lastStatus === 'STOPPED') return false;
  return !(desired === 'RUNNING' && task.lastStatus === 'RUNNING' && service.isSettled(task.startedBy));
}

/**
 * What was made before is of no deployment that is looked for. Of PRIMARY all is wanted: where nothing was deployed, its
 * tasks say what runs.
 */
function isWanted(
  { service, startedBy, madeAt }: TaskOrigin,
  services: ReadonlyMap<string, Wanted>,
): boolean {
  const wanted = services.get(service ?? '');
  if (!wanted) return false;
  const mayBeNew = madeAt === null || madeAt >= wanted.since.getTime();
  return mayBeNew || startedBy === '' || startedBy === wanted.primary;
}

function answerOf(
  name: string,
  listed: Listed,
  shown: ReadonlyMap<string, ObservedTask[]>,
): Read<ObservedTask[]> {
  const list = 'whole' in listed ? null : listed.byService.get(name);
  if (list && 'error' in list) return endOf(list.error);
  return { value: shown.get(name) ?? [] };
}

function togetherOf(listed: Listed): TaskList {
  if ('whole' in listed) return listed.whole;
  return new Map([...listed.byService.values()].flatMap((list) => ('error' in list ? [] : [...list.value])));
}
