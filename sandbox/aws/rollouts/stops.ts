/** Why a task stops, in the words of ECS. */
export interface Stop {
  code:
    | 'TaskFailedToStart'
    | 'EssentialContainerExited'
    | 'ServiceSchedulerInitiated'
    | 'SpotInterruption'
    | 'TerminationNotice';
  reason: string;
  exitCode: number | null;
  containerReason: string | null;
}

const exited = (exitCode: number, containerReason: string | null = null): Stop => ({
  code: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
  exitCode,
  containerReason,
});

const neverStarted = (reason: string, containerReason: string | null = null): Stop => ({
  code: 'TaskFailedToStart',
  reason,
  exitCode: null,
  containerReason,
});

const scheduled = (reason: string, exitCode: number): Stop => ({
  code: 'ServiceSchedulerInitiated',
  reason,
  exitCode,
  containerReason: null,
});

/** What a stop may name: things of the service that rolls. */
export interface About {
  image: string;
  service: string;
  region: string;
  accountId: string;
  targetGroup: string;
  deployment: string;
}

/** Every stop that scripts have (facts: what each failure looks like). */
export const stops = {
  crash: () => exited(1),
  exitZero: () => exited(0),
  outOfMemory: () => exited(137, 'OutOfMemoryError: Container killed due to memory usage'),
  killed: () => exited(137),
  imagePull: ({ image }: About) => {
    const text = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
    return neverStarted(text, text);
  },
  missingSecret: ({ region, accountId, service }: About) =>
    neverStarted(
      `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:${region}:${accountId}:secret:${service}/database from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    ),
  eni: () =>
    neverStarted(
      'ResourceInitializationError: failed to configure ENI: failed to setup regular eni: netplugin failed with no error message',
    ),
  logGroupMissing: () =>
    neverStarted(
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    ),
  cannotStart: () =>
    neverStarted(
      'Task failed to start',
      'CannotStartContainerError: Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/app/bin/start": stat /app/bin/start: no such file or directory: unknown',
    ),
  execFormat: () =>
    neverStarted(
      'Task failed to start',
      'CannotStartContainerError: Error response from daemon: failed to create task for container: exec /app/bin/start: exec format error',
    ),
  elbHealth: ({ targetGroup }: About) =>
    scheduled(`Task failed ELB health checks in (target-group ${targetGroup})`, 143),
  containerHealth: () => scheduled('Task failed container health checks', 143),
  scaling: ({ deployment }: Pick<About, 'deployment'>) =>
    scheduled(`Scaling activity initiated by (deployment ${deployment})`, 0),
  spot: (): Stop => ({
    code: 'SpotInterruption',
    reason: 'Your Spot Task was interrupted.',
    exitCode: 143,
    containerReason: null,
  }),
  termination: (): Stop => ({
    code: 'TerminationNotice',
    reason: 'Your Spot Task was interrupted by a termination notice.',
    exitCode: 143,
    containerReason: null,
  }),
} as const;

export type StopName = keyof typeof stops;
