import { setTimeout as pause } from 'node:timers/promises';
import { createRequesterFn, type RequestOptions, type ResourceOptions } from '@gitbeaker/requester-utils';
import pRetry from 'p-retry';
import { connectionError } from '../connection-error.ts';
import { endOf } from './job-log.ts';

/** GitLab answered, and it was not a success. */
export class GitLabAnswer extends Error {
  readonly status: number;
  /** What GitLab said, shortened, without headers or tokens. */
  readonly said: string;
  readonly retryAfterMs: number | null;

  constructor(status: number, said: string, retryAfterMs: number | null) {
    super(`GitLab answered ${status}: ${said}`);
    this.status = status;
    this.said = said;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer. `sent` says whether the request may have reached GitLab. */
export class GitLabSilence extends Error {
  readonly sent: boolean;

  constructor(said: string, sent: boolean, cause: unknown) {
    super(said, { cause });
    this.sent = sent;
  }
}

export interface RequestLimits {
  /** How long one answer may take, in ms. */
  timeoutMs: number;
  /** How often a GET is repeated after no answer, 429 or 5xx. Nothing else is ever repeated. */
  getRetries: number;
  /** Ends a request, and its repetitions, before its time. */
  signal?: AbortSignal;
  /** Of an answer that is plain text only the end is kept: so many bytes. All of it when absent. */
  keepEnd?: number;
}

/** A GET waits at most this long for `Retry-After`; a longer wait is the caller's to plan, in ms. */
const longestWaitMs = 10_000;

/**
 * The request function for gitbeaker. Its own repeats a POST up to ten times on 429 and 502, which starts a
 * pipeline more than once; this one makes exactly one attempt for everything that changes something.
 */
export function requesterWith(limits: RequestLimits) {
  return createRequesterFn(
    (_resource: ResourceOptions, request: RequestOptions) => Promise.resolve(request),
    (endpoint: string, options?: Record<string, unknown>) => {
      const request = (options ?? {}) as RequestOptions;
      if ((request.method ?? 'GET') !== 'GET') return attempt(endpoint, request, limits);
      return pRetry(() => attempt(endpoint, request, limits), {
        retries: limits.getRetries,
        minTimeout: 200,
        factor: 2,
        randomize: true,
        ...(limits.signal ? { signal: limits.signal } : {}),
        shouldRetry: ({ error }) => isPassing(error),
        onFailedAttempt: async ({ error, retriesLeft }) => {
          // Asked before `shouldRetry`: what is not repeated must not be waited for.
          if (retriesLeft > 0 && isPassing(error) && error instanceof GitLabAnswer && error.retryAfterMs)
            await pause(error.retryAfterMs, undefined, limits.signal ? { signal: limits.signal } : {});
        },
      });
    },
  );
}

function isPassing(error: Error): boolean {
  if (error instanceof GitLabSilence) return true;
  if (!(error instanceof GitLabAnswer)) return false;
  if (error.retryAfterMs !== null && error.retryAfterMs > longestWaitMs) return false;
  return error.status === 429 || error.status >= 500;
}

async function attempt(endpoint: string, request: RequestOptions, limits: RequestLimits) {
  const { method, headers, body, prefixUrl = '', searchParams } = request;
  const url = new URL(endpoint, prefixUrl.endsWith('/') ? prefixUrl : `${prefixUrl}/`);
  url.search = searchParams ?? '';
  const response = await fetch(url, {
    method: method ?? 'GET',
    headers: headers ?? {},
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.any([
      AbortSignal.timeout(limits.timeoutMs),
      ...(limits.signal ? [limits.signal] : []),
    ]),
  }).catch((cause: unknown) => {
    throw silence(cause, limits);
  });
  const text = await textOf(response, limits.keepEnd).catch((cause: unknown) => {
    throw silence(cause, limits);
  });
  const answerHeaders = Object.fromEntries(response.headers.entries());
  if (!response.ok)
    throw new GitLabAnswer(response.status, saidIn(text), retryAfterMs(answerHeaders['retry-after']));
  return { status: response.status, headers: answerHeaders, body: bodyOf(response, text) };
}

function textOf(response: Response, keepEnd: number | undefined): Promise<string> {
  const isText = response.ok && (response.headers.get('content-type') ?? '').startsWith('text/');
  return keepEnd !== undefined && isText && response.body ? endOf(response.body, keepEnd) : response.text();
}

/** An answer that ends half-way, or is not the JSON it says it is, is no answer. */
function bodyOf(response: Response, text: string): Record<string, unknown> | string | null {
  if (response.status === 204) return null;
  if (!(response.headers.get('content-type') ?? '').includes('application/json')) return text;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new GitLabSilence('GitLab’s answer could not be read', true, cause);
  }
}

/** What a request without an answer is; the caller's own wish to end it is passed on as it is. */
function silence(cause: unknown, { timeoutMs, signal }: RequestLimits): unknown {
  if (signal?.aborted) return signal.reason;
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return new GitLabSilence(`no answer within ${timeoutMs / 1_000} s`, true, cause);
  const { code, sent } = connectionError(cause);
  return new GitLabSilence(`the connection failed${code ? ` (${code})` : ''}`, sent, cause);
}

/** GitLab puts its words under `message` or `error`, as a text, a list or an object. */
function saidIn(text: string): string {
  let said: unknown = text;
  try {
    const body = JSON.parse(text) as { message?: unknown; error?: unknown };
    said = body.message ?? body.error ?? text;
  } catch {
    // Not JSON: a proxy's page, or plain text. Its tags say nothing to a person.
    said = text.replace(/<[^>]*>/g, ' ');
  }
  const plain = typeof said === 'string' ? said : JSON.stringify(said);
  // It is stored and shown: no NUL and no half of a character cut at the end, which PostgreSQL refuses.
  return plain
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}

/** `Retry-After` in seconds or as a date, in ms. */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
