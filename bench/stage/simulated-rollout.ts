import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs';
import { awsControl } from '../../sandbox/aws/control-client.ts';
import { startAws } from '../../sandbox/aws/server.ts';
import type { Stage } from './process.ts';

export const place = { account: null, region: 'eu-west-1', cluster: 'main', service: 'core' };
const own = { region: place.region, cluster: place.cluster, service: place.service };
/** What ran before, and what is deployed. */
export const ranBefore = '0'.repeat(40);
export const commit = '1'.repeat(40);
const image = (sha: string) => `registry.example/core:${sha}`;

type Script = Parameters<ReturnType<typeof awsControl>['deploy']>[0]['script'];

/**
 * A simulated AWS whose time stands until it is moved, and one service of two tasks in it. Limits are by real time and
 * would be met here without a reason: there are none.
 */
export async function startSimulatedRollout(stage: Stage) {
  const plenty = { burst: 1_000_000, perSecond: 1_000_000 };
  const limits = { services: plenty, tasks: plenty, serviceDeployments: plenty, logEvents: plenty };
  const aws = await startAws({ world: { services: [], background: [], limits } });
  stage.defer(() => aws.close());
  const control = awsControl(aws.url);
  const { now } = await control.setClock({ frozen: true });
  await control.addService({
    region: own.region,
    cluster: own.cluster,
    name: own.service,
    image: image(ranBefore),
  });
  let time = Date.parse(now);
  const config = {
    endpoint: aws.url,
    region: place.region,
    credentials: { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
  };
  const [ecs, logs] = [new ECSClient(config), new CloudWatchLogsClient(config)];
  stage.defer(() => {
    ecs.destroy();
    logs.destroy();
  });
  return {
    ecs,
    logs,
    now: () => new Date(time),
    /** Leaps so many seconds ahead. */
    move: async (seconds: number) => {
      await control.advance(seconds * 1_000);
      time += seconds * 1_000;
    },
    /** Begins to bring {@link commit}. */
    deploy: (script: Script) => control.deploy({ ...own, image: image(commit), script }),
    /** The tasks of one deployment that ECS shows now. */
    tasksOf: async (deployment: string | null): Promise<Task[]> => {
      const { cluster, service: serviceName } = place;
      const pages = await Promise.all(
        (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
          ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus })),
        ),
      );
      const tasks = pages.flatMap(({ taskArns = [] }) => taskArns);
      if (tasks.length === 0) return [];
      const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
      return (answer.tasks ?? []).filter(({ startedBy }) => startedBy === deployment);
    },
  };
}

export type SimulatedRollout = Awaited<ReturnType<typeof startSimulatedRollout>>;
