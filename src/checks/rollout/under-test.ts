import type { Evidence } from '../../core/finding.ts';
import type { Observation, ObservedDefinition, ObservedTask } from '../../core/rollout/observation.ts';
import type { RolloutSubject } from '../../core/rollout/watch.ts';

/** The label of the evidence that says when ECS began with the deployment; its value is ISO 8601 UTC. */
export const rolloutBegan = 'Deployment began';

/** The deployment under test in what was seen of its service. */
export interface UnderTest {
  id: string;
  /** ISO 8601 UTC; null where ECS shows only its tasks by now. */
  createdAt: string | null;
  definition: ObservedDefinition | null;
  /** So many of its tasks are to run. */
  wanted: number;
  /** Running and stopped ones. */
  tasks: ObservedTask[];
}

/** Null before it is certain which deployment is meant, or where there is no service. */
export function underTest(observation: Observation, id: string | null): UnderTest | null {
  if (observation.kind !== 'service' || id === null) return null;
  const { service, tasks, definitions } = observation;
  const deployment = service.deployments.find((one) => one.id === id);
  const found = deployment ?? service.taskSets.find((one) => one.id === id);
  const own = tasks.filter((task) => task.startedBy === id);
  const arn = found?.taskDefinition ?? own[0]?.taskDefinition;
  return {
    id,
    createdAt: found?.createdAt ?? null,
    definition: definitions.find((one) => one.arn === arn) ?? null,
    wanted: deployment?.desired ?? service.desired,
    tasks: own,
  };
}

/** Where people see the service itself, and since when its deployment is under way. */
export function whereToLook({ place }: RolloutSubject, found: UnderTest | null, now: Date): Evidence[] {
  const { cluster, service } = place;
  const at = now.toISOString();
  const page: Evidence = {
    label: 'ECS service',
    value: `${cluster}/${service}`,
    url: servicePage(place),
    at,
  };
  if (!found?.createdAt) return [page];
  return [page, { label: rolloutBegan, value: found.createdAt, url: null, at: found.createdAt }];
}

/** The page of AWS's console where people see the service's deployments and tasks. */
function servicePage({ region, cluster, service }: RolloutSubject['place']): string {
  // A cluster may be given by its ARN; the page wants its name.
  const name = cluster.split('/').at(-1) ?? cluster;
  const path = `clusters/${encodeURIComponent(name)}/services/${encodeURIComponent(service)}/health`;
  return `https://${region}.console.aws.amazon.com/ecs/v2/${path}?region=${encodeURIComponent(region)}`;
}
