import type { Cluster, Service } from '../ecs/entities.ts';
import type { Region } from '../region.ts';

/** Where a rollout happens. */
export interface Stage {
  region: Region;
  cluster: Cluster;
  service: Service;
}
