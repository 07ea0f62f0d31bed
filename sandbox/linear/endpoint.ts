import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { readBody, sendJson } from '../shared/http.ts';
import { parseJson } from '../shared/json.ts';
import { type Asked, type Outcome, operationsOf, readAsked, refusal, run } from './execution.ts';
import type { Fault, Faults } from './faults.ts';
import { type Limits, rateLimited } from './limits.ts';
import { invalidInput, keyAsBearer, notAuthenticated } from './problems.ts';
import type { RequestLog } from './request-log.ts';
import type { Workspace } from './workspace.ts';

export interface EndpointParts {
  workspace: Workspace;
  schema: GraphQLSchema;
  limits: Limits;
  faults: Faults;
  log: RequestLog;
  apiKey: string;
}

/** `POST /graphql`: faults first, then the key, the budgets and the document, and the answer or what becomes of it. */
export class Endpoint {
  readonly #parts: EndpointParts;

  constructor(parts: EndpointParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults, log } = this.#parts;
    const began = performance.now();
    const at = new Date().toISOString();
    const asked = asRead(request, await readBody(request));
    const readable = asked instanceof GraphQLError ? undefined : asked;
    const operations = readable ? operationsOf(readable) : [];
    const fault = faults.strike(operations);
    const outcome = await this.#outcome(request, asked, fault);
    const status = await this.#send(response, outcome, fault);
    log.add({
      at,
      operations,
      query: readable?.query ?? '',
      variables: readable?.variables ?? {},
      complexity: outcome?.complexity ?? null,
      status,
      errors: (status === null ? [] : (outcome?.body.errors ?? [])).map((error) =>
        String(error.extensions?.['code']),
      ),
      ms: performance.now() - began,
      ...(fault ? { fault: fault.kind } : {}),
    });
  }

  /** What is answered; undefined when nothing is done at all. */
  async #outcome(
    request: IncomingMessage,
    asked: Asked | GraphQLError,
    fault: Fault | undefined,
  ): Promise<Outcome | undefined> {
    const { workspace, schema, limits } = this.#parts;
    const wait = (workspace.settings.latencyMs ?? 0) + (fault?.kind === 'slow' ? (fault.delayMs ?? 2000) : 0);
    if (wait > 0) await pause(wait);
    if (fault && ['http500', 'timeout', 'reset', 'outage'].includes(fault.kind)) return undefined;
    try {
      this.#authenticate(request);
      if (fault?.kind === 'ratelimited')
        throw rateLimited(workspace, 'requests', limits.status('requests').allowed);
      limits.request();
      if (asked instanceof GraphQLError) throw asked;
      return await run(schema, limits, asked);
    } catch (error) {
      if (error instanceof GraphQLError) return refusal([error], null);
      console.error('simulated Linear: a resolver failed', error);
      return undefined;
    }
  }

  #authenticate(request: IncomingMessage): void {
    const given = request.headers.authorization ?? '';
    if (/^Bearer lin_api_/i.test(given)) throw keyAsBearer();
    if (given !== this.#parts.apiKey) throw notAuthenticated();
  }

  /** Sends the answer or does to it what the fault says; gives the status, or null when none was sent. */
  async #send(
    response: ServerResponse,
    outcome: Outcome | undefined,
    fault: Fault | undefined,
  ): Promise<number | null> {
    switch (fault?.kind) {
      case 'reset':
      case 'outage':
      case 'acceptThenReset':
        return drop(response);
      case 'timeout':
      case 'acceptThenTimeout':
        await Promise.race([
          pause(fault.delayMs ?? 600_000, undefined, { ref: false }),
          new Promise((resolve) => response.once('close', resolve)),
        ]);
        return drop(response);
      case 'http500':
      case 'acceptThen500':
        return failed(response);
    }
    if (!outcome) return failed(response);
    if (response.destroyed) return null;
    sendJson(response, outcome.status, outcome.body, this.#headers(outcome, fault));
    return outcome.status;
  }

  #headers(outcome: Outcome, fault: Fault | undefined): Record<string, string> {
    const { limits, workspace } = this.#parts;
    const headers = {
      ...limits.headers(outcome.complexity ?? undefined),
      'x-request-id': crypto.randomUUID(),
    };
    const limited = outcome.body.errors?.some((error) => error.extensions?.['code'] === 'RATELIMITED');
    if (!limited || workspace.settings.retryAfterHeader === false) return headers;
    return { ...headers, 'retry-after': String(fault?.retryAfter ?? limits.retryAfter) };
  }
}

function asRead(request: IncomingMessage, body: string): Asked | GraphQLError {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
    return invalidInput('Unsupported content type', 'The request must be sent as application/json.');
  try {
    return readAsked(parseJson(body));
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** Breaks the connection without an answer. */
function drop(response: ServerResponse): null {
  response.socket?.resetAndDestroy();
  response.destroy();
  return null;
}

function failed(response: ServerResponse): number {
  response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
  return 500;
}
