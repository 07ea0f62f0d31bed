import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLocalRequest, listen, Router } from '../shared/http.ts';
import { Dispatcher } from './api/dispatch.ts';
import { addControl } from './control.ts';
import { addReviewControl } from './control-review.ts';
import { Entities } from './entities.ts';
import { ReviewEntities } from './entities-review.ts';
import { Faults } from './faults.ts';
import { Forge } from './forge.ts';
import { HookPayloads } from './hook-payloads.ts';
import { Limits } from './limits.ts';
import { MergeRequests } from './merge-requests.ts';
import { addPages } from './pages.ts';
import { RequestLog } from './request-log.ts';
import { Runner } from './runner.ts';
import { followDeliveries } from './shipping.ts';
import { type DeploymentView, viewDeployment } from './snapshot.ts';
import { type HookSettings, Webhooks } from './webhooks.ts';
import { defaultWorld, type GitLabWorld } from './world.ts';

export type { GitLabWorld, ProjectSpec } from './world.ts';

export interface GitLabOptions {
  /** What differs from the example's world (16 projects and the root bf-dev). */
  world?: Partial<GitLabWorld>;
  /** 0 or absent: a free one. */
  port?: number;
  /** 60: pipelines and rate windows run sixty times faster. Default 1. */
  timeScale?: number;
  webhook?: HookSettings;
}

export interface SimulatedGitLab {
  /** Address of the instance, to be used as GITLAB_URL. */
  url: string;
  /** The one token that it knows, with access as each project says. */
  token: string;
  setWebhook: (hook: HookSettings | undefined) => void;
  /** Hears of each deployment as it changes, e.g. to put its commit on a simulated web site. */
  onDeployment: (listener: (deployment: DeploymentView) => void) => void;
  close: () => Promise<void>;
}

/** Sends API requests to the API, the rest to the router. */
class Front extends Router {
  api: Dispatcher | undefined;

  override async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (!path.startsWith('/api/') || !isLocalRequest(request) || !this.api)
      return await super.handle(request, response);
    try {
      await this.api.handle(request, response, new URL(path, `http://${request.headers.host}`));
    } catch (error) {
      console.error('simulated GitLab: a route failed', error);
      if (response.headersSent) response.destroy();
      else
        response
          .writeHead(500, { 'content-type': 'application/json' })
          .end('{"message":"500 Internal Server Error"}');
    }
  }
}

/**
 * Starts a simulated GitLab on 127.0.0.1: REST API, pipelines that live, webhooks, limits and faults as
 * facts/gitlab.md has them. It is a simulation: nothing is built and nothing is deployed.
 */
export async function startGitLab(options: GitLabOptions = {}): Promise<SimulatedGitLab> {
  const token = 'sandbox-gitlab-token';
  const front = new Front();
  const running = await listen(front, options.port ?? 0);
  const forge = new Forge({ ...defaultWorld(), ...options.world }, options.timeScale ?? 1);
  // First of all listeners: what a job or a deployment causes is there before anybody hears of it.
  followDeliveries(forge);
  const runner = new Runner(forge);
  const entities = new Entities(forge, running.url);
  const review = new ReviewEntities(entities);
  const mergeRequests = new MergeRequests(forge);
  const faults = new Faults();
  const log = new RequestLog();
  const webhooks = new Webhooks(forge, new HookPayloads(forge, entities), faults, running.url);
  webhooks.configure(options.webhook);
  const machine = { forge, runner, entities, review, mergeRequests, faults, webhooks, log };
  const limits = new Limits(forge);
  front.api = new Dispatcher({ forge, runner, limits, entities, review, mergeRequests }, faults, log, token);
  addControl(front, machine);
  addReviewControl(front, machine);
  addPages(front, machine);
  return {
    url: running.url,
    token,
    setWebhook: (hook) => webhooks.configure(hook),
    onDeployment: (listener) =>
      void forge.subscribe((change) => {
        if (change.kind === 'deployment') listener(viewDeployment(change.deployment));
      }),
    close: async () => {
      webhooks.close();
      forge.close();
      await running.close();
    },
  };
}
