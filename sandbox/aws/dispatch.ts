import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { readBody } from '../shared/http.ts';
import { isObject, parseJson } from '../shared/json.ts';
import { ApiError, rateExceeded } from './api-error.ts';
import { authenticate, scopeOf } from './credential.ts';
import type { Fault, Faults } from './faults.ts';
import { grantedRate, Limits } from './limits.ts';
import { type Operation, operationOf } from './operations.ts';
import type { RequestLog } from './request-log.ts';
import type { AwsWorld, Regions } from './world.ts';

/** What the API and the control endpoints work on. */
export interface Machine {
  world: AwsWorld;
  regions: Regions;
  faults: Faults;
  log: RequestLog;
  limits: Limits;
  /** Names of the operations that the caller may not use. */
  denied: Set<string>;
  accessKeyId: string;
}

interface Answer {
  status: number;
  body: object;
  error?: string;
}

const contentType = 'application/x-amz-json-1.1';

/** The API of ECS and CloudWatch Logs (AWS JSON 1.1): faults first, then signature, permission, limits, the answer. */
export class Dispatcher {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new Date().toISOString();
    const target = String(request.headers['x-amz-target'] ?? '');
    const region = scopeOf(request.headers)?.region ?? '';
    const operation = operationOf(target);
    const name = operation?.name ?? '';
    const input = parseJson(await readBody(request)) ?? null;
    const fault = this.#machine.faults.strike(name, region);
    const answer = await this.#answer(request, response, operation, input, fault);
    this.#machine.log.add({
      at,
      operation: name,
      region,
      input,
      status: answer?.status ?? null,
      ...(answer?.error === undefined ? {} : { error: answer.error }),
      ...(fault ? { fault: fault.kind } : {}),
    });
  }

  /** Sends the answer and gives it; null when the connection was cut. */
  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    operation: Operation | undefined,
    input: unknown,
    fault: Fault | undefined,
  ): Promise<Answer | null> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const wait = fault && waits(fault);
    if (wait)
      await pause(wait, undefined, { ref: false, signal: gone.signal }).catch((error: unknown) => {
        if (!gone.signal.aborted) throw error;
      });
    if ((fault && cuts(fault)) || response.destroyed) {
      response.socket?.resetAndDestroy();
      return null;
    }
    const answer = this.#try(request, operation, input, fault);
    response.writeHead(answer.status, {
      'content-type': contentType,
      'x-amzn-requestid': crypto.randomUUID(),
    });
    response.end(JSON.stringify(answer.body));
    return answer;
  }

  #try(
    request: IncomingMessage,
    operation: Operation | undefined,
    input: unknown,
    fault: Fault | undefined,
  ): Answer {
    try {
      refuse(fault);
      return { status: 200, body: this.#serve(request, operation, input) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, code, message } = error;
      return { status, body: { __type: code, message }, error: code };
    }
  }

  #serve(request: IncomingMessage, operation: Operation | undefined, input: unknown): object {
    const { world, regions, limits, denied, accessKeyId } = this.#machine;
    if (!operation || !request.headers['content-type']?.startsWith(contentType))
      throw new ApiError('UnknownOperationException', '');
    const now = Date.now();
    const scope = authenticate(request.headers, accessKeyId, operation.service, now);
    if (denied.has(operation.name)) throw accessDenied(world.accountId, operation);
    const rate = world.limits[operation.bucket] ?? grantedRate(operation.bucket, scope.region);
    limits.take(scope.region, operation.bucket, rate, now);
    if (!isObject(input)) throw new ApiError('SerializationException', 'The body must be a JSON object.');
    return operation.run({ region: regions.get(scope.region), world, now }, input);
  }
}

function accessDenied(accountId: string, { service, name }: Operation): ApiError {
  const who = `arn:aws:sts::${accountId}:assumed-role/gonogo/sandbox`;
  const action = `${service}:${name}`;
  return new ApiError(
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
  );
}

function waits({ kind, delayMs }: Fault): number {
  if (kind === 'slow') return delayMs ?? 2000;
  return kind === 'acceptThenTimeout' ? (delayMs ?? 600_000) : 0;
}

const cuts = ({ kind }: Fault) => kind === 'reset' || kind === 'outage' || kind === 'acceptThenTimeout';

/** Throws what a fault has AWS answer, if it does. */
function refuse(fault: Fault | undefined): void {
  if (fault?.kind === 'throttle') throw rateExceeded();
  if (fault?.kind === 'http500')
    throw new ApiError(
      'InternalFailure',
      'The request processing has failed because of an unknown error.',
      500,
    );
  if (fault?.kind === 'http503')
    throw new ApiError('ServiceUnavailableException', 'The service cannot complete the request.', 503);
}
