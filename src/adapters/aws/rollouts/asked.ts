import type { ObservedService } from '../../../core/rollout/observation.ts';
import type { RolloutQuestion } from '../../../core/rollout/sources.ts';

export type Place = Pick<RolloutQuestion, 'cluster' | 'service'>;

/** A service that is looked at, as DescribeServices showed it. */
export interface Asked {
  /** Names it in its account and region. */
  key: string;
  cluster: string;
  /** Its name or ARN, as it was asked for. */
  name: string;
  service: ObservedService;
  /** What happened to it before is not needed. */
  since: Date;
  /** Ids of its deployments under test, where they are known. */
  underTest: readonly string[];
}

/** Names a service in its account and region. */
export function keyOf({ cluster, service }: Place): string {
  return JSON.stringify([cluster, service]);
}
