import type { RolloutMemory } from './memory.ts';
import type {
  EcsDeployment,
  Observation,
  ObservedDefinition,
  ObservedTask,
  ServiceDeployment,
} from './observation.ts';
import type { RolloutRules } from './rules.ts';
import { type Build, type SeenImage, showsRelease } from './shows-release.ts';
import type { Expectation } from './verdict.ts';

/** What of a service may belong to the release: by time, by what was there before, by what it brings. */

export type ObservedWhole = Extract<Observation, { kind: 'service' }>;

/** What is needed to find the deployment under test. */
export interface Looked {
  observation: ObservedWhole;
  expected: Expectation;
  rules: RolloutRules;
  memory: RolloutMemory;
}

/** Clocks differ, and an apply is told late: so much earlier than it a deployment may have been made, in ms (facts). */
const slackMs = 2 * 60_000;
/** A service deployment and the deployment that it makes carry times so close to each other, in ms. */
const togetherMs = 10_000;

/** What happened before this says nothing of a deployment that came with the apply. */
export function freshFrom({ appliedAt }: Pick<Expectation, 'appliedAt'>): Date {
  return new Date(Date.parse(appliedAt) - slackMs);
}

/** Made since the apply began. */
export function isFresh(expected: Expectation, createdAt: string): boolean {
  return Date.parse(createdAt) >= freshFrom(expected).getTime();
}

/**
 * Made since the apply began, and not there before it. A snapshot that was taken only after the apply had begun may
 * show the new deployment itself: of one that began after the apply, that proves nothing.
 * @param wasSeen whether the snapshot shows it
 */
function cameWithApply(expected: Expectation, createdAt: string, wasSeen: boolean): boolean {
  const { appliedAt, before } = expected;
  if (!isFresh(expected, createdAt)) return false;
  if (!before || !wasSeen) return true;
  return Date.parse(before.at) > Date.parse(appliedAt) && Date.parse(createdAt) >= Date.parse(appliedAt);
}

/** Whether a deployment came with the apply: never one from before it, whatever it brings. */
export function isNew(
  expected: Expectation,
  { id, createdAt }: Pick<EcsDeployment, 'id' | 'createdAt'>,
): boolean {
  return cameWithApply(expected, createdAt, expected.before?.primary === id);
}

export function definitionOf({ observation }: Looked, arn: string): ObservedDefinition | null {
  return observation.definitions.find((one) => one.arn === arn) ?? null;
}

/** Tasks of a deployment: by who started them or, where that is not told, by what and when (facts). */
export function tasksOf(
  { tasks }: ObservedWhole,
  { id, taskDefinition, createdAt }: Pick<EcsDeployment, 'id' | 'taskDefinition' | 'createdAt'>,
): ObservedTask[] {
  return tasks.filter(
    (task) =>
      task.startedBy === id ||
      (task.startedBy === '' &&
        task.taskDefinition === taskDefinition &&
        Date.parse(task.createdAt) >= Date.parse(createdAt)),
  );
}

/** What a deployment brings, from all that shows it. */
export function buildOf(looked: Looked, deployment: EcsDeployment): Build {
  const { taskDefinition } = deployment;
  const defined = definitionOf(looked, taskDefinition)?.containers ?? [];
  const run = tasksOf(looked.observation, deployment).flatMap(({ containers }) => containers);
  const made = rolloutOf(looked, deployment);
  const brought = made?.targetTaskDefinition === taskDefinition ? made.targetDigests : [];
  return {
    taskDefinition,
    images: [
      ...defined.map(({ name, image }): SeenImage => ({ container: name, image, digest: null })),
      ...run.map(({ name, image, digest }) => ({ container: name, image, digest })),
      ...brought,
    ],
  };
}

/** Those that came with the apply, newest first. */
function freshRollouts({ observation, expected }: Looked): ServiceDeployment[] {
  return observation.serviceDeployments
    .filter(({ arn, createdAt }) =>
      cameWithApply(expected, createdAt, expected.before?.serviceDeployment === arn),
    )
    .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}

/**
 * The service deployment that made this deployment: the newest that is not younger. One that brings another task
 * definition made it only by rolling back, and then there is nothing to learn from it but that.
 */
function rolloutOf(looked: Looked, { taskDefinition, createdAt }: EcsDeployment): ServiceDeployment | null {
  const made = freshRollouts(looked).find(
    (one) => Date.parse(one.createdAt) <= Date.parse(createdAt) + togetherMs,
  );
  if (!made) return null;
  const bringsIt = (made.targetTaskDefinition ?? taskDefinition) === taskDefinition;
  return bringsIt || made.status.startsWith('ROLLBACK_') ? made : null;
}

/** The service deployment of this deployment; of one that ECS shows no more, the newest that may be the release's. */
export function findRollout(looked: Looked, deployment: EcsDeployment | null): ServiceDeployment | null {
  if (deployment) return rolloutOf(looked, deployment);
  const fresh = freshRollouts(looked);
  const shown = (one: ServiceDeployment) => showsRelease(broughtBy(one), looked.expected, looked.rules, null);
  return fresh.find((one) => shown(one) === 'same') ?? fresh.find((one) => shown(one) === 'unknown') ?? null;
}

/** Service deployments since the apply that bring the release, newest first; not that of a PRIMARY from before it. */
export function ourRollouts(looked: Looked, primary: EcsDeployment | null): ServiceDeployment[] {
  const { expected, rules } = looked;
  const since = primary && !isNew(expected, primary) ? Date.parse(primary.createdAt) : null;
  return freshRollouts(looked).filter((one) => {
    const { targetTaskDefinition: target, createdAt } = one;
    const definition = target === null ? null : definitionOf(looked, target);
    const isLater = since === null || Date.parse(createdAt) > since;
    return isLater && showsRelease(broughtBy(one, definition), expected, rules, definition) === 'same';
  });
}

function broughtBy(
  { targetTaskDefinition, targetDigests }: ServiceDeployment,
  definition: ObservedDefinition | null = null,
): Build {
  const defined = definition?.containers ?? [];
  const images = defined.map(({ name, image }): SeenImage => ({ container: name, image, digest: null }));
  return { taskDefinition: targetTaskDefinition, images: [...images, ...targetDigests] };
}
