import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { pointTo } from '../stage.ts';

/** What one operation answers; thrown refusals are answered as AWS does. */
export type Answers = Record<string, (input: Record<string, unknown>) => object>;

export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message = code, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** An ECS that answers what a test says, for what the simulated one does not show at will. Notes every call. */
export async function stubEcs(answers: Answers, now: () => Date = () => new Date()) {
  const calls: { operation: string; input: Record<string, unknown>; at: number }[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const input = JSON.parse(await bodyOf(request)) as Record<string, unknown>;
    headers.push(request.headers);
    calls.push({ operation, input, at: now().getTime() });
    const { status, body } = answerOf(answers, operation, input);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  pointTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  return {
    calls,
    /** Of each call. */
    headers,
    answers,
    /** Inputs of the calls of one operation so far. */
    of: (operation: string) => calls.filter((call) => call.operation === operation).map(({ input }) => input),
    /** Forgets the calls so far. */
    forget: () => calls.splice(0),
  };
}

function answerOf(answers: Answers, operation: string, input: Record<string, unknown>) {
  try {
    const answer = answers[operation];
    if (!answer) throw new Refusal('UnknownOperationException', operation);
    return { status: 200, body: answer(input) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: { __type: error.code, message: error.message } };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
