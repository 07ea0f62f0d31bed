import type { Case } from '../case.ts';
import { startPostgres } from '../stage/postgres.ts';
import { fleetRows } from './rollouts-fleet.ts';
import { regionRows } from './rollouts-region.ts';
import { verdictRows } from './rollouts-verdict.ts';

/** How soon a rollout is judged. */
export const rolloutVerdicts: Case = {
  name: 'rollout-verdicts',
  about: `in simulated time, which is always the same: what is said of a rollout and after how many seconds, with the real SDK
on a simulated ECS whose clock is stepped. The watch begins 0 to 10 s after the rollout, and each time its first verdict counts.
Beside it services-stable, the waiter of the same SDK with its own conditions: before each poll the clock leaps 15 s ahead, its
shortest delay; it polls for 600 s, as aws ecs wait does.`,
  run: (stage, { quick }) => verdictRows(stage, quick),
};

/** How many are watched at once, in what memory and by how many calls. */
export const rolloutFleet: Case = {
  name: 'rollout-fleet',
  about: `in real time, against an AWS with its real limits in a process of its own: one worker with a real store has 1,000 services
in each of five regions to watch, all opened within seconds, judged by ECS alone and ended by nothing while it is measured; beside
it one rollout alone, as whoever watches each for itself would do for every one. A look is late from the moment it was due until
AWS is asked, and what it waits for its turn counts. A first look has no time at which it was promised: how long it took until each
had had one stands by itself. Everything counts from the first that is opened on.`,
  run: async (stage, { rounds, quick }) => fleetRows(stage, await startPostgres(stage), rounds, quick),
};

/** A thousand in one account and region, within what AWS grants them. */
export const rolloutRegion: Case = {
  name: 'rollout-region',
  about: `in real time, against the same AWS: 1,000 rollouts of one region to their ends with a log rule, and once more while AWS
refuses some calls.`,
  run: async (stage, { rounds, quick }) => regionRows(stage, await startPostgres(stage), rounds, quick),
};
