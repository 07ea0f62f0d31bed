import { digits, hex } from './draw.ts';
import type { Cluster } from './ecs/entities.ts';
import type { Task, TaskDefinition } from './ecs/task.ts';
import { TaskShelf } from './ecs/task-shelf.ts';
import { LogGroup } from './logs/log-group.ts';

/** Everything in one region of the account: regions know nothing of each other. */
export class Region {
  readonly name: string;
  readonly accountId: string;
  readonly clusters = new Map<string, Cluster>();
  readonly #definitions = new Map<string, TaskDefinition[]>();
  readonly groups = new Map<string, LogGroup>();
  /** Pages of log events that were answered so far. */
  pages = 0;
  #ids = 0;

  constructor(name: string, accountId: string) {
    this.name = name;
    this.accountId = accountId;
  }

  /** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`. */
  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.name}:${this.accountId}:${resource}`;
  }

  /** Ids are repeatable: the same steps give the same. */
  nextTaskId(): string {
    return hex(this.#nextId()).slice(0, 32);
  }

  nextDeploymentId(): string {
    return `ecs-svc/${digits(this.#nextId(), 19)}`;
  }

  nextRevisionId(): string {
    return digits(this.#nextId(), 19);
  }

  /** Of a service deployment: 22 letters, digits, `-` and `_`. */
  nextServiceDeploymentId(): string {
    return Buffer.from(hex(this.#nextId()), 'hex').toString('base64url').slice(0, 22);
  }

  nextEventId(): string {
    return hex(this.#nextId()).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  }

  #nextId(): string {
    this.#ids += 1;
    return `${this.accountId} ${this.name} ${this.#ids}`;
  }

  addDefinition(definition: TaskDefinition): void {
    const family = this.#definitions.get(definition.family);
    if (family) family.push(definition);
    else this.#definitions.set(definition.family, [definition]);
  }

  /** Every revision of a family, oldest first. */
  definitionsOf(family: string): readonly TaskDefinition[] {
    return this.#definitions.get(family) ?? [];
  }

  /** The group, made when there is none. */
  groupFor(name: string, createdAt: number): LogGroup {
    const group = this.groups.get(name) ?? new LogGroup(name, createdAt);
    this.groups.set(name, group);
    return group;
  }

  /** The cluster, made when there is none. */
  clusterFor(name: string): Cluster {
    const cluster = this.clusters.get(name) ?? {
      name,
      services: new Map(),
      tasks: new TaskShelf(),
      instances: 0,
    };
    this.clusters.set(name, cluster);
    return cluster;
  }

  /** Tasks whose output goes to this group. */
  tasksLoggingTo(group: string): Task[] {
    const found: Task[] = [];
    for (const { tasks } of this.clusters.values())
      for (const task of tasks.all()) if (task.definition.logGroup === group) found.push(task);
    return found;
  }
}
