import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import type { Digest } from '../../core/ids.ts';
import type { Clock, Logger, Store } from '../../core/ports.ts';
import type { Rollouts } from '../../core/rollout/sources.ts';

/** What the routes for pipelines work with. */
export interface RolloutApiDeps {
  /** GONOGO_API_TOKEN; null: every route answers 404 with what to set. */
  token: string | null;
  store: Store;
  catalogue: Catalogue;
  digest: Digest;
  /** Looks at ECS for a snapshot. */
  rollouts: Pick<Rollouts, 'snapshot'>;
  /** Address of a promotion's message in Slack; null while it has none. */
  threadOf(promotion: string): Promise<string | null>;
  now: Clock;
  log: Logger;
}

/** Who did it, in the record: a pipeline is nobody's Slack user. */
export const pipelineActor = 'pipeline';
