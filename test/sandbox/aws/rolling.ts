import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import type { awsControl } from '../../../sandbox/aws/control-client.ts';
import { cluster, logGroup, service, started } from './started.ts';

type Wish = Parameters<ReturnType<typeof awsControl>['deploy']>[0];

const plenty = { burst: 100_000, perSecond: 100_000 };

/** A simulated AWS whose time stands still until it is stepped, with one service to be rolled. */
export async function rolling() {
  const all = await started({
    limits: { services: plenty, tasks: plenty, serviceDeployments: plenty, logEvents: plenty },
    background: [],
    ingestionDelayMs: 0,
  });
  const { control } = all;
  await control.setClock({ frozen: true });
  const [ecs, logs] = [all.ecs(), all.logs()];
  let begin = 0;

  const described = async () => {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const [found] = answer.services ?? [];
    if (!found) throw new Error('the service is gone');
    return found;
  };
  /** Oldest first. */
  const tasks = async () => {
    const arns: string[] = [];
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      const page = await ecs.send(new ListTasksCommand({ cluster, serviceName: service, desiredStatus }));
      arns.push(...(page.taskArns ?? []));
    }
    const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }));
    const began = ({ createdAt }: { createdAt?: Date | undefined }) => createdAt?.getTime() ?? 0;
    return (answer.tasks ?? []).sort((a, b) => began(a) - began(b));
  };
  /** The newest service deployment. */
  const rollout = async () => {
    const list = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
    const arn = list.serviceDeployments?.[0]?.serviceDeploymentArn ?? '';
    const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
    return answer.serviceDeployments?.[0];
  };
  return {
    ...all,
    ecsClient: ecs,
    described,
    tasks,
    rollout,
    /** Tasks of one deployment. */
    tasksOf: async (deployment: string | null) =>
      (await tasks()).filter(({ startedBy }) => startedBy === deployment),
    deploy: async (wish: Omit<Wish, 'cluster' | 'service'>) => {
      begin = Date.parse((await control.clock()).now);
      return await control.deploy({ cluster, service, image: 'registry.example/core:new', ...wish });
    },
    /** Goes to so many seconds after the rollout began; time never goes back. */
    goTo: async (seconds: number) => {
      const now = Date.parse((await control.clock()).now);
      await control.advance(begin + seconds * 1000 - now);
    },
    events: async () => ((await described()).events ?? []).map(({ message = '' }) => message),
    /** Every line of the group, with its stream and time. */
    lines: async (group = logGroup) => {
      const found: { stream: string; text: string; at: number }[] = [];
      const asked = { logGroupName: group, startTime: 0 };
      for await (const page of paginateFilterLogEvents({ client: logs }, asked))
        for (const { logStreamName = '', message = '', timestamp = 0 } of page.events ?? [])
          found.push({ stream: logStreamName, text: message, at: timestamp });
      return found;
    },
  };
}

export type Rolling = Awaited<ReturnType<typeof rolling>>;

/** A service at one moment, in few words: `new PRIMARY IN_PROGRESS 0/2`. */
export async function picture(at: Rolling, begun: { deployment: string | null; before: string | null }) {
  const { status, runningCount, desiredCount, deployments = [], taskSets = [] } = await at.described();
  const who = (id = '') => {
    if (id === begun.deployment) return 'new';
    return id === begun.before ? 'old' : 'other';
  };
  return {
    service: `${status} ${runningCount}/${desiredCount}`,
    parts: [
      ...deployments.map(
        (one) => `${who(one.id)} ${one.status} ${one.rolloutState} ${one.runningCount}/${one.desiredCount}`,
      ),
      ...taskSets.map(
        (one) =>
          `${who(one.id)} ${one.status} ${one.stabilityStatus} ${one.runningCount}/${one.computedDesiredCount}`,
      ),
    ],
  };
}
