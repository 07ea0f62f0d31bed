import { controlCall } from '../shared/control-call.ts';
import type { DeployWish } from './pipelines.ts';
import type { ProductionState } from './state.ts';

/** Steers the production of the sandbox at `url`. Each method rejects with the endpoint's own words. */
export function productionControl(url: string) {
  const call = controlCall(url);
  return {
    state: () => call<ProductionState>('GET', 'state'),
    /** Starts the pipeline of one region; it goes on by itself. */
    deploy: (wish: DeployWish) => call<ProductionState>('POST', 'deploy', wish),
    /** Puts a fix on the release branch: another commit is on its way. */
    bringFix: () => call<ProductionState>('POST', 'fix', {}),
  };
}
