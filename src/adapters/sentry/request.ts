import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';
import { connectionError } from '../connection-error.ts';

export interface SentryOptions {
  /** Address of the instance: https://sentry.io, or one's own. */
  url: string;
  /** With the scopes org:read and event:read. */
  token: string;
  /** Slug of the organization. */
  organization: string;
  /** How long one answer may take, in ms. */
  timeoutMs: number;
}

/** Sentry answered, and it was not a success. */
export class SentryAnswer extends Error {
  readonly status: number;
  /** What Sentry said, shortened. */
  readonly said: string;
  /** How long Sentry asks to be left alone, in ms; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(status: number, said: string, retryAfterMs: number | null) {
    super(`Sentry answered ${status}: ${said}`);
    this.status = status;
    this.said = said;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer, or none that could be read. */
export class SentrySilence extends Error {}

export interface SentryPage {
  body: unknown;
  /** Cursor of the next page; null on the last one. */
  next: string | null;
}

const retries = 3;
/** A longer wait is the caller's to plan, in ms. */
const longestWaitMs = 10_000;

/**
 * One page of an endpoint of the organization, such as `issues`. Repeated after no answer, 429 and 5xx. Rejects
 * with {@link SentryAnswer}, {@link SentrySilence}, or the reason of `signal`.
 */
export function sentryGet(
  options: SentryOptions,
  endpoint: string,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<SentryPage> {
  // Every address of Sentry's API ends with a slash.
  const path = `api/0/organizations/${encodeURIComponent(options.organization)}/${endpoint}/`;
  const url = new URL(path, `${options.url.replace(/\/+$/, '')}/`);
  url.search = String(new URLSearchParams(query));
  return pRetry(() => attempt(url, options, signal), {
    retries,
    minTimeout: 200,
    factor: 2,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isPassing(error),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      // Asked before `shouldRetry`: what is not repeated must not be waited for.
      if (retriesLeft > 0 && isPassing(error) && error instanceof SentryAnswer && error.retryAfterMs)
        await pause(error.retryAfterMs, undefined, { signal });
    },
  });
}

function isPassing(error: Error): boolean {
  if (error instanceof SentrySilence) return true;
  if (!(error instanceof SentryAnswer)) return false;
  if (error.retryAfterMs !== null && error.retryAfterMs > longestWaitMs) return false;
  return error.status === 429 || error.status >= 500;
}

async function attempt(url: URL, options: SentryOptions, signal: AbortSignal): Promise<SentryPage> {
  const { token, timeoutMs } = options;
  const silence = (cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    throw new SentrySilence(saidOf(cause, timeoutMs), { cause });
  };
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch(silence);
  const text = await response.text().catch(silence);
  if (!response.ok) throw new SentryAnswer(response.status, detailIn(text), retryAfterMs(response.headers));
  return { body: jsonOf(text), next: nextIn(response.headers.get('link') ?? '') };
}

function saidOf(cause: unknown, timeoutMs: number): string {
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return `no answer within ${timeoutMs / 1_000} s`;
  const { code } = connectionError(cause);
  return `the connection failed${code ? ` (${code})` : ''}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SentrySilence('Sentry’s answer could not be read', { cause });
  }
}

/** Sentry puts its words under `detail` (a text or an object with `message`) or `info`; a proxy sends a page. */
function detailIn(text: string): string {
  let said: unknown = text.replace(/<[^>]*>/g, ' ');
  try {
    const body = JSON.parse(text) as { detail?: unknown; info?: unknown };
    said = body.detail ?? body.info ?? text;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const plain = typeof said === 'string' ? said : JSON.stringify(said);
  return plain
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}

/** Sentry sends no Retry-After but the second at which its window ends; a proxy before it may send the former. */
function retryAfterMs(headers: Headers): number | null {
  const seconds = headers.get('retry-after');
  if (seconds !== null && Number.isFinite(Number(seconds))) return Math.max(0, Number(seconds) * 1_000);
  const reset = headers.get('x-sentry-rate-limit-reset');
  if (reset === null || !Number.isFinite(Number(reset))) return null;
  return Math.max(0, Number(reset) * 1_000 - Date.now());
}

/** Both directions are always there; `results` says whether anything is behind it. */
function nextIn(link: string): string | null {
  const next = link.split(',').find((part) => part.includes('rel="next"') && part.includes('results="true"'));
  return /cursor="([^"]+)"/.exec(next ?? '')?.[1] ?? null;
}
