import { listen, Router } from '../shared/http.ts';
import { addControl } from './control.ts';
import { Endpoint } from './endpoint.ts';
import { Faults } from './faults.ts';
import { Limits } from './limits.ts';
import { addPages } from './pages.ts';
import { RequestLog } from './request-log.ts';
import { resolversOf } from './resolvers.ts';
import { schemaWith } from './schema.ts';
import { Workspace } from './workspace.ts';
import { defaultWorld, type LinearWorld } from './world.ts';

export type { LinearWorld } from './world.ts';

export interface LinearOptions {
  /** 0 or absent: a free one. */
  port?: number;
  /** What differs from the default world. */
  world?: Partial<LinearWorld>;
  /** 60: the budgets refill sixty times faster. Default 1. */
  timeScale?: number;
}

export interface SimulatedLinear {
  /** Address of the GraphQL endpoint, to be used as LINEAR_API_URL. */
  url: string;
  /** The one personal API key that it knows. */
  apiKey: string;
  close: () => Promise<void>;
}

/**
 * Starts a simulated Linear on 127.0.0.1: the part of the GraphQL API that a release bot needs, with the refusals,
 * budgets and rewriting of Markdown that Linear has (facts/linear.md), faults, and a page for each issue.
 */
export async function startLinear(options: LinearOptions = {}): Promise<SimulatedLinear> {
  const apiKey = 'lin_api_sandbox';
  const router = new Router();
  const running = await listen(router, options.port ?? 0);
  const workspace = new Workspace({ ...defaultWorld(), ...options.world }, running.url);
  const limits = new Limits(workspace, options.timeScale ?? 1);
  const schema = schemaWith(resolversOf(workspace, limits));
  const machine = { workspace, limits, faults: new Faults(), log: new RequestLog() };
  const endpoint = new Endpoint({ ...machine, schema, apiKey });
  router.add('POST', '/graphql', ({ request, response }) => endpoint.handle(request, response));
  addControl(router, machine);
  addPages(router, workspace);
  return {
    url: `${running.url}/graphql`,
    apiKey,
    close: async () => {
      workspace.close();
      await running.close();
    },
  };
}
