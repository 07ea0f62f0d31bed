import { guarded } from './bearer.ts';
import { gateRoute } from './gate-route.ts';
import type { RolloutApiDeps } from './rollout-api-deps.ts';
import { rolloutRoutes } from './rollout-routes.ts';
import type { Route } from './server.ts';
import { snapshotRoute } from './snapshot-route.ts';

/** The bot's HTTP interface for pipelines (C1, C5): begin a validation, ask for its verdict, ask for a gate. */
export function rolloutApi(deps: RolloutApiDeps): Route[] {
  return guarded([...rolloutRoutes(deps), snapshotRoute(deps), gateRoute(deps)], deps.token, deps);
}
