import { ecsClients } from '../../../../src/adapters/aws/ecs-clients.ts';
import { EcsRollouts } from '../../../../src/adapters/aws/rollouts/ecs-rollouts.ts';
import type { Observation } from '../../../../src/core/rollout/observation.ts';
import type { Look } from '../../../../src/core/rollout/sources.ts';
import { options } from '../stage.ts';
import { stubEcs } from './stub-ecs.ts';
import { answersFor, emptyTown, type Town, type TownTask } from './town.ts';
import { virtualTime } from './virtual-time.ts';

/** Where the tests look. */
export const home = { account: null, region: 'eu-west-1' };
/** The question about a service; `under` is the deployment under test, null while it is not known. */
export const ask = (name: string, under: string | null = 'ecs-svc/2', cluster = 'c') => ({
  cluster,
  service: name,
  deployment: under,
  since: new Date(0),
});

/** The reader under test, before an ECS that shows this town, in time that moves only when somebody waits. */
export async function look(town: Partial<Town>) {
  const time = virtualTime();
  const whole = { ...emptyTown(), ...town };
  const ecs = await stubEcs(answersFor(whole), time.now);
  const rollouts = new EcsRollouts(ecsClients(options, []), time);
  return { time, town: whole, ecs, rollouts };
}

/** What was observed of a service that is there; anything else fails the test. */
export function seen(answer: Look | undefined): Extract<Observation, { kind: 'service' }> {
  if (!answer || !('observation' in answer) || answer.observation.kind !== 'service')
    throw new Error(`No service: ${JSON.stringify(answer)}`);
  return answer.observation;
}

/** `count` running tasks of a service. */
export const tasksOf = (name: string, count: number, startedBy = 'ecs-svc/2'): TownTask[] =>
  Array.from({ length: count }, (_, i) => ({ id: `${name}-${i}`, service: name, startedBy }));
