import { OutsideError } from '../../core/ports.ts';
import { problem } from '../../core/problem.ts';
import { connectionError } from '../connection-error.ts';

export interface AwsOptions {
  /** How long one answer may take, in ms. */
  timeoutMs: number;
}

/** What a client of AWS is made with; credentials and endpoints it finds by itself, as every tool of AWS does. */
export function configOf(region: string, { timeoutMs }: AwsOptions) {
  return {
    region,
    // Adaptive: after the first refusal it sends no faster than AWS lets it (facts: aws.md, cost and speed).
    retryMode: 'adaptive',
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  };
}

/** The part of a client of the SDK that is needed here. */
export interface WithMiddleware {
  middlewareStack: { removeByTag(tag: string): boolean };
}

/**
 * A client without the SDK's log of its calls. Nobody hears that log, but for each answer the SDK writes it out, a
 * copy of all that was read: of a page of log lines that takes as long as the reading itself.
 */
export function quiet<C extends WithMiddleware>(client: C): C {
  const { middlewareStack } = client;
  middlewareStack.removeByTag('LOGGER');
  return client;
}

/** One client a region, made when it is first asked for: its connections and its pace are shared. */
export function clientOfRegion<C extends WithMiddleware>(make: (region: string) => C): (region: string) => C {
  const made = new Map<string, C>();
  return (region) => {
    const client = made.get(region) ?? quiet(make(region));
    made.set(region, client);
    return client;
  };
}

/** Passes on what was read; what failed becomes an {@link OutsideError}, or the reason of `signal`. */
export async function reading<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await read();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw outsideError(error);
  }
}

const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown/;
const unwell =
  /ServiceUnavailable|InternalFailure|InternalServer|ServerException|TimeoutError|RequestTimeout/;

/** AWS says what is wrong in the name of an error; its `$metadata` has the status of an answer, if there was one. */
function outsideError(error: unknown): unknown {
  if (error instanceof OutsideError || !(error instanceof Error)) return error;
  const said = saidBy(error);
  if (throttled.test(error.name))
    return new OutsideError('busy', problem('aws-unread', { said }), { cause: error });
  const status = statusOf(error);
  if (unwell.test(error.name) || (status !== undefined && status >= 500))
    return new OutsideError('unreachable', problem('aws-unread', { said }), { cause: error });
  if (status !== undefined || /Credentials|Token/.test(error.name))
    return new OutsideError('refused', problem('aws-refused', { said }), { cause: error });
  if (connectionError(error).code !== '')
    return new OutsideError('unreachable', problem('aws-unread', { said }), { cause: error });
  // A fault of ours.
  return error;
}

function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function saidBy(error: Error): string {
  return `${error.name}: ${error.message}`
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}
