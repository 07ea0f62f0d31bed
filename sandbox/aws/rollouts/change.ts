import type { Deployment, Service, ServiceDeployment, ServiceRevision, TaskSet } from '../ecs/entities.ts';
import type { Task } from '../ecs/task.ts';

/** One thing that happens to a service, as data. What has no name here does not happen. */
export type Step =
  | { kind: 'event'; id: string; message: string }
  | { kind: 'service'; set: Partial<Omit<Service, 'name'>> }
  /** To the front; those before are no longer PRIMARY. */
  | { kind: 'deployment-added'; deployment: Deployment }
  | { kind: 'deployment'; id: string; set: Partial<Deployment> }
  | { kind: 'deployment-gone'; id: string }
  | { kind: 'task-set-added'; taskSet: TaskSet }
  | { kind: 'task-set'; id: string; set: Partial<TaskSet> }
  | { kind: 'task-set-gone'; id: string }
  | { kind: 'task-added'; task: Task }
  | { kind: 'task'; id: string; set: Partial<Task> }
  | { kind: 'rollout-added'; rollout: ServiceDeployment; revision: ServiceRevision }
  | { kind: 'rollout'; id: string; set: Partial<ServiceDeployment> }
  | { kind: 'revision-resolved'; id: string }
  /** `lateMs`: how much longer than others it takes until it is found. */
  | { kind: 'line'; group: string; stream: string; text: string; lateMs: number };

/** A step and its time, in ms since 1970. */
export interface Change {
  at: number;
  step: Step;
}
