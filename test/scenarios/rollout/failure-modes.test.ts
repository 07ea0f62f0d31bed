import { expect, test } from 'vitest';
import { ownTasks, type Play, play, proof } from './support.ts';

/** Every way in which tasks fail (facts: what each failure looks like), named in plain words with ECS's own. */

interface Case extends Play {
  says: string;
  row: number;
  /** How many stops it takes. */
  stops: number;
  /** The begin of ECS's own words. */
  verbatim: string;
  exitCode?: number;
  reason: string;
  remedy: string;
  /** A line that is shown. */
  line?: string;
}

const secret =
  "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:123456789012:secret:api/database from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.";
const exited = 'Essential container in task exited';
const looksAtLines =
  'The service owner looks into the last lines of the task, corrects it and deploys again.';
const looksAtMemory =
  'The service owner looks into the last lines of the task, and at its memory and how it stops.';

const cases: Case[] = [
  {
    says: 'the image is not in the registry',
    script: 'image-pull',
    row: 7,
    stops: 1,
    verbatim:
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref registry.example/api:',
    reason: 'The image could not be pulled: there is no such image or tag.',
    remedy:
      'The service owner pushes the image, or corrects its name in the task definition, and deploys again.',
  },
  {
    says: 'a secret does not exist',
    script: 'missing-secret',
    row: 7,
    stops: 1,
    verbatim: secret,
    reason: 'A secret that the task needs could not be read.',
    remedy:
      'The service owner checks that the secret exists and has a value; the platform team that the execution role may read it.',
  },
  {
    says: 'there is no network interface',
    script: 'eni',
    row: 7,
    stops: 1,
    verbatim: 'ResourceInitializationError: failed to configure ENI',
    reason: 'The task got no network interface.',
    remedy: 'The platform team checks subnets, free addresses and limits of network interfaces.',
  },
  {
    says: 'the log group does not exist',
    script: 'log-group-missing',
    row: 7,
    stops: 1,
    verbatim: 'ResourceInitializationError: failed to validate logger args',
    reason: 'The log group of the task is missing or cannot be reached.',
    remedy:
      'The platform team creates the log group, or lets the execution role create it, and checks the way to CloudWatch.',
  },
  {
    says: 'the command is not in the image',
    script: 'cannot-start',
    row: 7,
    stops: 1,
    verbatim: 'Task failed to start; api: CannotStartContainerError: Error response from daemon',
    reason: 'The container could not start: its command cannot be run.',
    remedy: 'The service owner corrects the command, or the image, and deploys again.',
  },
  {
    says: 'the image is for another processor',
    script: 'exec-format',
    row: 7,
    stops: 1,
    verbatim: 'Task failed to start; api: CannotStartContainerError: Error response from daemon',
    reason: 'The program in the image is built for another processor.',
    remedy: 'The service owner builds the image for the platform of the task and deploys again.',
  },
  {
    says: 'the app crashes on start',
    script: 'crash-loop',
    row: 8,
    stops: 2,
    verbatim: exited,
    exitCode: 1,
    reason: 'Tasks of the deployment keep stopping. The container api ended with exit code 1.',
    remedy: looksAtLines,
    line: 'manage.errors.ConfigurationError: TARIFF_SERVICE_URL is not set',
  },
  {
    says: 'the only task crashes on start',
    script: 'crash-no-breaker',
    tasks: 1,
    row: 8,
    stops: 1,
    verbatim: exited,
    exitCode: 1,
    reason: 'The only task of the deployment stopped. The container api ended with exit code 1.',
    remedy: looksAtLines,
    line: 'manage.errors.ConfigurationError: TARIFF_SERVICE_URL is not set',
  },
  {
    says: 'the app ends with exit code 0',
    script: 'exit-zero',
    row: 8,
    stops: 2,
    verbatim: exited,
    exitCode: 0,
    reason:
      'Tasks of the deployment keep stopping. The container api ended with exit code 0: a service must go on running.',
    remedy: looksAtLines,
    line: 'INFO  nothing to do, good bye',
  },
  {
    says: 'the app needs too much memory',
    script: 'out-of-memory',
    row: 8,
    stops: 2,
    verbatim: `${exited}; api: OutOfMemoryError: Container killed due to memory usage`,
    exitCode: 137,
    reason:
      'Tasks of the deployment keep stopping. The container used more memory than it may have and was killed.',
    remedy: 'The service owner raises its memory limit, or lowers what it uses, and deploys again.',
    line: 'WARN  memory at 93 % of 1024 MiB',
  },
  {
    says: 'the app is killed, and ECS does not say why',
    script: 'killed',
    row: 8,
    stops: 2,
    verbatim: exited,
    exitCode: 137,
    reason:
      'Tasks of the deployment keep stopping. The container api was killed (exit code 137): by the machine for its memory, or because it did not stop in time.',
    remedy: looksAtMemory,
    line: 'INFO  configuration loaded environment=production',
  },
  {
    says: 'the load balancer finds the app unhealthy',
    script: 'elb-health',
    rules: { soakSeconds: 120 },
    row: 8,
    stops: 2,
    verbatim: 'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1',
    reason: 'Tasks of the deployment keep stopping. The load balancer found the task unhealthy.',
    remedy:
      'The service owner checks the path, port and start-up time that the load balancer asks for, and the lines of the task.',
    line: 'INFO  Listening on port 8000',
  },
  {
    says: 'the health check of the container fails',
    script: 'container-health',
    row: 8,
    stops: 2,
    verbatim: 'Task failed container health checks',
    reason: 'Tasks of the deployment keep stopping. The health check of the container failed.',
    remedy: 'The service owner checks the health check of the task definition and the lines of the task.',
    line: 'WARN  GET /health 503 in 2 ms',
  },
];

test.each(cases.map((one) => [one.says, one] as const))(
  '%s',
  async (_, { row, stops, verbatim, exitCode, reason, remedy, line, ...how }) => {
    const played = await play(how);
    const { verdict, seconds, begun, looks } = played;
    expect(verdict).toMatchObject({ row, outcome: 'fail', reason, remedy, deployment: begun.deployment });
    expect(looks.slice(0, -1).filter((one) => one.verdict.outcome !== 'waiting')).toEqual([]);
    const [first] = verdict.failures;
    expect(first?.stoppedReason.slice(0, verbatim.length)).toBe(verbatim);
    if (exitCode !== undefined) expect(first).toMatchObject({ exitCode, container: 'api' });
    expect(proof(played.watch.last, 'First stopped task')).toContain(first?.task);
    const shown = verdict.excerpts.flatMap(({ lines }) => lines.map(({ text }) => text));
    if (line === undefined) expect(shown).toEqual([]);
    else expect(shown).toContain(line);
    const stopped = (await ownTasks(played)).flatMap(({ stopping }) => stopping ?? []).sort((a, b) => a - b);
    const visible = stopped[stops - 1] ?? Number.NaN;
    // Nobody waits for a second one where the first is enough, and nobody fails it before the second.
    expect(seconds).toBeGreaterThanOrEqual(visible);
    expect(seconds - visible).toBeLessThanOrEqual(row === 7 ? 10 : 15);
  },
);

test('a task that stopped for the scaling of the ones before counts for nothing', async () => {
  const played = await play({ script: 'healthy-fast' });
  expect(played.verdict).toMatchObject({ row: 14, outcome: 'pass', failures: [] });
  const { regions } = await played.town.control.state();
  const reasons = regions.flatMap(({ clusters }) =>
    clusters.flatMap(({ tasks }) => tasks.map(({ stoppedReason }) => stoppedReason)),
  );
  expect(reasons).toContain(`Scaling activity initiated by (deployment ${played.begun.deployment})`);
});
