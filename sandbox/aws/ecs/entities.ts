import type { TaskDefinition } from './task.ts';
import type { TaskShelf } from './task-shelf.ts';

export interface Deployment {
  /** `ecs-svc/` and digits. */
  id: string;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  definition: TaskDefinition;
  /** Of the image that its tasks pulled: `sha256:…`. */
  digest: string;
  /** Id of its service revision. */
  revision: string;
  /** Ids of the deployments whose tasks it took over when it rolled back to them. */
  adopted: readonly string[];
  desiredCount: number;
  failedTasks: number;
  rolloutState: 'COMPLETED' | 'IN_PROGRESS' | 'FAILED';
  rolloutStateReason: string;
  createdAt: number;
  updatedAt: number;
}

/** What moves a service that CODE_DEPLOY or an EXTERNAL controller deploys. */
export interface TaskSet {
  /** `ecs-svc/` and digits: what its tasks carry as `startedBy`. */
  id: string;
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  definition: TaskDefinition;
  digest: string;
  desiredCount: number;
  stability: 'STEADY_STATE' | 'STABILIZING';
  createdAt: number;
  updatedAt: number;
}

export interface ServiceEvent {
  id: string;
  createdAt: number;
  message: string;
}

/** What a service was made of at one time. */
export interface ServiceRevision {
  id: string;
  definition: TaskDefinition;
  digest: string;
  /** The digest is there once a first task has pulled the image. */
  isResolved: boolean;
  createdAt: number;
}

export type ServiceDeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export type MonitorStatus = 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';

/** One service deployment: what 90 days are kept of, and the best account of a rollout. */
export interface ServiceDeployment {
  id: string;
  /** Id of the deployment that it made. */
  deployment: string;
  status: ServiceDeploymentStatus;
  statusReason: string | null;
  /** Id of the revision from before; null for the first. */
  source: string | null;
  /** Id of the revision that it brings. */
  target: string;
  stage: string | null;
  hooks: { id: string; status: 'AWAITING_ACTION' | 'SUCCEEDED' }[];
  breaker: { status: MonitorStatus; failures: number; threshold: number };
  alarms: { status: MonitorStatus; triggered: string[] } | null;
  rollback: { reason: string; startedAt: number; revision: string } | null;
  /** Share of the traffic that the new revision has, in percent; null where nothing is shifted. */
  trafficPercent: number | null;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  stoppedAt: number | null;
  updatedAt: number;
}

/** How a service is deployed. */
export interface DeploymentRules {
  strategy: 'ROLLING' | 'BLUE_GREEN' | 'CANARY' | 'LINEAR';
  /** For all but ROLLING. */
  bakeMinutes: number;
  breaker: { enable: boolean; rollback: boolean };
  /** Names of CloudWatch alarms that roll back; none: no alarms. */
  alarms: string[];
}

export interface Service {
  name: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  scheduling: 'REPLICA' | 'DAEMON';
  rules: DeploymentRules;
  /** Of its load balancer; null: none. */
  targetGroup: string | null;
  desiredCount: number;
  /** The PRIMARY one first; none where another controller than ECS moves it. */
  deployments: Deployment[];
  taskSets: TaskSet[];
  /** The newest first. */
  events: ServiceEvent[];
  /** The newest first. */
  serviceDeployments: ServiceDeployment[];
  revisions: ServiceRevision[];
  createdAt: number;
}

export interface Cluster {
  name: string;
  services: Map<string, Service>;
  tasks: TaskShelf;
  /** How many container instances it has; none on Fargate. */
  instances: number;
}
