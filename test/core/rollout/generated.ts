import fc from 'fast-check';
import type { LookedAt } from '../../../src/core/rollout/judge.ts';
import type {
  EcsDeployment,
  Observation,
  ObservedTask,
  ServiceDeployment,
} from '../../../src/core/rollout/observation.ts';
import {
  at,
  definition,
  definitionArn,
  deployment,
  event,
  expectation,
  lines,
  lookedAt,
  observed,
  oldDeployment,
  rollout,
  rules,
  snapshot,
  stoppedTask,
  task,
  taskSet,
} from './support.ts';

/** Looks at services in any state, more often a likely one, as ECS might show them. */

export type Generated = Omit<LookedAt, 'memory'>;

const often = <T>(likely: T, ...others: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(likely) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const id = often('ecs-svc/2', 'ecs-svc/1', 'ecs-svc/3');
const revision = often(42, 41).map(definitionArn);
const health = often('UNKNOWN', 'HEALTHY', 'UNHEALTHY');

const running = fc
  .record({
    health,
    startedBy: often('ecs-svc/2', 'ecs-svc/1', 'ecs-svc/3', ''),
    lastStatus: often('RUNNING', 'PENDING', 'PROVISIONING', 'DEACTIVATING'),
    createdAt: fc.constantFrom(at(12), at(-300), at(90)),
  })
  .map((parts) => task('', parts));

const stopped = fc
  .record({
    startedBy: often('ecs-svc/2', 'ecs-svc/1'),
    stop: fc.constantFrom(
      ['EssentialContainerExited', 'Essential container in task exited'],
      ['TaskFailedToStart', 'CannotPullContainerError: not found'],
      ['TaskFailedToStart', 'ResourceInitializationError: unable to pull secrets'],
      ['ServiceSchedulerInitiated', 'Task failed ELB health checks in (target-group x)'],
      ['SpotInterruption', 'Your Spot Task was interrupted.'],
      ['SomethingNew', ''],
    ),
    exitCode: fc.constantFrom(0, 1, 137, 143, null),
  })
  .map(({ startedBy, stop: [stopCode = '', stoppedReason = ''], exitCode }) =>
    stoppedTask('', { startedBy, stopCode, stoppedReason }, { exitCode }),
  );

const named = (list: readonly ObservedTask[]) => list.map((one, index) => ({ ...one, id: `task-${index}` }));
const tasks = fc
  .tuple(
    often([task(''), task('')], [task('')], []),
    fc.array(running, { maxLength: 2 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(stopped, { maxLength: 2 }) },
    ),
  )
  .map((lists) => named(lists.flat()));

/** What never changes of a deployment. */
const made = fc.record({
  taskDefinition: revision,
  createdAt: often(at(10), at(-60), at(-300), at(200)),
});
const madeById = fc.record({ 'ecs-svc/1': made, 'ecs-svc/2': made, 'ecs-svc/3': made });

const primary = fc
  .record({
    id,
    status: often('PRIMARY', 'ACTIVE'),
    running: often(2, 1, 0),
    rolloutState: fc.constantFrom('IN_PROGRESS', 'COMPLETED', 'COMPLETED', 'FAILED', null),
    rolloutStateReason: often('', 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.'),
  })
  .map(deployment);

const rollouts = fc.oneof(
  { weight: 2, arbitrary: fc.constant<ServiceDeployment[]>([]) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        status: fc.constantFrom(
          'SUCCESSFUL',
          'IN_PROGRESS',
          'PENDING',
          'STOPPED',
          'ROLLBACK_SUCCESSFUL',
          'ROLLBACK_IN_PROGRESS',
        ),
        stage: fc.constantFrom(null, 'BAKE_TIME', 'SCALE_UP'),
      })
      .map((parts) => [rollout({ ...parts, createdAt: at(-61) })]),
  },
);

const service = fc.record({
  status: fc.oneof(
    { weight: 30, arbitrary: fc.constant('ACTIVE') },
    { weight: 1, arbitrary: fc.constant('DRAINING') },
  ),
  controller: fc.oneof(
    { weight: 12, arbitrary: fc.constant('ECS') },
    { weight: 1, arbitrary: fc.constant('EXTERNAL') },
  ),
  strategy: often('ROLLING', 'CANARY'),
  scheduling: fc.oneof(
    { weight: 12, arbitrary: fc.constant('REPLICA') },
    { weight: 1, arbitrary: fc.constant('DAEMON') },
  ),
  desired: often(2, 1, 0, 3),
  stability: often('STEADY_STATE', 'STABILIZING'),
});

const whole: fc.Arbitrary<Observation> = fc
  .record({ service, primary, tasks, rollouts, hasOld: fc.boolean(), isUnplaced: often(false, true) })
  .map(({ service: { stability, ...parts }, primary: first, hasOld, isUnplaced, ...rest }) =>
    observed({
      ...rest,
      service: { ...parts, taskSets: parts.controller === 'ECS' ? [] : [taskSet({ stability })] },
      deployments:
        parts.controller === 'ECS'
          ? [first, ...(hasOld && first.id !== 'ecs-svc/1' ? [oldDeployment()] : [])]
          : [],
      events: isUnplaced ? [event(100, '(service app) was unable to place a task because …')] : [],
      definitions: [definition(42), definition(41)],
    }),
  );

const nothing: fc.Arbitrary<Observation> = fc
  .constantFrom('denied' as const, 'no-cluster' as const, 'no-service' as const)
  .map((why) => ({ kind: 'nothing', at: at(60), why, said: '' }));

const observation = fc.oneof({ weight: 30, arbitrary: whole }, { weight: 1, arbitrary: nothing });

const about = fc.record({
  expected: fc
    .record({ before: often(snapshot(), null), taskDefinition: fc.constantFrom(null, 'app:42') })
    .map(expectation),
  rules: fc.record({ emptyPasses: fc.boolean(), soakSeconds: fc.constantFrom(0, 30) }).map(rules),
});
const logs = often(null, lines('pass'), lines('waiting'), lines('fail'), lines('inconclusive'));

type MadeById = Record<string, Pick<EcsDeployment, 'taskDefinition' | 'createdAt'>>;

function withMade(observation: Observation, byId: MadeById): Observation {
  if (observation.kind === 'nothing') return observation;
  const { service } = observation;
  const deployments = service.deployments.map((one) => ({ ...one, ...byId[one.id] }));
  return { ...observation, service: { ...service, deployments } };
}

/** Looks in a row at one rollout, 5 to 300 s apart. */
export const looks: fc.Arbitrary<Generated[]> = fc
  .tuple(
    about,
    madeById,
    fc.array(fc.record({ observation, logs, apart: fc.integer({ min: 5, max: 300 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map(([parts, byId, list]) => {
    let seconds = 20;
    return list.map((one) => {
      seconds += one.apart;
      const seen = withMade(one.observation, byId);
      const { memory, ...looked } = lookedAt(seconds, seen, { ...parts, logs: one.logs });
      return looked;
    });
  });
