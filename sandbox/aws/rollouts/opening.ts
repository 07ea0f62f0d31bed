import { HttpError } from '../../shared/http.ts';
import { digestOf, newDeployment, register, usualRules } from '../ecs/deployments.ts';
import type { Deployment, Service, TaskSet } from '../ecs/entities.ts';
import { asTaskSet } from '../ecs/fleet.ts';
import { definitionArn, partArn } from '../ecs/names.ts';
import type { Task, TaskDefinition } from '../ecs/task.ts';
import { definitionIn } from '../ecs/task-definitions.ts';
import type { Region } from '../region.ts';
import { Course, lastCompleted, type Scene } from './course.ts';
import type { Script } from './script.ts';
import type { Stage } from './stage.ts';
import type { RolloutWish } from './wish.ts';

/** What a rollout began with. */
export interface Begin {
  /** Id of the new deployment or task set; null where none is made. */
  deployment: string | null;
  /** ARNs. */
  serviceDeployment: string | null;
  taskDefinition: string;
  /** Image digest of the new tasks. */
  digest: string;
  /** Id of the PRIMARY from before; null: there was none. */
  before: string | null;
}

/**
 * Makes a service ready for a script and writes the whole course of its rollout. Throws HttpError 404 for a task
 * definition that there is not, 409 for a service that cannot roll.
 */
export function courseOf(
  stage: Stage,
  script: Script,
  wish: RolloutWish,
  now: number,
): { course: Course; begin: Begin } {
  const { region, cluster, service } = stage;
  const last = lastOf(service);
  if (!last) throw new HttpError(409, `service ${service.name} has no deployment to begin from`);
  const { begins = 'deployment' } = script;
  const definition = begins === 'nothing' ? last.definition : definitionFor(stage, last, script, wish, now);
  const digest = begins === 'nothing' ? last.digest : digestFor(last, definition, wish);
  const told = { taskDefinition: definitionArn(region, definition), digest, before: last.id };
  if (begins === 'nothing' || begins === 'revision') {
    const { course } = write(stage, script, wish, now, definition, digest);
    return { course, begin: { ...told, deployment: null, serviceDeployment: null } };
  }
  prepare(region, service, script, wish);
  const { course, scene } = write(stage, script, wish, now, definition, digest);
  const { deployment, rollout } = scene;
  const serviceDeployment =
    begins === 'deployment' ? partArn(region, cluster, service, 'service-deployment', rollout.id) : null;
  return { course, begin: { ...told, deployment: deployment.id, serviceDeployment } };
}

/** Writes the course; twice where it has to be over by now, for only then it is known how long it takes. */
function write(
  stage: Stage,
  script: Script,
  wish: RolloutWish,
  now: number,
  definition: TaskDefinition,
  digest: string,
): { course: Course; scene: Scene } {
  const { pace = 1, agoMs = 0 } = wish;
  const at = (begin: number, faster: number) => {
    const scene = sceneOf(stage, wish, begin, faster, definition, digest);
    const course = new Course(scene);
    if ((script.begins ?? 'deployment') === 'deployment') open(course);
    script.play(course);
    return { course, scene };
  };
  if (script.overIn === undefined) return at(now - agoMs, pace);
  const begin = now - Math.max(agoMs, script.overIn);
  const end = Math.max(...at(begin, 1).course.changes.map((change) => change.at));
  // A little earlier than now, so that it is over whatever was rounded.
  return at(begin, Math.max(1, (end - begin) / (now - begin - 2000)));
}

function sceneOf(
  { region, cluster, service }: Stage,
  wish: RolloutWish,
  begin: number,
  pace: number,
  definition: TaskDefinition,
  digest: string,
): Scene {
  const { deployment, rollout } = newDeployment(region, service, definition, digest, begin);
  const before: (Deployment | TaskSet)[] = [...service.deployments, ...service.taskSets];
  const oldTasks: Task[] = cluster.tasks
    .ofService(service.name)
    .filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  return { region, service, begin, pace, deployment, rollout, before, oldTasks, wish };
}

/** ECS has a new PRIMARY at once, with its service deployment and revision. */
function open(course: Course): void {
  const { deployment, rollout } = course.scene;
  const { revision: id, definition, digest, createdAt } = deployment;
  course.add(0, {
    kind: 'rollout-added',
    rollout,
    revision: { id, definition, digest, createdAt, isResolved: false },
  });
  course.add(0, { kind: 'deployment-added', deployment });
}

function lastOf(service: Service): Deployment | TaskSet | undefined {
  return service.deployments[0] ?? service.taskSets.find(({ status }) => status === 'PRIMARY');
}

/** The revision that is brought: a registered one, or the next one where image or settings differ. */
function definitionFor(
  { region, service }: Stage,
  last: Deployment | TaskSet,
  script: Script,
  wish: RolloutWish,
  now: number,
): TaskDefinition {
  if (wish.taskDefinition !== undefined) {
    const found = definitionIn(region, wish.taskDefinition);
    if (!found) throw new HttpError(404, `no task definition ${wish.taskDefinition} in ${region.name}`);
    return found;
  }
  // What a deployment that failed has brought is not carried on.
  const like = lastCompleted(service)?.definition ?? last.definition;
  const healthCheck = wish.healthCheck ?? script.healthCheck;
  const missing = script.missesLogGroup ? `${like.logGroup}-missing` : undefined;
  const logGroup = wish.logGroup ?? missing;
  const change: Partial<TaskDefinition> = {
    ...(wish.image === undefined ? {} : { image: wish.image }),
    ...(healthCheck === undefined ? {} : { hasHealthCheck: healthCheck }),
    ...(logGroup === undefined ? {} : { logGroup }),
    ...(wish.streamPrefix === undefined ? {} : { streamPrefix: wish.streamPrefix }),
    ...(wish.logDriver === undefined ? {} : { logDriver: wish.logDriver }),
    ...(wish.migration === undefined ? {} : { migration: migrationOf(wish.migration) }),
  };
  const differs = Object.entries(change).some(
    ([key, value]) => last.definition[key as keyof TaskDefinition] !== value,
  );
  return differs ? register(region, like, change, now) : last.definition;
}

function migrationOf(wished: boolean | string): string | null {
  if (typeof wished === 'string') return wished;
  return wished ? 'migrate' : null;
}

function digestFor(last: Deployment | TaskSet, definition: TaskDefinition, wish: RolloutWish): string {
  if (wish.digest !== undefined) return wish.digest;
  return definition.image === last.definition.image ? last.digest : digestOf(definition.image);
}

/** What Terraform changes of the service before ECS starts anything. */
function prepare(region: Region, service: Service, script: Script, wish: RolloutWish): void {
  const breaker = wish.breaker ?? script.rules?.breaker;
  service.rules = { ...usualRules, ...script.rules, ...(breaker ? { breaker } : {}) };
  service.controller = script.controller ?? service.controller;
  service.scheduling = script.scheduling ?? service.scheduling;
  if (script.begins === 'task-set') asTaskSet(service);
  else if (service.controller !== 'ECS')
    throw new HttpError(
      409,
      `service ${service.name} is moved by ${service.controller}: use a script for it`,
    );
  const loadBalancer = wish.loadBalancer ?? script.loadBalancer;
  if (loadBalancer !== undefined) service.targetGroup = loadBalancer ? targetGroupOf(region, service) : null;
  const wished = wish.desired ?? service.desiredCount;
  service.desiredCount = script.desired ? script.desired(wished) : wished;
}

function targetGroupOf(region: Region, { name }: Service): string {
  return region.arn('elasticloadbalancing', `targetgroup/${name}/943f017f100becff`);
}
