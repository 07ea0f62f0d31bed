/** How the tasks of a rollout write their logs. */
export const logBehaviours = [
  'normal',
  'none',
  'late',
  'dropped',
  'failure-line',
  'missing-success',
  'migration-ok',
  'migration-fails',
  'migration-none-pending',
  'migration-hangs',
  'contradictory',
] as const;

export type LogBehaviour = (typeof logBehaviours)[number];

/** A line that somebody wants tasks to write. */
export interface OwnLine {
  /** Ms after the task has started. */
  afterMs: number;
  text: string;
  /** Name of the container; default: the main one. */
  container?: string;
  /** Which task of the deployment, from 0 in the order of their start; default: each. */
  task?: number;
}

/** What is asked of a rollout, beside its script. */
export interface RolloutWish {
  /** Another image registers another revision of the task definition. */
  image?: string;
  /** Made from the image when absent. */
  digest?: string;
  /** A registered one, by `family:revision` or ARN, instead of `image`. */
  taskDefinition?: string;
  desired?: number;
  /** How many times as fast as in reality it goes; default 1. Times stay those of the clock. */
  pace?: number;
  /** So long ago it began; default 0, or what the script says. */
  agoMs?: number;
  logs?: LogBehaviour;
  /** Instead of the lines that the script has tasks write. */
  lines?: OwnLine[];
  /** Name of a container beside the main one that migrates; `migrate` when true. */
  migration?: boolean | string;
  healthCheck?: boolean;
  /** Tasks stand behind a load balancer: 2 min 30 until they count, a minute to drain. Default: as the script says. */
  loadBalancer?: boolean;
  breaker?: { enable: boolean; rollback: boolean };
  logGroup?: string;
  /** Null: none, so that streams do not name their task. */
  streamPrefix?: string | null;
  logDriver?: 'awslogs' | 'awsfirelens';
}
