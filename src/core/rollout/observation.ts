/**
 * What ECS says of one service, as the adapter read it: facts without a judgement. All times are ISO 8601 UTC.
 * Source: facts on ECS, "Which deployment, which tasks".
 */

/** Where one rollout happens. */
export interface Place {
  /** Id of one of the catalogue's `accounts`; null: the account of the bot's own credentials. */
  account: string | null;
  /** AWS region, such as `eu-west-1`. */
  region: string;
  cluster: string;
  service: string;
}

/** One deployment of a service, as DescribeServices lists it. */
export interface EcsDeployment {
  /** `ecs-svc/…`: what its tasks carry as `startedBy`. */
  id: string;
  status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE' | (string & {});
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
  /** Resets once a task runs: never a verdict by itself. */
  failedTasks: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | null;
  rolloutStateReason: string;
  createdAt: string;
}

/** A task set, where CODE_DEPLOY or an EXTERNAL controller moves the service. */
export interface EcsTaskSet {
  id: string;
  status: string;
  taskDefinition: string;
  stability: string;
  createdAt: string;
}

/** One event of the service's own log. */
export interface ServiceEvent {
  id: string;
  at: string;
  message: string;
}

export interface ObservedService {
  /** ACTIVE, DRAINING or INACTIVE. */
  status: string;
  /** Who moves it: ECS itself, CODE_DEPLOY or EXTERNAL. */
  controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL' | (string & {});
  scheduling: 'REPLICA' | 'DAEMON' | (string & {});
  /** ROLLING, BLUE_GREEN, CANARY or LINEAR. */
  strategy: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY' | (string & {});
  desired: number;
  running: number;
  pending: number;
  /** Newest first, as ECS lists them. */
  deployments: EcsDeployment[];
  taskSets: EcsTaskSet[];
  /** Since the moment that was asked for; newest first, at most 100. */
  events: ServiceEvent[];
}

/** A service deployment (DescribeServiceDeployments), the best source where it can be read. */
export interface ServiceDeployment {
  arn: string;
  status:
    | 'PENDING'
    | 'IN_PROGRESS'
    | 'SUCCESSFUL'
    | 'STOP_REQUESTED'
    | 'STOPPED'
    | 'ROLLBACK_REQUESTED'
    | 'ROLLBACK_IN_PROGRESS'
    | 'ROLLBACK_SUCCESSFUL'
    | 'ROLLBACK_FAILED'
    | (string & {});
  statusReason: string;
  createdAt: string;
  /** Of the revision that it brings; null when it could not be read. */
  targetTaskDefinition: string | null;
  /** Digests of the revision's images, by container. */
  targetDigests: { container: string; image: string; digest: string | null }[];
  circuitBreaker: { status: string; failures: number; threshold: number } | null;
  alarms: { status: string; triggered: string[] } | null;
  rollback: { reason: string; to: string | null } | null;
  /** BAKE_TIME, TEST_TRAFFIC_SHIFT …; null outside blue/green, canary and linear. */
  stage: string | null;
  /** Hooks that wait for somebody, by name. */
  awaiting: string[];
}

export interface ObservedContainer {
  name: string;
  image: string;
  digest: string | null;
  status: string;
  exitCode: number | null;
  /** ECS's own words: `OutOfMemoryError: Container killed due to memory usage`. */
  reason: string | null;
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' | (string & {});
}

export interface ObservedTask {
  /** The last part of its ARN: what names its log streams. */
  id: string;
  taskDefinition: string;
  startedBy: string;
  lastStatus: string;
  desiredStatus: string;
  health: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' | (string & {});
  createdAt: string;
  startedAt: string | null;
  stoppedAt: string | null;
  stopCode: string | null;
  stoppedReason: string | null;
  containers: ObservedContainer[];
}

/** Where a container writes its lines; null where its driver is another than awslogs or options are missing. */
export interface LogTarget {
  group: string;
  region: string;
  /** Null without `awslogs-stream-prefix`: then streams do not name their task. */
  prefix: string | null;
}

export interface ObservedDefinition {
  arn: string;
  family: string;
  revision: number;
  containers: {
    name: string;
    image: string;
    essential: boolean;
    hasHealthCheck: boolean;
    /** `awslogs`, `awsfirelens` …; null: none. */
    logDriver: string | null;
    logs: LogTarget | null;
  }[];
}

/** One look at one service. `nothing`: there is no service to look at, and why. */
export type Observation = { at: string } & (
  | { kind: 'nothing'; why: 'denied' | 'no-cluster' | 'no-service'; said: string }
  | {
      kind: 'service';
      service: ObservedService;
      /**
       * The tasks of the service that ECS still shows, running and stopped: those of PRIMARY, and those of any
       * deployment that were made since the moment that was asked for.
       */
      tasks: ObservedTask[];
      /** Those of the PRIMARY deployment and of the one under test, or of what may be it. */
      definitions: ObservedDefinition[];
      /** Newest first; empty where they may not be read or the service predates them. */
      serviceDeployments: ServiceDeployment[];
      /** Container instances of the cluster, for a DAEMON; null where it was not asked. */
      instances: number | null;
    }
);
