import {
  buildOf,
  definitionOf,
  findRollout,
  isFresh,
  isNew,
  type Looked,
  ourRollouts,
} from './candidates.ts';
import { deploymentsOf } from './deployments.ts';
import type { EcsDeployment, ObservedTask, ServiceDeployment } from './observation.ts';
import { type Shown, showsRelease } from './shows-release.ts';

/**
 * Where the deployment under test stands:
 * - `missing`: nothing of it was seen
 * - `queued`: it is on its way, and PRIMARY is still the one from before
 * - `unproven`: PRIMARY is new, and nothing says whose it is
 * - `primary`: it is PRIMARY
 * - `replaced`: it was there, and PRIMARY is another
 */
export type Stage = 'missing' | 'queued' | 'unproven' | 'primary' | 'replaced';

export interface Identity {
  stage: Stage;
  /** Id of the deployment under test; null where it is not certain, or ECS shows it no more. */
  id: string | null;
  deployment: EcsDeployment | null;
  rollout: ServiceDeployment | null;
  primary: EcsDeployment | null;
  /** What PRIMARY says about the release. */
  shows: Shown;
  /** Whether PRIMARY came with or after the apply. */
  isNew: boolean;
}

const rollingBack = /rolling back/i;

/** Whether ECS made it to bring the one before back. */
export function bringsBack(deployment: EcsDeployment | null): boolean {
  return deployment !== null && rollingBack.test(deployment.rolloutStateReason);
}

/**
 * Tells the deployment under test from all others (facts: which deployment, which tasks). Once it was certain, it is
 * taken from the memory: whatever is PRIMARY afterwards is another. An old deployment with the same image is never
 * taken for it.
 */
export function identify(looked: Looked): Identity {
  const deployments = deploymentsOf(looked.observation.service);
  const primary = deployments.find(({ status }) => status === 'PRIMARY') ?? null;
  const shows = primary ? shownBy(looked, primary) : 'unknown';
  const about = { primary, shows, isNew: primary !== null && isNew(looked.expected, primary) };
  const known = looked.memory.deployment;
  const deployment = deployments.find(({ id }) => id === known) ?? null;
  if (known === null || (deployment && isMistaken(looked, deployment)))
    return atFirst(looked, deployments, about);
  const rollout = findRollout(looked, deployment);
  return { ...about, stage: primary?.id === known ? 'primary' : 'replaced', id: known, deployment, rollout };
}

/**
 * What was taken for ours at an earlier look may turn out not to be: its tag showed the commit, and what was pulled
 * since has another digest than the pipeline said; or the memory is that of an earlier apply.
 */
function isMistaken(looked: Looked, deployment: EcsDeployment): boolean {
  return !isNew(looked.expected, deployment) || shownBy(looked, deployment) === 'different';
}

function atFirst(
  looked: Looked,
  deployments: readonly EcsDeployment[],
  about: Pick<Identity, 'primary' | 'shows' | 'isNew'>,
): Identity {
  const { primary, shows } = about;
  const isBack = about.isNew && bringsBack(primary);
  const mayBeOurs = about.isNew && !isBack ? primary : null;
  if (mayBeOurs && shows === 'same') return { ...about, ...primaryAs('primary', looked, mayBeOurs) };
  const trace = traceOf(looked, deployments, primary);
  if (trace) return { ...about, ...trace, stage: isOnItsWay(looked, trace, about) ? 'queued' : 'replaced' };
  if (isBack)
    return { ...about, stage: 'replaced', id: null, deployment: null, rollout: findRollout(looked, null) };
  if (mayBeOurs && shows === 'unknown') return { ...about, ...primaryAs('unproven', looked, mayBeOurs) };
  return { ...about, stage: 'missing', id: null, deployment: null, rollout: null };
}

function primaryAs(stage: 'primary' | 'unproven', looked: Looked, primary: EcsDeployment) {
  const rollout = findRollout(looked, primary);
  return { stage, id: primary.id, deployment: primary, rollout };
}

function shownBy(looked: Looked, deployment: EcsDeployment): Shown {
  const definition = definitionOf(looked, deployment.taskDefinition);
  return showsRelease(buildOf(looked, deployment), looked.expected, looked.rules, definition);
}

type Trace = Pick<Identity, 'id' | 'deployment' | 'rollout'>;

/** What is left of our deployment where it is not PRIMARY: itself, its tasks, or its service deployment. */
function traceOf(
  looked: Looked,
  deployments: readonly EcsDeployment[],
  primary: EcsDeployment | null,
): Trace | null {
  const others = deployments.filter((one) => one.id !== primary?.id);
  const deployment =
    others.find((one) => isNew(looked.expected, one) && shownBy(looked, one) === 'same') ?? null;
  const listed = deployments.map(({ id }) => id);
  const task = looked.observation.tasks.find((one) => !listed.includes(one.startedBy) && isOurs(looked, one));
  const rollout = deployment ? findRollout(looked, deployment) : (tracedRollouts(looked, primary)[0] ?? null);
  if (!deployment && !task && !rollout) return null;
  return { id: deployment?.id ?? task?.startedBy ?? null, deployment, rollout };
}

/**
 * A new PRIMARY is no trace of another deployment: its own service deployment tells less of it than its tasks, for the
 * digests come to it later.
 */
function tracedRollouts(looked: Looked, primary: EcsDeployment | null): ServiceDeployment[] {
  const made =
    primary && isNew(looked.expected, primary) && !bringsBack(primary) ? findRollout(looked, primary) : null;
  return ourRollouts(looked, primary).filter(
    ({ arn, status }) => arn !== made?.arn || status.startsWith('ROLLBACK_'),
  );
}

/** A task of a deployment that ECS does not list any more. */
function isOurs(looked: Looked, { startedBy, taskDefinition, createdAt, containers }: ObservedTask): boolean {
  const { expected, rules } = looked;
  if (!startedBy.startsWith('ecs-svc/') || startedBy === expected.before?.primary) return false;
  if (!isFresh(expected, createdAt)) return false;
  const images = containers.map(({ name, image, digest }) => ({ container: name, image, digest }));
  const definition = definitionOf(looked, taskDefinition);
  return showsRelease({ taskDefinition, images }, expected, rules, definition) === 'same';
}

/** ECS has not made it PRIMARY yet: it waits for another, or traffic is shifted later. */
function isOnItsWay(
  { observation: { service } }: Looked,
  { deployment, rollout }: Trace,
  { isNew: isPrimaryNew }: { isNew: boolean },
): boolean {
  if (isPrimaryNew) return false;
  if (rollout) return rollout.status === 'PENDING' || rollout.status === 'IN_PROGRESS';
  return service.strategy !== 'ROLLING' && deployment?.rolloutState === 'IN_PROGRESS';
}
