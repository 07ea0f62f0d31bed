import { lastPart } from '../../../../src/adapters/aws/rollouts/read.ts';
import { type Answers, Refusal } from './stub-ecs.ts';

/** Seconds since 1970, as ECS writes times: ten in the morning, in the virtual time of the tests. */
export const ten = Date.parse('2026-11-21T10:00:00.000Z') / 1000;

const arn = (rest: string) => `arn:aws:ecs:eu-west-1:123456789012:${rest}`;
export const definitionArn = (revision: number) => arn(`task-definition/app:${revision}`);
const taskArn = (id: string) => arn(`task/c/${id}`);
export const serviceDeploymentArn = (id: string) => arn(`service-deployment/c/${id}`);

export interface TownTask {
  id: string;
  service: string | null;
  startedBy: string;
  lastStatus?: string;
  desiredStatus?: string;
  revision?: number;
  stoppedReason?: string;
  /** Seconds since 1970; default: ten. Null: ECS does not say yet. */
  createdAt?: number | null;
}

export interface TownService {
  serviceName: string;
  deployments: ReturnType<typeof deployment>[];
  [member: string]: unknown;
}

/** A deployment as DescribeServices shows it. */
export function deployment(id: string, members: Record<string, unknown> = {}) {
  return {
    id,
    status: 'PRIMARY',
    taskDefinition: definitionArn(2),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    createdAt: ten,
    ...members,
  };
}

export function service(serviceName: string, members: Record<string, unknown> = {}): TownService {
  return {
    serviceName,
    status: 'ACTIVE',
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: { strategy: 'ROLLING' },
    deployments: [deployment('ecs-svc/2')],
    events: [],
    ...members,
  };
}

/** Services and tasks of a cluster, as the stub shows them. `pageSize` is that of ListTasks. */
export interface Town {
  services: TownService[];
  tasks: TownTask[];
  serviceDeployments: Record<string, Record<string, unknown>[]>;
  instances: number;
  pageSize: number;
}

export const emptyTown = (): Town => ({
  services: [],
  tasks: [],
  serviceDeployments: {},
  instances: 0,
  pageSize: 100,
});

const desiredOf = ({ lastStatus, desiredStatus }: TownTask) =>
  desiredStatus ?? (lastStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING');

/** What the stub answers for a town; the town may change between two looks. */
export function answersFor(town: Town): Answers {
  return {
    DescribeServices: ({ services }) => {
      const names = (services as string[]).map(lastPart);
      const found = town.services.filter(({ serviceName }) => names.includes(serviceName));
      const missing = names.filter((name) => !found.some(({ serviceName }) => serviceName === name));
      return {
        services: found,
        failures: missing.map((name) => ({ arn: arn(`service/c/${name}`), reason: 'MISSING' })),
      };
    },
    ListTasks: ({ serviceName, desiredStatus, nextToken = '0' }) => {
      const found = town.tasks.filter(
        (task) =>
          (serviceName === undefined || task.service === serviceName) && desiredOf(task) === desiredStatus,
      );
      const at = Number(nextToken);
      const page = found.slice(at, at + town.pageSize).map(({ id }) => taskArn(id));
      return {
        taskArns: page,
        ...(at + town.pageSize < found.length ? { nextToken: String(at + town.pageSize) } : {}),
      };
    },
    DescribeTasks: ({ tasks }) => {
      if ((tasks as string[]).length > 100) throw new Refusal('InvalidParameterException');
      const ids = (tasks as string[]).map(lastPart);
      const found = town.tasks.filter(({ id }) => ids.includes(id));
      const missing = ids.filter((id) => !found.some((task) => task.id === id));
      return {
        tasks: found.map(taskJson),
        failures: missing.map((id) => ({ arn: taskArn(id), reason: 'MISSING' })),
      };
    },
    DescribeTaskDefinition: ({ taskDefinition }) => ({
      taskDefinition: {
        taskDefinitionArn: taskDefinition,
        family: 'app',
        revision: Number(String(taskDefinition).split(':').at(-1)),
        containerDefinitions: [{ name: 'app', image: 'app:1', essential: true }],
      },
    }),
    ListServiceDeployments: ({ service: name }) => ({
      serviceDeployments: (town.serviceDeployments[String(name)] ?? []).map((one) => ({
        serviceDeploymentArn: one['serviceDeploymentArn'],
        createdAt: one['createdAt'],
        status: one['status'],
      })),
    }),
    DescribeServiceDeployments: ({ serviceDeploymentArns }) => {
      if ((serviceDeploymentArns as string[]).length > 20) throw new Refusal('InvalidParameterException');
      const all = Object.values(town.serviceDeployments).flat();
      return {
        serviceDeployments: (serviceDeploymentArns as string[]).flatMap(
          (wanted) => all.find((one) => one['serviceDeploymentArn'] === wanted) ?? [],
        ),
        failures: [],
      };
    },
    DescribeServiceRevisions: ({ serviceRevisionArns }) => ({
      serviceRevisions: (serviceRevisionArns as string[]).map((serviceRevisionArn) => ({
        serviceRevisionArn,
        taskDefinition: definitionArn(2),
        containerImages: [{ containerName: 'app', image: 'app:2', imageDigest: `sha256:${'b'.repeat(64)}` }],
      })),
    }),
    ListContainerInstances: () => ({
      containerInstanceArns: Array.from({ length: town.instances }, (_, i) =>
        arn(`container-instance/c/${i}`),
      ),
    }),
  };
}

function taskJson({ id, service: of, startedBy, lastStatus = 'RUNNING', revision = 2, ...task }: TownTask) {
  return {
    taskArn: taskArn(id),
    group: of === null ? 'family:cron' : `service:${of}`,
    startedBy,
    lastStatus,
    desiredStatus: desiredOf({ id, service: of, startedBy, lastStatus, ...task }),
    taskDefinitionArn: definitionArn(revision),
    healthStatus: 'UNKNOWN',
    ...(task.createdAt !== null && { createdAt: task.createdAt ?? ten }),
    ...(lastStatus === 'STOPPED' ? { stoppedAt: ten + 60, stopCode: 'EssentialContainerExited' } : {}),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    containers: [
      { name: 'app', image: 'app:2', lastStatus, ...(lastStatus === 'STOPPED' ? { exitCode: 1 } : {}) },
    ],
  };
}

/** A service deployment as ECS describes it. */
export function serviceDeployment(id: string, members: Record<string, unknown> = {}) {
  return {
    serviceDeploymentArn: serviceDeploymentArn(id),
    status: 'IN_PROGRESS',
    createdAt: ten,
    targetServiceRevision: { arn: arn(`service-revision/c/${id}`) },
    ...members,
  };
}
