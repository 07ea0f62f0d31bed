import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { readBody } from '../shared/http.ts';
import { isObject, parseJson } from '../shared/json.ts';
import type { Accounts } from './accounts.ts';
import { ApiError, rateExceeded } from './api-error.ts';
import type { Clock } from './clock.ts';
import { authenticate, scopeOf } from './credential.ts';
import type { Fault, Faults } from './faults.ts';
import { grantedRate } from './limits.ts';
import { type Operation, operationOf } from './operations.ts';
import type { RequestLog } from './request-log.ts';
import type { Rollouts } from './rollouts/rollouts.ts';
import { assumedRoleXml, assumeRole, errorXml } from './sts/assume-role.ts';
import type { AwsWorld } from './world.ts';

/** What the API and the control endpoints work on. */
export interface Machine {
  world: AwsWorld;
  /** The time of everything in the answers; signatures and limits go by real time. */
  clock: Clock;
  accounts: Accounts;
  rollouts: Rollouts;
  faults: Faults;
  log: RequestLog;
}

/** A request as far as it could be read. */
interface Asked {
  headers: IncomingHttpHeaders;
  /** Undefined for one of STS, or that there is not. */
  operation: Operation | undefined;
  /** Such as DescribeServices; empty when there is none. */
  name: string;
  region: string;
  /** The form of a request of STS. */
  form: URLSearchParams | null;
  input: unknown;
}

interface Answer {
  status: number;
  contentType: string;
  body: string;
  error?: string;
}

const json = 'application/x-amz-json-1.1';

/**
 * The API of ECS and CloudWatch Logs (AWS JSON 1.1) and of STS (Query): faults first, then signature, permission,
 * limits, the answer.
 */
export class Dispatcher {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new Date().toISOString();
    const asked = await read(request);
    const { name, region, input } = asked;
    const fault = this.#machine.faults.strike(name, region);
    const answer = await this.#answer(response, asked, fault);
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
  async #answer(response: ServerResponse, asked: Asked, fault: Fault | undefined): Promise<Answer | null> {
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
    const answer = this.#try(asked, fault);
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'x-amzn-requestid': crypto.randomUUID(),
    });
    response.end(answer.body);
    return answer;
  }

  #try(asked: Asked, fault: Fault | undefined): Answer {
    const contentType = asked.form ? 'text/xml' : json;
    try {
      refuse(fault);
      const body = asked.form ? this.#assumeRole(asked, asked.form) : JSON.stringify(this.#serve(asked));
      return { status: 200, contentType, body };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, code, message } = error;
      const body = asked.form ? errorXml(error) : JSON.stringify({ __type: code, message });
      return { status, contentType, body, error: code };
    }
  }

  #serve({ headers, operation, input }: Asked): object {
    const { world, clock, accounts, rollouts } = this.#machine;
    if (!operation || !headers['content-type']?.startsWith(json))
      throw new ApiError('UnknownOperationException', '');
    const realNow = Date.now();
    const { account, region, session } = authenticate(headers, accounts, operation.service, realNow);
    if (account.denied.has(operation.name)) throw accessDenied(account.id, session, operation);
    const rate = world.limits[operation.bucket] ?? grantedRate(operation.bucket, region);
    account.limits.take(region, operation.bucket, rate, realNow);
    if (!isObject(input)) throw new ApiError('SerializationException', 'The body must be a JSON object.');
    const now = clock.now();
    rollouts.playUntil(now);
    return operation.run({ region: account.regions.get(region), world, now }, input);
  }

  #assumeRole({ headers, name }: Asked, form: URLSearchParams): string {
    const { accounts } = this.#machine;
    if (name !== 'AssumeRole' || form.get('Version') !== '2011-06-15')
      throw new ApiError(
        'InvalidAction',
        `Could not find operation ${name} for version ${form.get('Version')}`,
      );
    const now = Date.now();
    const { account, session } = authenticate(headers, accounts, 'sts', now);
    const caller = callerArn(account.id, session);
    if (account.denied.has('AssumeRole'))
      throw new ApiError('AccessDenied', `User: ${caller} is not authorized to perform: sts:AssumeRole`, 403);
    return assumedRoleXml(assumeRole(form, accounts, caller, now));
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { headers } = request;
  const region = scopeOf(headers)?.region ?? '';
  const body = await readBody(request);
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(body);
    const name = form.get('Action') ?? '';
    return { headers, operation: undefined, name, region, form, input: Object.fromEntries(form) };
  }
  const operation = operationOf(String(headers['x-amz-target'] ?? ''));
  const input = parseJson(body) ?? null;
  return { headers, operation, name: operation?.name ?? '', region, form: null, input };
}

const callerArn = (accountId: string, session: string) => `arn:aws:sts::${accountId}:assumed-role/${session}`;

function accessDenied(accountId: string, session: string, { service, name }: Operation): ApiError {
  const who = callerArn(accountId, session);
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
