import type { Region } from './region.ts';
import type { AwsWorld } from './world.ts';

/** One authenticated request as an operation sees it. */
export interface Call {
  region: Region;
  world: AwsWorld;
  /** Ms since 1970, by the simulated clock. */
  now: number;
}
