import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError, isLocalRequest, listen, Router } from '../shared/http.ts';
import { Accounts } from './accounts.ts';
import { Clock } from './clock.ts';
import { addControl } from './control.ts';
import { Dispatcher, type Machine } from './dispatch.ts';
import { Faults } from './faults.ts';
import { RequestLog } from './request-log.ts';
import { Rollouts } from './rollouts/rollouts.ts';
import { type AwsWorld, defaultWorld, homeRegion } from './world.ts';

export type { AwsWorld } from './world.ts';

export interface AwsOptions {
  /** What differs from the default world. */
  world?: Partial<AwsWorld>;
  /** 0 or absent: a free one. */
  port?: number;
}

export interface SimulatedAws {
  /** The `endpoint` of all clients (AWS_ENDPOINT_URL_ECS, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS, AWS_ENDPOINT_URL_STS). */
  url: string;
  /** The one that it knows. */
  accessKeyId: string;
  /** Any will do: the signature is not computed again. */
  secretAccessKey: string;
  /** Where the default world is. */
  region: string;
  close: () => Promise<void>;
}

/** Sends what is posted to `/` to the API, the rest to the router. */
class Front extends Router {
  api: Dispatcher | undefined;

  override async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/' || !isLocalRequest(request) || !this.api)
      return await super.handle(request, response);
    try {
      await this.api.handle(request, response);
    } catch (error) {
      if (!(error instanceof HttpError)) console.error('simulated AWS: an operation failed', error);
      if (response.headersSent) return void response.destroy();
      const status = error instanceof HttpError ? error.status : 500;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'InternalFailure' }));
    }
  }
}

/**
 * Starts a simulated ECS, CloudWatch Logs and STS on 127.0.0.1, all at one address, with the limits and refusals of the
 * real ones. Times are real until the clock is told otherwise.
 */
export async function startAws(options: AwsOptions = {}): Promise<SimulatedAws> {
  // The pair that AWS's own documentation uses: no scanner takes it for a real one.
  const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const world = { ...defaultWorld(), ...options.world };
  const clock = new Clock();
  const machine: Machine = {
    world,
    clock,
    accounts: new Accounts(world, accessKeyId, clock.now()),
    rollouts: new Rollouts(),
    faults: new Faults(),
    log: new RequestLog(),
  };
  const front = new Front();
  front.api = new Dispatcher(machine);
  addControl(front, machine);
  const running = await listen(front, options.port ?? 0);
  return { url: running.url, accessKeyId, secretAccessKey, region: homeRegion, close: running.close };
}
