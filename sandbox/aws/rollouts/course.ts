import type { Deployment, Service, ServiceDeployment, TaskSet } from '../ecs/entities.ts';
import type { Task } from '../ecs/task.ts';
import type { Region } from '../region.ts';
import type { Change, Step } from './change.ts';
import type { RolloutWish } from './wish.ts';

/** What a rollout begins with. */
export interface Scene {
  region: Region;
  service: Readonly<Service>;
  /** Ms since 1970. */
  begin: number;
  pace: number;
  /** The deployment under way, not yet part of the service. */
  deployment: Deployment;
  rollout: ServiceDeployment;
  /** Deployments and task sets from before, newest first. */
  before: readonly (Deployment | TaskSet)[];
  /** Tasks from before that have not stopped. */
  oldTasks: readonly Task[];
  wish: RolloutWish;
}

/** What a script writes: everything that will happen, with its time. `after` is in ms since the begin, unhurried. */
export class Course {
  readonly scene: Scene;
  readonly changes: Change[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
  }

  get desired(): number {
    return this.scene.service.desiredCount;
  }

  /** Ms since 1970. */
  at(after: number): number {
    return this.scene.begin + Math.round(after / this.scene.pace);
  }

  add(after: number, step: Step): void {
    this.changes.push({ at: this.at(after), step });
  }

  /** An event of the service; `text` follows its name. */
  event(after: number, text: string): void {
    const { region, service } = this.scene;
    this.add(after, {
      kind: 'event',
      id: region.nextEventId(),
      message: `(service ${service.name}) ${text}`,
    });
  }

  /** Changes the deployment under way. */
  deployment(after: number, set: Partial<Deployment>): void {
    this.add(after, { kind: 'deployment', id: this.scene.deployment.id, set });
  }

  /** Changes its service deployment. */
  rollout(after: number, set: Partial<ServiceDeployment>): void {
    this.add(after, { kind: 'rollout', id: this.scene.rollout.id, set });
  }

  /** In order of time; what was written first comes first. */
  ordered(): Change[] {
    return this.changes.sort((a, b) => a.at - b.at);
  }
}

/** `(task A) (task B)`, as events name tasks. */
export function named(ids: readonly string[]): string {
  return ids.map((id) => `(task ${id})`).join(' ');
}

/** The newest deployment that has completed. */
export function lastCompleted({ deployments }: Pick<Service, 'deployments'>): Deployment | undefined {
  return deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
}
