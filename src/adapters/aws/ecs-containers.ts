import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  type Failure,
  paginateListTasks,
  type Task,
} from '@aws-sdk/client-ecs';
import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import type { Containers } from '../../core/sources.ts';
import { type AwsOptions, clientOfRegion, configOf, reading } from './clients.ts';
import { imageParts } from './image.ts';

type Place = Parameters<Containers['running']>[0];
type Running = NonNullable<Awaited<ReturnType<Containers['running']>>>;

/** AWS describes at most so many tasks in one call (facts: aws.md). */
const tasksACall = 100;

/** ECS, read-only: DescribeServices, ListTasks, DescribeTasks. */
export class EcsContainers implements Containers {
  readonly #client: (region: string) => ECSClient;

  constructor(options: AwsOptions) {
    this.#client = clientOfRegion((region) => new ECSClient(configOf(region, options)));
  }

  running(place: Place, signal: AbortSignal): Promise<Running | null> {
    return reading(signal, async () => {
      if (!(await this.#exists(place, signal))) return null;
      const arns = await this.#taskArns(place, signal);
      const tasks: Task[] = [];
      for (let at = 0; at < arns.length; at += tasksACall)
        tasks.push(...(await this.#describe(place, arns.slice(at, at + tasksACall), signal)));
      return tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').flatMap(containersOf);
    });
  }

  async #exists({ region, cluster, service }: Place, signal: AbortSignal): Promise<boolean> {
    const command = new DescribeServicesCommand({ cluster, services: [service] });
    const { services = [], failures = [] } = await this.#client(region).send(command, {
      abortSignal: signal,
    });
    throwUnlessMissing(failures);
    // A service that was deleted is shown as INACTIVE for a while.
    return services.some(({ status }) => status !== 'INACTIVE');
  }

  async #taskArns({ region, cluster, service }: Place, signal: AbortSignal): Promise<string[]> {
    const asked = { cluster, serviceName: service, desiredStatus: 'RUNNING' } as const;
    const arns: string[] = [];
    const pages = paginateListTasks({ client: this.#client(region) }, asked, { abortSignal: signal });
    for await (const { taskArns = [] } of pages) arns.push(...taskArns);
    return arns;
  }

  /** A task that ended since it was listed is a failure MISSING: it runs no more. */
  async #describe({ region, cluster }: Place, tasks: string[], signal: AbortSignal): Promise<Task[]> {
    const command = new DescribeTasksCommand({ cluster, tasks });
    const answer = await this.#client(region).send(command, { abortSignal: signal });
    throwUnlessMissing(answer.failures ?? []);
    return answer.tasks ?? [];
  }
}

function throwUnlessMissing(failures: Failure[]): void {
  const other = failures.find(({ reason }) => reason !== 'MISSING');
  if (!other) return;
  const said = [other.reason, other.detail].filter(Boolean).join(': ');
  throw new OutsideError('refused', problem('aws-refused', { said }), { cause: other });
}

function containersOf({ taskArn = '', containers = [] }: Task): Running {
  return containers.map(({ name = '', image = '', imageDigest }) => {
    const { tag, digest } = imageParts(image);
    return {
      task: taskArn.split('/').at(-1) ?? taskArn,
      container: name,
      image,
      tag,
      // What was pulled is the truth; the name may carry a digest too.
      digest: imageDigest ?? digest,
    };
  });
}
