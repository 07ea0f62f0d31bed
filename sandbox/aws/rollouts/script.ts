import type { DeploymentRules, Service } from '../ecs/entities.ts';
import type { Course } from './course.ts';

/** What people tell scripts apart by. */
export type ScriptGroup =
  | 'goes well'
  | 'tasks do not start'
  | 'tasks fail'
  | 'is taken back or stopped'
  | 'nothing to see'
  | 'shifts traffic'
  | 'other controllers';

/** How one rollout goes. */
export interface Script {
  id: string;
  group: ScriptGroup;
  /** One line for people. */
  says: string;
  /** What ECS makes when it begins. `revision`: a task definition is registered, and no more. Default: a deployment. */
  begins?: 'deployment' | 'task-set' | 'revision' | 'nothing';
  /** What the service is before it begins, where it matters. */
  rules?: Partial<DeploymentRules>;
  controller?: Service['controller'];
  scheduling?: Service['scheduling'];
  loadBalancer?: boolean;
  healthCheck?: boolean;
  /** Its task definition names a log group that does not exist. */
  missesLogGroup?: boolean;
  /** Instead of how many tasks are wished. */
  desired?: (wished: number) => number;
  /** It is over when somebody looks: it began so long ago, and goes as fast as it must. */
  overIn?: number;
  play: (course: Course) => void;
}
