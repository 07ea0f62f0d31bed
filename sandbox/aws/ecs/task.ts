import { hex } from '../draw.ts';

/** One revision of a task definition: one container, or two where a migration runs beside it. */
export interface TaskDefinition {
  family: string;
  revision: number;
  image: string;
  container: string;
  logGroup: string;
  /** Null: streams do not name their task. */
  streamPrefix: string | null;
  logDriver: 'awslogs' | 'awsfirelens';
  /** Name of a container that is not essential and migrates the database; null: none. */
  migration: string | null;
  hasHealthCheck: boolean;
  /** Ms since 1970, as every time here. */
  registeredAt: number;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface Task {
  /** 32 hexadecimal digits. */
  id: string;
  service: string;
  /** Id of its deployment or task set. */
  startedBy: string;
  definition: TaskDefinition;
  digest: string;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  createdAt: number;
  /** When its images were there; null before. */
  pulledAt: number | null;
  startedAt: number | null;
  stoppingAt: number | null;
  stoppedAt: number | null;
  stopCode: string | null;
  stoppedReason: string | null;
  /** Of its main container. */
  exitCode: number | null;
  /** What ECS says of its main container, such as OutOfMemoryError. */
  containerReason: string | null;
  /** The container that migrates, where the definition has one. */
  migration: { status: 'PENDING' | 'RUNNING' | 'STOPPED'; exitCode: number | null } | null;
}

/** Where a task's main container writes: `prefix/container/taskId`, or that of another of its containers. */
export function streamOf(task: Pick<Task, 'id' | 'definition'>, container?: string): string {
  const { definition } = task;
  const name = container ?? definition.container;
  if (definition.logDriver === 'awsfirelens') return `${name}-firelens-${task.id}`;
  // Without a prefix the stream has the name of the container's own id.
  return definition.streamPrefix === null
    ? hex(`${task.id} ${name}`)
    : `${definition.streamPrefix}/${name}/${task.id}`;
}

/** A task that was just made. */
export function newTask(
  of: Pick<Task, 'id' | 'service' | 'startedBy' | 'definition' | 'digest' | 'createdAt'>,
  lastStatus: TaskStatus,
): Task {
  return {
    ...of,
    lastStatus,
    desiredStatus: 'RUNNING',
    health: 'UNKNOWN',
    pulledAt: null,
    startedAt: null,
    stoppingAt: null,
    stoppedAt: null,
    stopCode: null,
    stoppedReason: null,
    exitCode: null,
    containerReason: null,
    migration: of.definition.migration === null ? null : { status: 'PENDING', exitCode: null },
  };
}
