import { describe, expect, test } from 'vitest';
import type { StopKind } from '../../../src/core/rollout/stop-causes.ts';
import { meaningOf, type Stop, type StoppedContainer } from '../../../src/core/rollout/stopped-reason.ts';
import { failureOf, meaningOfFailure } from '../../../src/core/rollout/task-failures.ts';
import { container, definition, task } from './support.ts';

const inside = (parts: Partial<StoppedContainer> = {}): StoppedContainer => ({
  name: 'app',
  exitCode: null,
  reason: null,
  essential: true,
  ...parts,
});
const stop = (
  stopCode: string | null,
  stoppedReason: string | null,
  ...containers: StoppedContainer[]
): Stop => ({
  stopCode,
  stoppedReason,
  containers: containers.length > 0 ? containers : [inside()],
});
const unstarted = (reason: string) => stop('TaskFailedToStart', reason);
const exited = (...containers: StoppedContainer[]) =>
  stop('EssentialContainerExited', 'Essential container in task exited', ...containers);

const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/gpuaas-platform-control:1a2b3c4d';
const init = 'ResourceInitializationError:';
const daemon = 'Error response from daemon:';
const noLogGroup = 'ResourceNotFoundException: The specified log group does not exist.';

const cases: [what: string, stop: Stop, kind: StopKind, cause: RegExp, remedy: RegExp][] = [
  [
    'a tag that is not in the registry',
    unstarted(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
    ),
    'image-pull',
    /no such image or tag/,
    /service owner/,
  ],
  [
    'a registry that denies access',
    unstarted(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: unexpected status code: 403 Forbidden`,
    ),
    'image-pull',
    /denies access/,
    /platform team/,
  ],
  [
    'a registry that says neither',
    unstarted(
      `CannotPullContainerError: ${daemon} pull access denied for app, repository does not exist or may require 'docker login'`,
    ),
    'image-pull',
    /does not exist, or/,
    /service owner.*platform team/,
  ],
  [
    'a registry that cannot be reached',
    unstarted(
      `CannotPullContainerError: ${daemon} Get "https://registry/v2/": dial tcp: lookup registry on 10.0.0.2:53: no such host`,
    ),
    'image-pull',
    /could not be reached/,
    /NAT/,
  ],
  [
    'a registry with a limit',
    unstarted(`CannotPullContainerError: ${daemon} toomanyrequests: You have reached your pull rate limit.`),
    'image-pull',
    /no more pulls/,
    /platform team/,
  ],
  [
    'an image for another processor',
    unstarted(
      `CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'`,
    ),
    'image-pull',
    /not built for the processor/,
    /service owner/,
  ],
  [
    'an image that does not fit on the disk',
    unstarted(
      'CannotPullContainerError: failed to register layer: write /usr/lib/a.so: no space left on device',
    ),
    'image-pull',
    /disk is full/,
    /platform team/,
  ],
  [
    'a pull without a known reason',
    unstarted('CannotPullECRContainerError: something else'),
    'image-pull',
    /^The image could not be pulled\.$/,
    /service owner/,
  ],
  [
    'a pull that only the container tells',
    stop(
      'TaskFailedToStart',
      'Task failed to start',
      inside({ reason: `CannotPullContainerError: ${image}: not found` }),
    ),
    'image-pull',
    /no such image/,
    /service owner/,
  ],
  [
    'a secret without access',
    unstarted(
      `${init} unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException`,
    ),
    'resource-init',
    /secret/,
    /execution role/,
  ],
  [
    'a login that cannot be fetched',
    unstarted(
      `${init} unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s)`,
    ),
    'resource-init',
    /login to the image registry/,
    /ECR/,
  ],
  [
    'a network interface that is missing',
    unstarted(
      'Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled in subnet: InsufficientFreeAddressesInSubnet',
    ),
    'resource-init',
    /network interface/,
    /subnets/,
  ],
  [
    'a log group that is missing, on Fargate',
    unstarted(
      `${init} failed to validate logger args: create stream has been retried 1 times: ${noLogGroup}`,
    ),
    'resource-init',
    /log group/,
    /log group/,
  ],
  [
    'a log group that is missing, on EC2',
    unstarted(
      `CannotStartContainerError: ${daemon} failed to initialize logging driver: failed to create Cloudwatch log stream: ${noLogGroup}`,
    ),
    'resource-init',
    /log group/,
    /log group/,
  ],
  [
    'another resource that is missing',
    unstarted(`${init} failed to invoke EFS utils commands to set up EFS volumes`),
    'resource-init',
    /before its start/,
    /platform team/,
  ],
  [
    'a command that is not in the image',
    unstarted(
      `CannotStartContainerError: ${daemon} failed to create task for container: exec: "/app/server": stat /app/server: no such file or directory`,
    ),
    'cannot-start',
    /command cannot be run/,
    /service owner/,
  ],
  [
    'a port that is taken',
    unstarted(`CannotStartContainerError: ${daemon} Bind for 0.0.0.0:80 failed: port is already allocated`),
    'cannot-start',
    /port is taken/,
    /platform team/,
  ],
  [
    'a container that waits for one that failed',
    unstarted('CannotStartContainerError: dependent container migrate exited with non-zero status'),
    'cannot-start',
    /depends on/,
    /service owner/,
  ],
  [
    'a container that does not start in time',
    unstarted('ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m'),
    'cannot-start',
    /could not start/,
    /service owner/,
  ],
  [
    'a program of another processor',
    exited(inside({ exitCode: 1, reason: 'exec /usr/local/bin/app: exec format error' })),
    'exec-format',
    /another processor/,
    /platform of the task/,
  ],
  [
    'a program that ends with an error',
    exited(inside({ exitCode: 3 })),
    'essential-exit',
    /app ended with exit code 3\./,
    /last lines/,
  ],
  [
    'a program that ends well',
    exited(inside({ exitCode: 0 })),
    'essential-exit',
    /must go on running/,
    /service owner/,
  ],
  [
    'a command that is not found',
    exited(inside({ exitCode: 127 })),
    'essential-exit',
    /not found/,
    /service owner/,
  ],
  [
    'an end without an exit code',
    exited(),
    'essential-exit',
    /An essential container ended\./,
    /service owner/,
  ],
  [
    'too little memory',
    exited(inside({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' })),
    'out-of-memory',
    /more memory/,
    /memory limit/,
  ],
  [
    'a kill without a reason',
    exited(inside({ exitCode: 137 })),
    'killed',
    /was killed \(exit code 137\)/,
    /memory/,
  ],
  [
    'a load balancer that gives up',
    stop(
      'ServiceSchedulerInitiated',
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/app/1)',
      inside({ exitCode: 137 }),
    ),
    'elb-health',
    /load balancer/,
    /path, port/,
  ],
  [
    'a health check of the container',
    stop('ServiceSchedulerInitiated', 'Task failed container health checks', inside({ exitCode: 143 })),
    'container-health',
    /health check of the container/,
    /service owner/,
  ],
  [
    'a task that is not needed any more',
    stop(
      'ServiceSchedulerInitiated',
      'Scaling activity initiated by (deployment ecs-svc/2)',
      inside({ exitCode: 137 }),
    ),
    'benign',
    /not needed/,
    /^$/,
  ],
  [
    'a Spot machine that AWS takes back',
    stop('SpotInterruption', 'Your Spot Task was interrupted.', inside({ exitCode: 143 })),
    'benign',
    /not needed/,
    /^$/,
  ],
  [
    'a machine that AWS retires',
    stop('TerminationNotice', 'Your Task is being stopped for maintenance.'),
    'benign',
    /not needed/,
    /^$/,
  ],
  [
    'somebody who stops it',
    stop('UserInitiated', 'Task stopped by user'),
    'unknown',
    /Somebody/,
    /release engineer/,
  ],
  [
    'a machine that goes away',
    stop(null, 'Host EC2 (instance i-0abc) terminated.'),
    'unknown',
    /machine/,
    /platform team/,
  ],
  [
    'no capacity',
    unstarted('Capacity is unavailable at this time. Please try again later'),
    'unknown',
    /no room/,
    /platform team/,
  ],
  [
    'words that nobody knows',
    stop('SomethingNew', 'The moon is full.'),
    'unknown',
    /not known here/,
    /service owner/,
  ],
  ['no words at all', stop(null, null), 'unknown', /not known here/, /service owner/],
];

test.each(cases)('%s is told in plain words, with who does what', (_what, stopped, kind, cause, remedy) => {
  const meaning = meaningOf(stopped);
  expect(meaning.kind).toBe(kind);
  expect(meaning.cause).toMatch(cause);
  expect(meaning.remedy).toMatch(remedy);
});

test.each(cases)(
  '%s means the same when it is only remembered',
  (_what, { stopCode, stoppedReason, containers }, kind) => {
    const stopped = task('a', {
      stopCode,
      stoppedReason,
      containers: containers.map(({ name, exitCode, reason }) => container({ name, exitCode, reason })),
    });
    const failure = failureOf(stopped, definition());
    if (kind === 'benign') expect(failure).toBeNull();
    else expect(failure && meaningOfFailure(failure).kind).toBe(kind);
  },
);

describe('which container began it', () => {
  const sidecar = (exitCode: number) => inside({ name: 'sidecar', exitCode });

  test.each([
    ['an error before one that was killed after it', [sidecar(137), inside({ exitCode: 1 })], 'app', 1],
    ['an error before one that ended in order', [sidecar(0), inside({ exitCode: 2 })], 'app', 2],
    ['a kill before one that ended in order', [sidecar(0), inside({ exitCode: 137 })], 'app', 137],
    ['an end by itself before one that was asked to stop', [sidecar(143), inside({ exitCode: 0 })], 'app', 0],
    [
      'an essential one before another',
      [{ ...sidecar(1), essential: false }, inside({ exitCode: 0 })],
      'app',
      0,
    ],
  ])('%s', (_what, containers, name, exitCode) => {
    expect(meaningOf(exited(...containers))).toMatchObject({ container: name, exitCode });
  });

  test('the one that ran out of memory, whichever ended with an error', () => {
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    const found = meaningOf(exited(sidecar(1), inside({ exitCode: 137, reason })));
    expect(found).toMatchObject({ kind: 'out-of-memory', container: 'app', exitCode: 137 });
  });
});

test('a failure keeps the words of ECS, those about the container behind them', () => {
  const stopped = task('a', {
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [container({ exitCode: 137, reason: 'OutOfMemoryError: killed' })],
  });
  expect(failureOf(stopped, definition())?.stoppedReason).toBe(
    'Essential container in task exited; app: OutOfMemoryError: killed',
  );
});
