import type { ECSClient } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../core/ports.ts';
import type { ObservedDefinition, ObservedTask } from '../../../core/rollout/observation.ts';
import type { Look, RolloutQuestion } from '../../../core/rollout/sources.ts';
import { type Asked, keyOf, type Place } from './asked.ts';
import type { PacedCalls } from './calls.ts';
import { DefinitionReader } from './definitions.ts';
import { InstanceCounter } from './instances.ts';
import { lookOf } from './look.ts';
import { type Ended, endOf, lastPart, type Read } from './read.ts';
import { listServiceDeployments, mayNotBeRead } from './service-deployment-lists.ts';
import { ServiceDeploymentReader } from './service-deployments.ts';
import { primaryOf } from './service-shape.ts';
import { ServiceReader } from './services.ts';
import { TaskReader } from './tasks.ts';

type Reads<T> = Map<string, Read<T>>;

/** Looks at the services of one account and region, and keeps what need not be read again. */
export class RegionReader {
  readonly #client: ECSClient;
  readonly #calls: PacedCalls;
  readonly #now: Clock;
  readonly #services: ServiceReader;
  readonly #tasks: TaskReader;
  readonly #deployments: ServiceDeploymentReader;
  readonly #definitions: DefinitionReader;
  readonly #instances: InstanceCounter;

  constructor(client: ECSClient, calls: PacedCalls, now: Clock) {
    this.#now = now;
    this.#client = client;
    this.#calls = calls;
    this.#services = new ServiceReader(client, calls);
    this.#tasks = new TaskReader(client, calls);
    this.#deployments = new ServiceDeploymentReader(client, calls);
    this.#definitions = new DefinitionReader(client, calls);
    this.#instances = new InstanceCounter(client, calls);
  }

  /** What `Rollouts.observe` answers. */
  async observe(questions: readonly RolloutQuestion[], signal: AbortSignal): Promise<Look[]> {
    const services = await this.#readServices(questions, this.#now(), signal);
    // Turns may have been waited for: what is told is what was there after that.
    const now = this.#now();
    const asked = [...services.values()].flatMap((read) => ('value' in read ? [read.value] : []));
    const [tasks, deployments, instances, shown] = await Promise.all([
      this.#readTasks(asked, now, signal),
      this.#deployments.read(asked, now.getTime(), signal),
      this.#countInstances(asked, now, signal),
      this.#definitions.read(asked.flatMap(shownDefinitions), signal),
    ]);
    const definitions = await this.#readDefinitions(asked, tasks, shown, signal);
    const at = now.toISOString();
    return questions.map((question) => {
      const key = keyOf(question);
      return lookOf(at, services.get(key), {
        tasks: tasks.get(key),
        definitions: definitions.get(key),
        serviceDeployments: deployments.get(key),
        instances: instances.get(key),
      });
    });
  }

  /** The service as it is now, with the ARN of its newest service deployment where that may be read. */
  async latest(place: Place, signal: AbortSignal): Promise<Read<Latest>> {
    const now = this.#now();
    const services = await this.#readServices([{ ...place, deployment: null, since: now }], now, signal);
    const read = services.get(keyOf(place));
    if (!read) throw new Error(`${place.service} was not read`);
    if (!('value' in read)) return read;
    const [list] = await listServiceDeployments(
      this.#client,
      this.#calls,
      [read.value],
      now.getTime(),
      signal,
    );
    if (list && 'error' in list && !mayNotBeRead(list.error)) return endOf(list.error);
    const newest = list && 'value' in list ? (list.value[0] ?? null) : null;
    return { value: { service: read.value.service, newest } };
  }

  async #readServices(
    questions: readonly RolloutQuestion[],
    now: Date,
    signal: AbortSignal,
  ): Promise<Reads<Asked>> {
    const reads: Reads<Asked> = new Map();
    const ofCluster = async (cluster: string, own: readonly RolloutQuestion[]) => {
      // One service may be asked about by its name and by its ARN: then all that either needs.
      const byService = Map.groupBy(own, ({ service }) => lastPart(service));
      const about = (name: string) => byService.get(lastPart(name)) ?? [];
      const names = [...new Set(own.map(({ service }) => service))];
      const services = names.map((name) => ({ name, since: earliest(about(name)) }));
      for (const [name, read] of await this.#services.read(cluster, services, now.getTime(), signal)) {
        const key = keyOf({ cluster, service: name });
        if (!('value' in read)) reads.set(key, read);
        else {
          const underTest = about(name).flatMap(({ deployment }) => deployment ?? []);
          const since = earliest(about(name));
          reads.set(key, { value: { key, cluster, name, service: read.value, since, underTest } });
        }
      }
    };
    const clusters = Map.groupBy(questions, ({ cluster }) => cluster);
    await Promise.all([...clusters].map(([cluster, own]) => ofCluster(cluster, own)));
    return reads;
  }

  async #readTasks(asked: readonly Asked[], now: Date, signal: AbortSignal): Promise<Reads<ObservedTask[]>> {
    const reads: Reads<ObservedTask[]> = new Map();
    const ofCluster = async (cluster: string, own: readonly Asked[]) => {
      const wanted = own.map(({ name, service, since, underTest }) => ({
        name: lastPart(name),
        since,
        primary: primaryOf(service)?.id ?? null,
        tasks: service.running + service.pending,
        isSettled: (id: string) =>
          !underTest.includes(id) &&
          service.deployments.some((one) => one.id === id && one.status !== 'PRIMARY'),
      }));
      const read = await this.#tasks.read(cluster, wanted, now.getTime(), signal);
      for (const { key, name } of own) reads.set(key, read.get(lastPart(name)) ?? { value: [] });
    };
    // ECS lists no tasks of a service that was deleted.
    for (const { key, service } of asked) if (service.status === 'INACTIVE') reads.set(key, { value: [] });
    const clusters = Map.groupBy(
      asked.filter(({ service }) => service.status !== 'INACTIVE'),
      ({ cluster }) => cluster,
    );
    await Promise.all([...clusters].map(([cluster, own]) => ofCluster(cluster, own)));
    return reads;
  }

  /** Besides those that are shown: a deployment that ECS lists no more is known by its tasks. */
  async #readDefinitions(
    asked: readonly Asked[],
    tasks: Reads<ObservedTask[]>,
    shown: Reads<ObservedDefinition>,
    signal: AbortSignal,
  ): Promise<Reads<ObservedDefinition[]>> {
    const used = asked.map((one) => {
      const read = tasks.get(one.key);
      const own = read && 'value' in read ? read.value : [];
      const tested = own.filter(({ startedBy }) => one.underTest.includes(startedBy));
      const used = [...tested, ...(one.underTest.length === 0 ? newestOfGone(one, own) : [])];
      const arns = [...shownDefinitions(one), ...used.map(({ taskDefinition }) => taskDefinition)];
      return { key: one.key, arns: [...new Set(arns)] };
    });
    const gone = used.flatMap(({ arns }) => arns).filter((arn) => !shown.has(arn));
    const known = new Map([...shown, ...(await this.#definitions.read(gone, signal))]);
    return new Map(
      used.map(({ key, arns }): [string, Read<ObservedDefinition[]>] => {
        const reads = arns.flatMap((arn) => known.get(arn) ?? []);
        const ended = reads.find((read): read is Ended => !('value' in read));
        return [key, ended ?? { value: reads.flatMap((read) => ('value' in read ? [read.value] : [])) }];
      }),
    );
  }

  async #countInstances(
    asked: readonly Asked[],
    now: Date,
    signal: AbortSignal,
  ): Promise<Reads<number | null>> {
    const reads: Reads<number | null> = new Map();
    for (const { key, cluster, service } of asked)
      reads.set(
        key,
        service.scheduling === 'DAEMON'
          ? await this.#instances.count(cluster, now.getTime(), signal)
          : { value: null },
      );
    return reads;
  }
}

interface Latest {
  service: Asked['service'];
  newest: string | null;
}

function earliest(questions: readonly RolloutQuestion[]): Date {
  return new Date(Math.min(...questions.map(({ since }) => since.getTime())));
}

/** Of PRIMARY and of the deployments under test, as far as ECS lists them. */
function shownDefinitions({ service, underTest }: Asked): string[] {
  const tested = service.deployments.filter(({ id }) => underTest.includes(id));
  return [primaryOf(service), ...tested].flatMap((one) => one?.taskDefinition || []);
}

/**
 * The newest task of a deployment that ECS lists no more: where nobody knows the one under test yet, it may be that,
 * rolled back before anybody looked, and its lines are to be found.
 */
function newestOfGone({ service: { deployments } }: Asked, tasks: readonly ObservedTask[]): ObservedTask[] {
  const gone = tasks.filter(({ startedBy }) => !deployments.some(({ id }) => id === startedBy));
  return gone.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, 1);
}
