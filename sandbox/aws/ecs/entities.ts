/** One revision of a task definition, with its one container. */
export interface TaskDefinition {
  family: string;
  revision: number;
  image: string;
  container: string;
  logGroup: string;
  streamPrefix: string;
  /** Ms since 1970, as every time here. */
  registeredAt: number;
}

export interface Deployment {
  /** `ecs-svc/` and digits. */
  id: string;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  definition: TaskDefinition;
  /** Of the image that its tasks pulled: `sha256:…`. */
  digest: string;
  desiredCount: number;
  failedTasks: number;
  rolloutState: 'COMPLETED' | 'IN_PROGRESS' | 'FAILED';
  rolloutStateReason: string;
  createdAt: number;
  updatedAt: number;
}

export interface Task {
  /** 32 hexadecimal digits. */
  id: string;
  service: string;
  /** Id of its deployment. */
  startedBy: string;
  definition: TaskDefinition;
  digest: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  createdAt: number;
  startedAt: number | null;
  stoppedAt: number | null;
  stopCode: string | null;
  stoppedReason: string | null;
  exitCode: number | null;
}

export interface ServiceEvent {
  id: string;
  createdAt: number;
  message: string;
}

export interface Service {
  name: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  /** The PRIMARY one first. */
  deployments: Deployment[];
  /** The newest first. */
  events: ServiceEvent[];
  createdAt: number;
}

export interface Cluster {
  name: string;
  services: Map<string, Service>;
  /** All that there ever were: what stopped is told apart by its times. */
  tasks: Task[];
}

/** Where a task writes: `prefix/container/taskId`. */
export function streamOf(task: Task): string {
  return `${task.definition.streamPrefix}/${task.definition.container}/${task.id}`;
}
